from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings

from registry.compat.json_schema.index import Index
from registry.compat.json_schema.node import Place
from registry.compat.json_schema.validation import Checker, TooMuchError
from registry.compat.json_schema.witness import with_defaults
from registry.compat.model import Change, DocumentError, Level
from registry.compat.source_map import read_document
from tests.registry.compat.json_schema.generators import pairs
from tests.registry.compat.json_schema.helpers import changes

CASES = [
    case
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    if not case["ok"]
]
# What no single value can show: names that are set aside, references out of the document, a description of nothing.
_WITHOUT = {
    "empty-schema-described",
    "reference-changed",
    "reserved-property-conflicts-with-property",
    "reserved-property-removed",
}


def index(schema: Any, which: str) -> Index:
    found = Index(read_document(json.dumps(schema), which), which)
    found.add()
    return found


def shows(change: Change, old: Any, new: Any) -> bool:
    """Whether the witness is valid by an old schema at or above the change and invalid by a new one."""
    before, after = index(old, "old"), index(new, "new")
    value = json.loads(change.witness or "null")

    def ancestors(index: Index, pointer: str | None) -> list[str]:
        steps = (pointer or "").split("/")
        found = ["/".join(steps[:count]) for count in range(1, len(steps) + 1)]
        return [one for one in found if one in index.pointers]

    def refused(pointer: str) -> bool:
        place = Place(after, pointer, after.at(pointer))
        return bool(Checker(after).errors(pointer, with_defaults(json.loads(json.dumps(value)), place)))

    valid = any(not Checker(before).errors(pointer, value) for pointer in ancestors(before, change.old_path))
    return valid and any(refused(pointer) for pointer in ancestors(after, change.new_path))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_witness_is_what_it_says(case: dict[str, Any]) -> None:
    for change in changes(case["old"], case["new"]):
        if change.witness is not None:
            assert change.level is Level.BREAKING
            assert shows(change, case["old"], case["new"])


def test_nearly_every_breaking_change_has_a_witness() -> None:
    found = [
        change
        for case in CASES
        for change in changes(case["old"], case["new"])
        if change.level is Level.BREAKING and change.rule not in _WITHOUT
    ]
    shown = [change for change in found if change.witness is not None]
    assert len(shown) / len(found) > 0.95


def test_a_witness_is_small_and_to_the_point() -> None:
    old = {"type": "object", "properties": {"name": {"type": "string", "maxLength": 5}, "n": {"type": "number"}}}
    new = {"type": "object", "properties": {"name": {"type": "string", "maxLength": 3}, "n": {"type": "integer"}}}
    assert {change.rule: change.witness for change in changes(old, new)} == {
        "max-length-decreased": '"aaaa"',
        "type-narrowed": "1.5",
    }


def test_one_of_many_members_is_found() -> None:
    members = {f"p{position}": {"type": "object", "properties": {"a": {"type": "string"}}} for position in range(60)}
    old = {"type": "object", "properties": members, "required": ["p0"]}
    new = {**old, "properties": {**members, "p60": {"type": "string"}}}
    (change,) = changes(old, new)
    assert change.witness is not None
    assert set(json.loads(change.witness)) == {"p0", "p60"}


def test_recursive_schemas_are_sampled_in_bounded_time() -> None:
    def tree(kind: str) -> dict[str, Any]:
        branches = [
            {"type": "array", "items": {"$ref": "#"}},
            {"type": "object", "additionalProperties": {"$ref": "#"}},
        ]
        members = {f"m{position}": {"anyOf": [{"$ref": "#"}, *branches]} for position in range(12)}
        return {"properties": {**members, "leaf": {"type": kind}}}

    started = time.perf_counter()
    assert [change.witness for change in changes(tree("string"), tree("boolean"))] == ['""']
    assert time.perf_counter() - started < 5


def test_a_default_that_a_reader_fills_in_is_no_witness() -> None:
    old = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}
    new = {**old, "properties": {"a": {"type": "string", "default": "x"}, "b": {}}, "required": ["a", "b"]}
    (change,) = [change for change in changes(old, new) if change.level is Level.BREAKING]
    assert (change.rule, change.witness) == ("required-attribute-added", "{}")


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(pairs())
def test_witnesses_of_any_change_are_what_they_say(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    old, new = pair
    try:
        found = changes(old, new)
    except DocumentError as error:
        assume("leads back" not in str(error))
        raise
    for change in found:
        if change.witness is not None:
            assert shows(change, old, new)


def test_validating_ends_where_references_have_ways_through_without_number() -> None:
    defs: dict[str, Any] = {f"a{n}": {"allOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(40)}
    found = index({"$ref": "#/$defs/a0", "$defs": {**defs, "a40": {"type": "string"}}}, "old")
    with pytest.raises(TooMuchError):
        Checker(found).errors("", "x")
    assert Checker(found).errors("/$defs/a35", "x") == []
    assert Checker(found).errors("/$defs/a35", 1)


def test_defaults_are_filled_in_through_all_parts_once() -> None:
    defs: dict[str, Any] = {f"a{n}": {"allOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 12} for n in range(6)}
    schema = {"$ref": "#/$defs/a0", "$defs": {**defs, "a6": {"properties": {"p": {"default": 3}}}}}
    found = index(schema, "new")
    assert with_defaults({}, Place(found, "", found.at(""))) == {"p": 3}
