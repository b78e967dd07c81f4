"""Small schemas over few names and values, so that the data that tells two of them apart can be searched in full."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from registry.compat.json_schema.vocabulary import TYPES

SCALARS: list[Any] = [None, True, False, 0, 1, 2, 3, 1.5, -1, "", "a", "b", "aa", "aaa"]
NAMES = ["a", "b", "x"]
_NUMBERS = st.sampled_from([-1, 0, 1, 1.5, 2, 3])
_COUNTS = st.integers(0, 3)


def _optional(**keywords: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keywords)


def _typed(name: str, keywords: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda typed, rest: {**({"type": name} if typed else {}), **rest}, st.integers(0, 4), keywords)


_LEAVES = st.one_of(
    st.sampled_from([True, False, {}]),
    st.builds(lambda names: {"type": names}, st.lists(st.sampled_from(TYPES), min_size=1, max_size=2, unique=True)),
    st.builds(lambda values: {"enum": values}, st.lists(st.sampled_from(SCALARS), min_size=1, max_size=3)),
    st.builds(lambda value: {"const": value}, st.sampled_from(SCALARS)),
    _typed("string", _optional(minLength=_COUNTS, maxLength=_COUNTS, pattern=st.sampled_from(["^a", "b"]))),
    _typed(
        "number",
        _optional(
            minimum=_NUMBERS,
            maximum=_NUMBERS,
            exclusiveMinimum=_NUMBERS,
            exclusiveMaximum=_NUMBERS,
            multipleOf=st.sampled_from([0.5, 1, 2, 3]),
        ),
    ),
    _typed("integer", _optional(minimum=_NUMBERS, maximum=_NUMBERS)),
    st.builds(lambda name: {"$ref": f"#/$defs/{name}"}, st.sampled_from(["p", "q"])),
)


def _objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return _typed(
        "object",
        _optional(
            properties=st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
            additionalProperties=st.one_of(st.just(value=False), inner),
            patternProperties=st.dictionaries(st.sampled_from(["^a", "b", "^x"]), inner, max_size=1),
            required=st.lists(st.sampled_from(NAMES), max_size=2, unique=True),
            minProperties=_COUNTS,
            maxProperties=_COUNTS,
            propertyNames=_LEAVES,
            dependentRequired=st.just({"a": ["b"]}),
            dependentSchemas=st.dictionaries(st.just("a"), inner, max_size=1),
        ),
    )


def _arrays(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return _typed(
        "array",
        _optional(
            items=inner,
            prefixItems=st.lists(inner, min_size=1, max_size=2),
            minItems=_COUNTS,
            maxItems=_COUNTS,
            uniqueItems=st.booleans(),
            contains=inner,
            minContains=_COUNTS,
            maxContains=_COUNTS,
        ),
    )


def _combined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    branches = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        *(st.builds(lambda found, word=word: {word: found}, branches) for word in ("allOf", "anyOf", "oneOf")),
        st.builds(lambda one: {"not": one}, inner),
        st.builds(lambda test, then: {"if": test, "then": then}, inner, inner),
        st.builds(lambda parts, one: {"allOf": parts, "unevaluatedProperties": one}, branches, inner),
    )


SCHEMAS: st.SearchStrategy[Any] = st.recursive(
    _LEAVES, lambda inner: st.one_of(_objects(inner), _objects(inner), _arrays(inner), _combined(inner)), max_leaves=8
)


@st.composite
def pairs(draw: Callable[[st.SearchStrategy[Any]], Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A schema and the same after a few edits, both with the definitions that they refer to."""
    definitions = {"p": draw(_objects(_LEAVES)), "q": draw(_LEAVES.filter(lambda one: "$ref" not in str(one)))}
    old = draw(SCHEMAS)
    new = _edited(draw, old)
    changed = {**definitions, "p": _edited(draw, definitions["p"])} if draw(st.booleans()) else definitions
    return {"allOf": [old], "$defs": definitions}, {"allOf": [new], "$defs": changed}


def _edited(draw: Callable[[st.SearchStrategy[Any]], Any], schema: Any) -> Any:
    """A copy with some places exchanged, dropped or given what another schema has."""
    if not isinstance(schema, dict) or draw(st.integers(0, 7)) == 0:
        return draw(SCHEMAS) if draw(st.booleans()) else schema
    copy = json.loads(json.dumps(schema))
    for keyword in list(copy):
        fate = draw(st.integers(0, 7))
        if fate == 0:
            del copy[keyword]
        elif fate <= 2:
            copy[keyword] = _edited_value(draw, keyword, copy[keyword])
    if draw(st.integers(0, 3)) == 0:
        donor = draw(SCHEMAS)
        copy.update(donor if isinstance(donor, dict) else {})
    return copy


def _edited_value(draw: Callable[[st.SearchStrategy[Any]], Any], keyword: str, value: Any) -> Any:
    if keyword in {"properties", "patternProperties"}:
        return {name: _edited(draw, one) for name, one in value.items() if draw(st.integers(0, 3))}
    if keyword in {"allOf", "anyOf", "oneOf", "prefixItems"}:
        kept = [_edited(draw, one) for one in value if draw(st.integers(0, 3))]
        return [*kept, draw(SCHEMAS)] if not kept or draw(st.booleans()) else kept
    if keyword in {"items", "not", "if", "then", "contains", "additionalProperties", "unevaluatedProperties"}:
        return _edited(draw, value)
    if keyword in {"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"}:
        return draw(_COUNTS)
    return value


def _pool() -> list[Any]:
    """Every scalar, short list and small object over the same names and values."""
    few = [None, 0, 1, 1.5, "a", "aa"]
    lists = [[], *([one] for one in SCALARS), *([one, other] for one in few for other in few), [1, 1, 1], ["a", 1, 0]]
    member = [..., *few, [], {}, {"a": 1}, {"a": "a"}, ["a"]]
    objects = [
        {name: value for name, value in zip(NAMES, values, strict=True) if value is not ...}
        for values in ((a, b, x) for a in member for b in member for x in (..., 1, "a"))
    ]
    return [*SCALARS, *lists, *objects, {"ab": 1}, {"ab": "a"}, {"ba": 1}, {"a": 1, "ab": "a"}]


POOL = _pool()
