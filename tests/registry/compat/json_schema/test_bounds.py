from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

import pytest

from registry.compat.json_schema import context
from registry.compat.model import DocumentError
from tests.registry.compat.json_schema.helpers import breaking, changes


def recursive(branches: int, leaf: str = "string") -> dict[str, Any]:
    """A choice among objects, each of which leads back to the choice twice."""
    defs: dict[str, Any] = {
        f"n{number}": {
            "type": "object",
            "properties": {"left": {"$ref": "#/$defs/any"}, "right": {"$ref": "#/$defs/any"}, f"p{number}": {}},
            "required": [f"p{number}"],
        }
        for number in range(branches)
    }
    defs["n3"]["properties"]["leaf"] = {"type": leaf}
    defs["any"] = {"oneOf": [{"$ref": f"#/$defs/n{number}"} for number in range(branches)]}
    return {"$ref": "#/$defs/any", "$defs": defs}


def shuffled(schema: dict[str, Any]) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(schema))
    copy["$defs"]["any"]["oneOf"].sort(key=lambda branch: branch["$ref"][::-1])
    return copy


def test_twelve_recursive_branches_do_not_blow_up() -> None:
    started = time.perf_counter()
    assert changes(recursive(12), shuffled(recursive(12))) == []
    assert time.perf_counter() - started < 5


def test_a_leaf_deep_in_a_recursive_choice_is_named() -> None:
    found = changes(recursive(12), shuffled(recursive(12, "number")))
    assert [(change.rule, change.path) for change in found] == [("type-changed", "/$defs/n3/properties/leaf/type")]


def test_too_many_pairs_are_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "MAX_STEPS", 100)
    with pytest.raises(DocumentError, match="gave up after comparing 100 pairs of schemas: anyOf, oneOf and allOf"):
        changes(recursive(12), shuffled(recursive(12)))


def nested(depth: int, leaf: str, *, choice: bool) -> Any:
    schema: Any = {"type": leaf}
    for _ in range(depth):
        schema = {"type": "object", "properties": {"a": schema}}
        if choice:
            schema = {"oneOf": [schema, {"type": "null"}]}
    return schema


@pytest.mark.parametrize(("depth", "choice"), [(60, False), (60, True), (190, False), (95, True)])
def test_deep_nesting_costs_no_stack(depth: int, choice: bool) -> None:
    assert breaking(nested(depth, "string", choice=choice), nested(depth, "number", choice=choice)) == {"type-changed"}


def chain(length: int, leaf: str) -> dict[str, Any]:
    """Definitions that each lead to the next through a choice."""
    defs: dict[str, Any] = {
        f"c{number}": {
            "oneOf": [
                {"type": "object", "properties": {"next": {"$ref": f"#/$defs/c{number + 1}"}}},
                {"type": "null"},
            ]
        }
        for number in range(length)
    }
    return {"$ref": "#/$defs/c0", "$defs": {**defs, f"c{length}": {"type": leaf}}}


def test_a_long_chain_of_choices_is_followed_and_leaves_the_stacks_bound_alone() -> None:
    usual = sys.getrecursionlimit()
    assert breaking(chain(150, "string"), chain(150, "number")) == {"type-changed"}
    assert sys.getrecursionlimit() == usual


def test_a_longer_one_is_refused_in_words_even_on_a_threads_small_stack() -> None:
    errors: list[DocumentError] = []

    def run() -> None:
        try:
            changes(chain(3000, "string"), chain(3000, "number"))
        except DocumentError as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert "too deeply" in str(errors[0])


def test_nested_choices_of_the_same_are_quick() -> None:
    def nest(depth: int) -> Any:
        if not depth:
            return {"type": "string"}
        return {"anyOf": [{"title": str(number), **nest(depth - 1)} for number in range(4)]}

    started = time.perf_counter()
    assert changes(nest(5), nest(5)) == []
    assert time.perf_counter() - started < 5


def all_of(depth: int, leaf: str) -> Any:
    """Every level holds the one below it twice, so that there are ways through without number."""
    defs: dict[str, Any] = {
        f"a{number}": {"allOf": [{"$ref": f"#/$defs/a{number + 1}"}, {"title": "x", "$ref": f"#/$defs/a{number + 1}"}]}
        for number in range(depth)
    }
    return {"$ref": "#/$defs/a0", "$defs": {**defs, f"a{depth}": {"properties": {"p": {"type": leaf}}}}}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (recursive(12), shuffled(recursive(12))),
        (recursive(12), shuffled(recursive(12, "number"))),
        (all_of(30, "string"), all_of(30, "number")),
        (nested(90, "string", choice=True), nested(90, "number", choice=True)),
        (chain(100, "string"), chain(100, "number")),
    ],
    ids=["choice", "choice that differs", "all of", "nested", "chain"],
)
def test_steps_do_not_multiply(monkeypatch: pytest.MonkeyPatch, old: Any, new: Any) -> None:
    """Counted, not timed: a tenth of the pairs that are compared at most."""
    monkeypatch.setattr(context, "MAX_STEPS", 6_000)
    assert "gave up" not in str(changes(old, new))
