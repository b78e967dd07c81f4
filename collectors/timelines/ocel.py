"""Instances as an object-centric event log: OCEL 2.0 in its JSON form, written a portion at a time.

An instance is an object of the workflow's own type, each of its keys an object of the key's type, each milestone an
event of its step's type; an id of another object that it relates to is an object too, however many share it. Relations are
qualified: ``of`` leads from an event to its instance, ``names`` to an id that the span or event itself carried,
``known-as`` from an instance to its keys, ``belongs-to`` to the ids of others that it names.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
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
_OBJECT = ("state", "amount", "currency")
#: Values that hold from the start on are dated so, as the standard asks.
_ALWAYS = "1970-01-01T00:00:00Z"
#: Events wait here until all objects are written, on disk once they are many.
_IN_MEMORY = 8_000_000
_CHUNK = 1_000_000


def write(definition: Definition, portions: Iterable[Sequence[Instance]]) -> Iterator[bytes]:
    """The log of instances with their milestones, which are read once; in pieces of JSON."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as events:
        yield b'{"objectTypes":' + orjson.dumps(object_types(definition))
        yield b',"eventTypes":' + orjson.dumps(event_types(definition)) + b',"objects":['
        before = b""
        written: set[bytes] = set()
        for portion in portions:
            for one in portion:
                for event in _events(definition, one):
                    events.write(b"," if events.tell() else b"")
                    events.write(orjson.dumps(event))
            texts = [orjson.dumps(found) for one in portion for found in _objects(definition, one)]
            texts += [orjson.dumps(_id(link)) for link in _fresh(portion, written)]
            if texts:
                yield before + b",".join(texts)
                before = b","
        yield b'],"events":['
        yield from _again(events)
        yield b"]}"


def object_types(definition: Definition) -> list[dict[str, Any]]:
    """The workflow's object, and what its keys name; amounts are texts, since the standard's floats are not exact."""
    names = [*_OBJECT, *(f"dimension.{name}" for name, _ in definition.dimensions)]
    ids = dict.fromkeys(kind for kind, _ in (*definition.keys, *definition.links))
    kinds = [kind for kind in ids if kind != definition.object]
    own = {"name": definition.object, "attributes": [{"name": name, "type": "string"} for name in [*names, "value"]]}
    return [own, *({"name": kind, "attributes": [{"name": "value", "type": "string"}]} for kind in kinds)]


def event_types(definition: Definition) -> list[dict[str, Any]]:
    """A type for each step."""
    attributes = [{"name": name, "type": "string"} for name in _EVENT]
    attributes.append({"name": "duration_ms", "type": "float"})
    return [{"name": step.name, "attributes": attributes} for step in definition.steps]


def _objects(definition: Definition, one: Instance) -> Iterator[dict[str, Any]]:
    values = {f"dimension.{name}": value for name, value in one.dimensions.items()}
    if one.amount is not None:
        values |= {"amount": money.text(one.amount), "currency": one.amount.currency}
    attributes = [{"name": name, "time": _ALWAYS, "value": value} for name, value in sorted(values.items())]
    attributes.append({"name": "state", "time": rfc3339(one.ended_at or one.last_at), "value": one.state})
    relations = [{"objectId": _key_id(key), "qualifier": KNOWN_AS} for key in one.keys]
    relations += [{"objectId": _key_id(link), "qualifier": BELONGS_TO} for link in one.links]
    yield {
        "id": _instance_id(definition, one),
        "type": definition.object,
        "attributes": attributes,
        "relationships": relations,
    }
    yield from map(_id, one.keys)


def _id(key: Key) -> dict[str, Any]:
    value = {"name": "value", "time": _ALWAYS, "value": key.value}
    return {"id": _key_id(key), "type": key.type, "attributes": [value], "relationships": []}


def _fresh(portion: Sequence[Instance], written: set[bytes]) -> Iterator[Key]:
    """The related ids that were not written yet; a key is one instance's alone, but many may relate to one id."""
    for link in dict.fromkeys(link for one in portion for link in one.links):
        known = key_hash(link)
        if known not in written:
            written.add(known)
            yield link


def _events(definition: Definition, one: Instance) -> Iterator[dict[str, Any]]:
    for fact in one.milestones:
        related = [{"objectId": _instance_id(definition, one), "qualifier": OF}]
        related += [{"objectId": _key_id(key), "qualifier": NAMES} for key in (*fact.keys, *fact.links)]
        yield {
            "id": f"{fact.step}/{fact.trace_id}/{fact.span_id}",
            "type": fact.step,
            "time": rfc3339(fact.occurred_at),
            "attributes": _attributes(fact),
            "relationships": related,
        }


def _attributes(fact: Milestone) -> list[dict[str, Any]]:
    texts = [{"name": name, "value": value} for name in _EVENT if (value := getattr(fact, name))]
    return [*texts, {"name": "duration_ms", "value": fact.duration / 1_000_000}]


def _instance_id(definition: Definition, one: Instance) -> str:
    return f"{definition.workflow}/{one.id}"


def _key_id(key: Key) -> str:
    return f"{key.type}:{key.value}"


def _again(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_CHUNK):
        yield piece
