"""What is spared when a document changes a little is spared only where nothing that it rests on changed."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

from registry.canon.reading import Model
from registry.kinds.mapping import MappingManifest
from registry.mappings.schema import view as module
from registry.mappings.schema.adopting import adopt
from registry.mappings.schema.view import SchemaView, view
from registry.mappings.ways import Ways, examined
from tests.policies.gate.test_mapped import MODEL

_PER_SUBJECT = 6


def test_remarks_are_the_same_as_those_of_somebody_who_knows_nothing_of_the_old_document() -> None:
    differing = compared = 0
    for mapping, subject, text in _changes():
        before, after = MODEL.opened(mapping), MODEL.with_text(subject, text).opened(mapping)
        if not isinstance(before, Ways) or not isinstance(after, Ways):
            continue
        known = examined(before)
        adopt(after.forward.source, before.forward.source)
        adopt(after.forward.target, before.forward.target)
        spared = examined(after.after(before))
        module._view.cache_clear()  # so that nothing is known of the new document either
        afresh = Model(MODEL.schemas, MODEL.systems, MODEL.mappings, MODEL.workflows).with_text(subject, text)
        full = afresh.opened(mapping)
        assert isinstance(full, Ways)
        assert spared == examined(full), (mapping.name, subject, text)
        compared, differing = compared + 1, differing + (spared != known)
    assert compared > 200
    assert differing > 50


def test_nothing_is_taken_over_where_a_reference_leads_into_what_changed() -> None:
    def schema(kind: str, reference: str) -> SchemaView:
        members = {"a": {"type": kind}, "b": {"$ref": reference}}
        return view(json.dumps({"properties": members, "$defs": {"c": {"type": "integer"}}}))

    for reference, kept in (("#/properties/a", False), ("#", False), ("#/$defs/c", True)):
        old, new = schema("string", reference), schema("integer", reference)
        path = module.Path((module.Key("b"),))
        held = old.nodes(path)
        adopt(new, old)
        assert (new.nodes(path) is held) is kept, reference


def test_definitions_that_change_govern_every_member() -> None:
    def schema(kind: str) -> SchemaView:
        return view(json.dumps({"properties": {"b": {"$ref": "#/$defs/c"}}, "$defs": {"c": {"type": kind}}}))

    old, new = schema("string"), schema("integer")
    path = module.Path((module.Key("b"),))
    old.shape(path)
    adopt(new, old)
    shape = new.shape(path)
    assert shape is not None
    assert shape.types == {"integer"}


def test_one_and_true_are_not_the_same() -> None:
    old, new = (view(json.dumps({"properties": {"b": {"const": value}}})) for value in (1, True))
    path = module.Path((module.Key("b"),))
    old.shape(path)
    adopt(new, old)
    shape = new.shape(path)
    assert shape is not None
    assert shape.types == {"boolean"}


def _changes() -> Iterator[tuple[MappingManifest, str, str]]:
    chance = random.Random(11)
    for mapping in MODEL.mappings.values():
        for subject in (mapping.spec.source.schema_, mapping.spec.target.schema_):
            document = json.loads(MODEL.schemas[subject].spec.text)
            for _ in range(_PER_SUBJECT):
                yield mapping, subject, json.dumps(_changed(document, chance))


def _changed(document: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    found = copy.deepcopy(document)
    for _ in range(chance.choice((1, 1, 2, 4))):
        part = chance.choice(list(_parts(found)))
        kind = chance.choice(("type", "gone", "needed", "values", "length", "unit", "example"))
        if kind == "type" and "type" in part:
            part["type"] = chance.choice(("string", "integer", "boolean", ["string", "null"], "array"))
        elif kind == "gone" and part.get("properties"):
            part["properties"].pop(chance.choice(list(part["properties"])))
        elif kind == "needed" and part.get("properties"):
            part["required"] = [chance.choice(list(part["properties"])), *part.get("required", [])[:2]]
        elif kind == "values" and "type" in part:
            part["enum"] = [*part.get("enum", ["one"]), chance.choice(("two", 3, None))]
        elif kind == "length":
            part["maxLength"] = chance.randrange(1, 60)
        elif kind == "unit":
            part["x-unit"] = "minor"
        elif kind == "example":
            found["examples"] = [{**example, "more": 1} for example in found.get("examples", [])]
    return found


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    """The schemas of a document, examples left out."""
    if isinstance(value, dict):
        if value.keys() & {"type", "properties"} and not isinstance(value.get("type"), dict):
            yield value
        for key, below in value.items():
            if key != "examples":
                yield from _parts(below)
    elif isinstance(value, list):
        for below in value:
            yield from _parts(below)
