"""Which ids are known to be of one object: what was seen of it in the workflows that follow its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from collectors.timelines.model import Key
from collectors.timelines.reading import Timelines
from collectors.workflows.definition import Definition


@dataclass(frozen=True, slots=True)
class KnownId:
    """An id of the same object, and the instance of a workflow that has it; ``related``: of another object beside it."""

    key: Key
    workflow: str
    instance: str
    related: bool


def known(timelines: Timelines, key: Key, chosen: Callable[[Definition], bool] = lambda _: True) -> list[KnownId]:
    """Every id that was seen with this one, by the workflows that know its type as the object's own; by type and value."""
    found: dict[tuple[Key, str], KnownId] = {}
    for definition in timelines.active().values():
        if not chosen(definition) or not _owns(definition, key.type):
            continue
        instance = timelines.find(definition.workflow, key)
        for one in instance.keys if instance else ():
            entry = KnownId(one, definition.workflow, instance.id if instance else "", not _owns(definition, one.type))
            found[one, definition.workflow] = entry
    return sorted(found.values(), key=lambda one: (one.related, one.key.type, one.key.value, one.workflow))


def resolver(timelines: Timelines) -> Callable[[str, str, str], list[str]]:
    """(type, value, wanted type) -> the values of the wanted type that are the same object's, each once."""

    def resolve(kind: str, value: str, wanted: str) -> list[str]:
        return _values(known(timelines, Key(kind, value)), wanted)

    return resolve


def _values(ids: Iterable[KnownId], wanted: str) -> list[str]:
    return list(dict.fromkeys(one.key.value for one in ids if one.key.type == wanted))


def _owns(definition: Definition, kind: str) -> bool:
    """Whether ids of a type are the workflow's own object's."""
    return any(name == kind for name, _ in definition.keys)
