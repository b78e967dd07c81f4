"""Other objects that an instance relates to: by ids that it names and that join nothing, and by ids of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from collectors.correlation import labels
from collectors.timelines.model import Instance, Key
from collectors.timelines.reading import Timelines
from collectors.workflows.definition import Definition

#: belongs to: the other has an id of its own that this one names. has: the other way round. shares: both name the same.
How = Literal["belongs to", "has", "shares"]
#: So many milestones that name one id are looked through.
LOOKED_AT = 2_000
#: Ids of one instance that are followed.
FOLLOWED = 200

_LINKED = (
    "SELECT DISTINCT toString(definition) AS reading, toString(type) AS kind, value, anchor FROM link_values "
    "WHERE definition IN {definitions:Array(String)} AND value IN {values:Array(String)} "
    "AND (value, toString(type)) IN (SELECT arrayJoin(arrayZip({values:Array(String)}, {types:Array(String)}))) "
    "ORDER BY reading, kind, value, anchor LIMIT {limit:UInt32} BY reading, kind, value"
)


@dataclass(frozen=True, slots=True)
class Relation:
    """Instances of one workflow that an instance relates to in one way by one id.

    ``instances`` are those that started last, without their milestones; ``total`` counts all of them, as far as
    :data:`LOOKED_AT` goes.
    """

    how: How
    key: Key
    workflow: str
    total: int
    instances: tuple[Instance, ...]


def related(timelines: Timelines, instance: Instance, limit: int = 20) -> list[Relation]:
    """What an instance belongs to, what it has and what shares something with it, each with at most ``limit``."""
    definitions = sorted(timelines.active().values(), key=lambda one: one.workflow)
    own, named = instance.keys[:FOLLOWED], instance.links[:FOLLOWED]
    naming = _naming(timelines, definitions, {*own, *named})
    return [
        *_owners(timelines, definitions, instance, named),
        *_groups("has", own, naming, instance, limit),
        *_groups("shares", named, naming, instance, limit),
    ]


def _owners(
    timelines: Timelines, definitions: Iterable[Definition], instance: Instance, named: Iterable[Key]
) -> Iterator[Relation]:
    wanted = [
        (definition.id, link)
        for link in named
        for definition in definitions
        if link.type in {kind for kind, _ in definition.keys}
    ]
    for hit in timelines.of_keys(wanted):
        if not _same(hit.instance, instance):
            yield Relation("belongs to", hit.key, hit.instance.workflow, 1, (hit.instance,))


def _groups(
    how: How,
    keys: Iterable[Key],
    naming: Mapping[tuple[str, Key], Collection[Instance]],
    instance: Instance,
    limit: int,
) -> Iterator[Relation]:
    wanted = set(keys)
    for (workflow, key), found in naming.items():
        others = [one for one in found if key in wanted and not _same(one, instance)]
        if others:
            newest = sorted(others, key=lambda one: (-one.started_at, one.id))
            yield Relation(how, key, workflow, len(others), tuple(newest[:limit]))


def _same(one: Instance, other: Instance) -> bool:
    return (one.workflow, one.id) == (other.workflow, other.id)


def _naming(
    timelines: Timelines, definitions: Iterable[Definition], keys: Collection[Key]
) -> dict[tuple[str, Key], list[Instance]]:
    """(workflow, id) -> the instances that name this id without being it."""
    readings = {definition.id: definition for definition in definitions}
    rows = timelines.store.query(
        _LINKED,
        {
            "definitions": list(readings),
            "values": [key.value for key in keys],
            "types": [key.type for key in keys],
            "limit": LOOKED_AT,
        },
    )
    anchors: defaultdict[str, defaultdict[Key, set[bytes]]] = defaultdict(lambda: defaultdict(set))
    for reading, kind, value, anchor in rows:
        anchors[reading][Key(kind, value)].add(bytes(anchor))
    found: dict[tuple[str, Key], list[Instance]] = {}
    for reading, by_key in anchors.items():
        definition = readings[reading]
        for key, places in sorted(by_key.items()):
            known = _instances(timelines, definition, places)
            found[definition.workflow, key] = [one for one in known if key in one.links]
    return found


def _instances(timelines: Timelines, definition: Definition, anchors: set[bytes]) -> Collection[Instance]:
    """The instances under whose ids milestones lie, and those that have them by what people put right."""
    places = anchors | timelines.corrections(definition.workflow).keepers(anchors)
    known = labels.labels_of(timelines.store, definition.id, places)
    return timelines.of_labels(definition, sorted(set(known.values()))[:LOOKED_AT]).values()
