"""Messages that share schemas are told about as if each had been compared alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.compat.asyncapi import compare
from registry.compat.json_schema.index import Index
from registry.compat.model import Change, DocumentError
from tests.registry.compat.asyncapi.documents import OPTIONS, changes
from tests.registry.compat.json_schema.generators import pairs


def document(schemas: dict[str, Any], payloads: list[str]) -> dict[str, Any]:
    """Messages sent and received in turn, with the payloads named."""
    channels = {
        f"c{n}": {"address": f"a{n}", "messages": {"m": {"payload": {"$ref": f"#/components/schemas/{name}"}}}}
        for n, name in enumerate(payloads)
    }
    operations = {
        name: {"action": ("send", "receive")[int(name[1:]) % 2], "channel": {"$ref": f"#/channels/{name}"}}
        for name in channels
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "T", "version": "1"},
        "channels": channels,
        "operations": operations,
        "components": {"schemas": schemas},
    }


def moved(schema: Any) -> tuple[Any, dict[str, Any]]:
    """A schema with its definitions, both as components of the document."""
    text = json.dumps({key: value for key, value in schema.items() if key != "$defs"})
    definitions = json.dumps(schema["$defs"])
    return tuple(json.loads(one.replace("#/$defs/", "#/components/schemas/")) for one in (text, definitions))


def said(old: Any, new: Any) -> list[Change] | str:
    try:
        return compare(json.dumps(old, indent=1), json.dumps(new, indent=1), OPTIONS)
    except DocumentError as error:
        return str(error)


@settings(max_examples=80, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(pairs(), min_size=1, max_size=3), st.lists(st.integers(0, 4), min_size=1, max_size=6))
def test_the_report_is_that_of_each_message_alone(made: list[Any], order: list[int]) -> None:
    olds: dict[str, Any] = {}
    news: dict[str, Any] = {}
    for number, (old, new) in enumerate(made):
        for schemas, schema in ((olds, old), (news, new)):
            root, definitions = moved(schema)
            schemas.update(definitions)
            schemas[f"s{number}"] = {
                "type": "object",
                "properties": {"a": root, "b": {"$ref": "#/components/schemas/s0"}},
            }
    names = [*(f"s{number}" for number in range(len(made))), "p", "q"]
    payloads = [names[position % len(names)] for position in order]
    old, new = document(olds, payloads), document(news, payloads)
    together = said(old, new)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Index, "mixed", True)
        patch.setattr(Index, "afresh", _alone)
        alone = said(old, new)
    assert _without_data(together) == _without_data(alone)


def _alone(index: Index) -> Index:
    """An index that says that nothing in it is mixed, so that the comparison goes on."""
    return _Single(index.document, index.which)


class _Single(Index):
    @property
    def mixed(self) -> bool:
        return False


def _without_data(said: list[Change] | str) -> Any:
    if isinstance(said, str):
        return said
    return [(change.fingerprint, change.level, change.message, change.old_line, change.new_line) for change in said]


def test_names_mean_what_they_mean_in_their_own_message() -> None:
    def schemas(kind: str) -> dict[str, Any]:
        def one(leaf: str) -> dict[str, Any]:
            return {
                "type": "object",
                "properties": {"x": {"$ref": "#leaf"}},
                "$defs": {"leaf": {"$anchor": "leaf", "type": leaf}},
            }

        return {"first": one("string"), "second": one(kind), "third": {"properties": {"y": {"type": kind}}}}

    old, new = (document(schemas(kind), ["first", "second", "third"]) for kind in ("string", "boolean"))
    assert {(change.path, change.rule) for change in changes(old, new)} == {
        ("/components/schemas/second/$defs/leaf/type", "type-changed"),
        ("/components/schemas/third/properties/y/type", "type-changed"),
    }


def test_each_message_is_compared_within_the_bound_on_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.compat.json_schema.context.MAX_STEPS", 30)
    old, new = (
        {f"s{n}": {"properties": {f"p{k}": {"type": kind} for k in range(20)}} for n in range(10)}
        for kind in ("string", "boolean")
    )
    names = [*old]
    assert len(changes(document(old, names), document(new, names))) == 200
    wide = [{"properties": {f"p{k}": {"type": kind} for k in range(40)}} for kind in ("string", "boolean")]
    with pytest.raises(DocumentError, match="gave up after comparing 30 pairs"):
        changes(document({"s": wide[0]}, ["s"]), document({"s": wide[1]}, ["s"]))
