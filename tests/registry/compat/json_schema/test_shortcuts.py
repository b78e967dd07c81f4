"""What makes a comparison quick changes nothing in what it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.compat.json_schema import judge, reporter, witness
from registry.compat.json_schema.index import Index
from registry.compat.json_schema.node import canonical
from registry.compat.json_schema.validation import Checker
from registry.compat.model import Change, DocumentError
from tests.registry.compat.json_schema.generators import POOL, pairs
from tests.registry.compat.json_schema.helpers import changes


def said(old: Any, new: Any) -> list[Change] | str:
    try:
        return changes(old, new)
    except DocumentError as error:
        return str(error)


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(pairs())
def test_skipping_what_is_the_same_text_leaves_the_report_as_it_is(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    quickly = said(*pair)
    with pytest.MonkeyPatch.context() as patch:
        for module in (reporter, judge):
            patch.setattr(module, "same", lambda *_: False)
        assert said(*pair) == quickly


REFERENCES = st.sampled_from(["#/$defs/a", "#/$defs/b", "#/$defs/c", "#"])
SCHEMAS = st.one_of(
    st.builds(lambda target: {"$ref": target}, REFERENCES),
    st.builds(lambda target: {"allOf": [{"$ref": target}], "type": "object"}, REFERENCES),
    st.builds(lambda target: {"properties": {"x": {"$ref": target}}}, REFERENCES),
    st.builds(lambda target: {"not": {"if": {"$ref": target}}}, REFERENCES),
    st.just({"type": "string"}),
)


@given(st.fixed_dictionaries({"a": SCHEMAS, "b": SCHEMAS, "c": SCHEMAS}), SCHEMAS)
def test_loops_are_refused_as_by_looking_everywhere(defs: dict[str, Any], root: dict[str, Any]) -> None:
    schema = {**root, "$defs": defs}
    quickly = said(schema, schema)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Index, "_goes_round", lambda _: True)
        assert said(schema, schema) == quickly


@given(st.sampled_from(POOL), st.sampled_from(POOL))
def test_values_share_a_text_exactly_if_they_are_equal(one: Any, other: Any) -> None:
    def plain(value: Any) -> str:
        def whole(value: Any) -> Any:
            if isinstance(value, list):
                return [whole(part) for part in value]
            if isinstance(value, dict):
                return {key: whole(part) for key, part in value.items()}
            return int(value) if isinstance(value, float) and value.is_integer() else value

        return json.dumps(whole(value), sort_keys=True)

    assert (canonical(one) == canonical(other)) == (plain(one) == plain(other))


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1.0, True),
        (1, True, False),
        (-0.0, 0, True),
        (1e300, 10**300, False),  # what the nearest float stands for is another number
        (2.0**64, 2**64, True),
        ([2**64, 1.0], [2**64, 1], True),
        ("1.0", 1, False),
        ("\ud800", "\ud800", True),
        ({"b": 1.0, "a": 2}, {"a": 2, "b": 1}, True),
        (1.5, 1.5, True),
    ],
)
def test_numbers_are_equal_by_value(one: Any, other: Any, equal: bool) -> None:
    assert (canonical(one) == canonical(other)) is equal


def test_members_that_must_be_there_are_given_values_that_fit() -> None:
    needed: dict[str, Any] = {"kind": {"enum": ["open", "paid"]}, "code": {"type": "string", "minLength": 3}}
    old: dict[str, Any] = {
        "type": "object",
        "properties": {**needed, "note": {"type": "string"}},
        "required": ["kind", "code"],
    }
    old["additionalProperties"] = False
    new = {**old, "properties": needed}
    (change,) = changes(old, new)
    found = json.loads(change.witness or "{}")
    assert found["kind"] == "open"
    assert len(found["code"]) >= 3
    assert "note" in found


def test_the_search_for_data_ends_after_a_fixed_number_of_values_whatever_is_asked_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checked = 0
    errors = Checker.errors

    def counted(*arguments: Any) -> Any:
        nonlocal checked
        checked += 1
        return errors(*arguments)

    monkeypatch.setattr(Checker, "errors", counted)
    # Names that a pattern forbids in the old schema: what is made up is hardly ever valid.
    wide = {f"p{n}": {"type": "string", "pattern": "^[A-F]{7}[0-9]{9}$"} for n in range(30)}
    parts = {
        f"part{n}": {"type": "object", "required": [*wide], "properties": wide, "additionalProperties": n > 15}
        for n in range(30)
    }
    narrow = {name: {**part, "properties": {**wide, "new": False}, "maxProperties": 3} for name, part in parts.items()}
    old, new = ({"type": "object", "properties": one} for one in (parts, narrow))
    first = [change.witness for change in changes(old, new)]
    assert checked <= 2 * witness._CHECKED
    assert first == [change.witness for change in changes(old, new)]
