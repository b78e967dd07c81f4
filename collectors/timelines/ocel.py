"""Instances as an object-centric event log: OCEL 2.0 in its JSON form, written a portion at a time.

An instance is an object of the workflow's own type, each of its keys an object of the key's type, each milestone an
event of its step's type; an id of another object that it relates to is an object too, however many share it. Relations are
qualified: ``of`` leads from an event to its instance, ``names`` to an id that the span or event itself carried,
``known-as`` from an instance to its keys, ``belongs-to`` to the ids of others that it names. All values are texts, whatever
the type that is declared for them, as in the standard's schema; ``state`` has every turn of it with its time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any

import orjson

from collectors.correlation.keys import key_hash
from collectors.timelines import money
from collectors.timelines.model import Instance, Key, Milestone
from collectors.timelines.times import rfc3339
from collectors.workflows.definition import Definition

OF, NAMES, KNOWN_AS, BELONGS_TO = "of", "names", "known-as", "belongs-to"
_EVENT = (
    "system",
    "status",
    "source",
    "service",
    "name",
    "message",
    "error_type",
    "trace_id",
    "span_id",
    "amount",
    "currency",
)
_OBJECT = ("state", "latest-state", "amount", "currency")
#: What objects have beside it in workflows whose steps settle parts.
_SETTLED = ("settled", "open")
#: Values that hold from the start on are dated so, as the standard asks.
_ALWAYS = "1970-01-01T00:00:00Z"
#: Events wait here until all objects are written, on disk once they are many.
_IN_MEMORY = 8_000_000
_CHUNK = 1_000_000


def write(
    definition: Definition,
    portions: Iterable[Sequence[Instance]],
    milestones: Callable[[Instance], Iterable[Milestone]] = lambda one: one.milestones,
) -> Iterator[bytes]:
    """The log of instances with their milestones, which are read once; in pieces of JSON.

    ``milestones`` gives all of an instance that has only some of them at hand.
    """
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as events:
        yield b'{"objectTypes":' + orjson.dumps(object_types(definition))
        yield b',"eventTypes":' + orjson.dumps(event_types(definition)) + b',"objects":['
        before = b""
        written: set[bytes] = set()
        for portion in portions:
            texts: list[bytes] = []
            for one in portion:
                keys, links = dict.fromkeys(one.keys), dict.fromkeys(one.links)
                for fact in milestones(one) if one.total > len(one.milestones) else one.milestones:
                    events.write(b"," if events.tell() else b"")
                    events.write(orjson.dumps(_event(definition, one, fact)))
                    keys |= dict.fromkeys(fact.keys)
                    links |= dict.fromkeys(fact.links)
                texts.append(orjson.dumps(_object(definition, one, keys, links)))
                texts += [orjson.dumps(_id(definition, key)) for key in keys]
                texts += [orjson.dumps(_id(definition, link)) for link in _fresh(links, written)]
            if texts:
                yield before + b",".join(texts)
                before = b","
        yield b'],"events":['
        yield from _again(events)
        yield b"]}"


def each_once(portions: Iterable[tuple[str, Sequence[Instance]]]) -> Iterator[list[Instance]]:
    """Portions of a walk by id, each with the last id that it was to have, without what was written already.

    An event that comes meanwhile may join an instance to one of an earlier portion, which is not to be written again.
    """
    done = ""
    for last, portion in portions:
        yield [one for one in portion if one.id > done]
        done = last


def object_types(definition: Definition) -> list[dict[str, Any]]:
    """The workflow's object, and what its keys name; amounts are texts, since the standard's floats are not exact."""
    names = [
        *_OBJECT,
        *(_SETTLED if definition.settling else ()),
        *(f"dimension.{name}" for name, _ in definition.dimensions),
    ]
    ids = dict.fromkeys(kind for kind, _ in (*definition.keys, *definition.links))
    own = {"name": definition.object, "attributes": [{"name": name, "type": "string"} for name in names]}
    value = [{"name": "value", "type": "string"}]
    return [own, *({"name": _type_of(definition, kind), "attributes": value} for kind in ids)]


def event_types(definition: Definition) -> list[dict[str, Any]]:
    """A type for each step."""
    attributes = [{"name": name, "type": "string"} for name in _EVENT]
    attributes.append({"name": "duration_ms", "type": "float"})
    return [{"name": step.name, "attributes": attributes} for step in definition.steps]


def _object(definition: Definition, one: Instance, keys: Iterable[Key], links: Iterable[Key]) -> dict[str, Any]:
    values = {f"dimension.{name}": value for name, value in one.dimensions.items()}
    if one.amount is not None:
        values |= {"amount": money.text(one.amount), "currency": one.amount.currency}
    attributes = [{"name": name, "time": _ALWAYS, "value": value} for name, value in sorted(values.items())]
    attributes += [{"name": "state", "time": rfc3339(turn.at), "value": turn.state} for turn in one.history]
    # Tools show the first value of each attribute beside an object; the state that most ask for is the present one.
    attributes.append({"name": "latest-state", "time": rfc3339(one.ended_at or one.last_at), "value": one.state})
    if one.settlement:
        found = zip(_SETTLED, (one.settlement.total, one.settlement.open), strict=True)
        at = rfc3339(one.last_at)
        attributes += [
            {"name": name, "time": at, "value": money.text(sum_)} for name, sum_ in found if sum_ is not None
        ]
    relations = [{"objectId": _key_id(key), "qualifier": KNOWN_AS} for key in keys]
    relations += [{"objectId": _key_id(link), "qualifier": BELONGS_TO} for link in links]
    return {
        "id": _instance_id(definition, one),
        "type": definition.object,
        "attributes": attributes,
        "relationships": relations,
    }


def _id(definition: Definition, key: Key) -> dict[str, Any]:
    value = {"name": "value", "time": _ALWAYS, "value": key.value}
    return {"id": _key_id(key), "type": _type_of(definition, key.type), "attributes": [value], "relationships": []}


def _type_of(definition: Definition, kind: str) -> str:
    """The type of ids of a kind: one called like the workflow's object is not to be counted among these.

    No kind has a blank in its name, so no other is called so.
    """
    return f"{kind} id" if kind == definition.object else kind


def _fresh(links: Iterable[Key], written: set[bytes]) -> Iterator[Key]:
    """The related ids that were not written yet; a key is one instance's alone, but many may relate to one id."""
    for link in links:
        known = key_hash(link)
        if known not in written:
            written.add(known)
            yield link


def _event(definition: Definition, one: Instance, fact: Milestone) -> dict[str, Any]:
    related = [{"objectId": _instance_id(definition, one), "qualifier": OF}]
    related += [{"objectId": _key_id(key), "qualifier": NAMES} for key in (*fact.keys, *fact.links)]
    return {
        "id": f"{fact.step}/{fact.trace_id}/{fact.span_id}",
        "type": fact.step,
        "time": rfc3339(fact.occurred_at),
        "attributes": _attributes(fact),
        "relationships": related,
    }


def _attributes(fact: Milestone) -> list[dict[str, Any]]:
    texts = [{"name": name, "value": value} for name in _EVENT if (value := getattr(fact, name))]
    milliseconds = f"{fact.duration // 1_000_000}.{fact.duration % 1_000_000:06}".rstrip("0").rstrip(".")
    return [*texts, {"name": "duration_ms", "value": milliseconds}]


def _instance_id(definition: Definition, one: Instance) -> str:
    return f"{definition.workflow}/{one.id}"


def _key_id(key: Key) -> str:
    return f"{key.type}:{key.value}"


def _again(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_CHUNK):
        yield piece
