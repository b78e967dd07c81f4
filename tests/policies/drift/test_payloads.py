from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.drift import masking
from policies.drift.payloads import Violation, violations
from policies.drift.schemas import messages

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["number", "amount"],
    "additionalProperties": False,
    "properties": {
        "number": {"type": "string", "pattern": "^INV-"},
        "amount": {"type": "number", "multipleOf": Decimal("0.01")},
        "count": {"type": "integer"},
        "status": {"enum": ["open", "paid"]},
        "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}},
        "who": {"anyOf": [{"type": "null"}, {"type": "object"}]},
    },
    "$defs": {"line": {"type": "object", "required": ["sku"], "properties": {"sku": {"type": "string"}}}},
}
GOOD = {"number": "INV-1", "amount": Decimal("1250.10"), "count": Decimal("5.0"), "lines": [{"sku": "a"}]}


def told(**changed: Any) -> list[tuple[str, str, str]]:
    document = {name: value for name, value in {**GOOD, **changed}.items() if value is not ...}
    found = violations(SCHEMA, "", document)
    assert found is not None
    return [(one.path, one.rule, one.sentence) for one in found]


def test_what_fits_is_no_violation() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("changed", "path", "rule", "sentence"),
    [
        ({"amount": ...}, "/", "required", "lacks amount"),
        ({"amount": "12,50"}, "/amount", "type", "must be number, and is string"),
        ({"amount": Decimal("0.005")}, "/amount", "multipleOf", "does not meet multipleOf 0.01"),
        ({"count": Decimal("5.5")}, "/count", "type", "must be integer, and is number"),
        ({"status": "Ada Lovelace"}, "/status", "enum", 'must be one of "open", "paid"'),
        ({"number": "ada@example.com"}, "/number", "pattern", 'does not meet pattern "^INV-"'),
        ({"lines": [{"sku": 1}, {"sku": 2}]}, "/lines/*/sku", "type", "must be string, and is integer"),
        ({"who": "Ada"}, "/who", "anyOf", "does not fit any of 2 alternatives"),
        ({"extra": 1}, "/", "additionalProperties", "has members that the schema does not have: extra"),
    ],
)
def test_a_violation_is_told_by_the_schemas_words(changed: dict[str, Any], path: str, rule: str, sentence: str) -> None:
    assert told(**changed) == [(path, rule, sentence)]


def test_nothing_of_what_a_payload_says_is_kept() -> None:
    secret = {
        "number": "Ada Lovelace",
        "ada@example.com": {"x": 1},
        "amount": "4111 1111 1111 1111",
        "tel": 4915112345678,
    }
    found = violations(SCHEMA, "", secret)
    assert found is not None
    text = repr(found).lower()
    for part in ("ada", "lovelace", "example.com", "4111", "15112345678"):
        assert part not in text
    assert Violation("/number", "pattern", 'does not meet pattern "^INV-"', '"Aaa Aaaaaaaa"') in found


def test_a_schema_that_can_not_judge_says_nothing() -> None:
    assert violations({"$ref": "https://elsewhere.example/schema"}, "", {}) is None
    assert violations({"$ref": "#/nowhere"}, "", {}) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_any_payload_can_be_masked_and_judged(value: Any) -> None:
    assert len(masking.example(value)) <= 501
    assert violations(SCHEMA, "", value) is not None


@given(st.text(alphabet="abcxyzABCXYZ0123456789", min_size=1))
def test_a_mask_says_only_what_kind_of_character_stood_there(value: str) -> None:
    assert set(json.loads(masking.example(value))) <= set("aA9…")


def test_messages_of_asyncapi_by_name() -> None:
    payload = {"type": "object"}
    three = {
        "asyncapi": "3.0.0",
        "channels": {
            "a/b": {"messages": {"paid": {"$ref": "#/components/messages/Paid"}, "own": {"payload": payload}}}
        },
        "components": {
            "messages": {
                "Paid": {"name": "com.example.paid", "payload": payload},
                "Avro": {"schemaFormat": "application/vnd.apache.avro", "payload": payload},
                "Multi": {"payload": {"schemaFormat": "application/schema+json;version=draft-07", "schema": payload}},
            }
        },
    }
    assert dict(messages(three)) == {
        "com.example.paid": "/components/messages/Paid/payload",
        "Multi": "/components/messages/Multi/payload/schema",
        "own": "/channels/a~1b/messages/own/payload",
    }
    two = {"asyncapi": "2.6.0", "channels": {"x": {"publish": {"message": {"name": "sent", "payload": payload}}}}}
    assert dict(messages(two)) == {"sent": "/channels/x/publish/message/payload"}
    assert dict(messages({"channels": 5})) == {}
