"""Enums, constants, defaults and patterns."""

from tests.registry.compat.openapi.pairs import case, everywhere, parameter, parameters, properties, request, response

_TEXT = {"type": "string"}
_AB, _ABC = {**_TEXT, "enum": ["a", "b"]}, {**_TEXT, "enum": ["a", "b", "c"]}
_CALLED = "request-body request-property"
_ANSWERED = "response-body response-property"

CASES = (
    *everywhere(
        "enum value added",
        _AB,
        _ABC,
        {"request-property request-parameter request-parameter-property response-property": "enum-value-added"},
    ),
    *everywhere(
        "enum value removed",
        _ABC,
        _AB,
        {f"{_CALLED} request-parameter request-parameter-property response-property": "enum-value-removed"},
        response_body="response-mediatype-enum-value-removed",
    ),
    *everywhere("enum taken away", _AB, _TEXT, {}),
    *everywhere("became an enum", _TEXT, _AB, {f"{_CALLED} request-parameter": "became-enum"}),
    case(
        "a property of a header became an enum",
        parameters(parameter(properties(value=_TEXT), "header", "X-Filter")),
        parameters(parameter(properties(value=_AB), "header", "X-Filter")),
        "request-header-property-became-enum",
    ),
    case(
        "enum value of a read-only property removed",
        request(properties(value={**_ABC, "readOnly": True})),
        request(properties(value={**_AB, "readOnly": True})),
        "request-read-only-property-enum-value-removed",
    ),
    case(
        "enum value of a write-only property added",
        response(properties(value={**_AB, "writeOnly": True})),
        response(properties(value={**_ABC, "writeOnly": True})),
        "response-write-only-property-enum-value-added",
    ),
    *everywhere(
        "value of an open enum removed",
        {**_TEXT, "x-extensible-enum": ["a", "b"]},
        {**_TEXT, "x-extensible-enum": ["b", "c"]},
        {"request-property request-parameter": "x-extensible-enum-value-removed"},
    ),
    *everywhere("open enum taken away", {**_TEXT, "x-extensible-enum": ["a"]}, _TEXT, {}),
    *everywhere("const added", _TEXT, {**_TEXT, "const": "a"}, "const-added"),
    *everywhere("const removed", {**_TEXT, "const": "a"}, _TEXT, "const-removed"),
    *everywhere("const changed", {**_TEXT, "const": "a"}, {**_TEXT, "const": "b"}, "const-changed"),
    *everywhere(
        "default added",
        _TEXT,
        {**_TEXT, "default": "a"},
        {f"{_CALLED} {_ANSWERED} request-parameter": "default-value-added"},
    ),
    *everywhere(
        "default removed",
        {**_TEXT, "default": "a"},
        _TEXT,
        {f"{_CALLED} {_ANSWERED} request-parameter": "default-value-removed"},
    ),
    *everywhere(
        "default changed",
        {**_TEXT, "default": "a"},
        {**_TEXT, "default": "b"},
        {f"{_CALLED} {_ANSWERED} request-parameter": "default-value-changed"},
    ),
    case(
        "default of a required parameter changed",
        parameters(parameter({**_TEXT, "default": "a"}, required=True)),
        parameters(parameter({**_TEXT, "default": "b"}, required=True)),
    ),
    *everywhere(
        "pattern added",
        _TEXT,
        {**_TEXT, "pattern": "a{2}"},
        {"request-property response-property request-parameter": "pattern-added"},
    ),
    *everywhere(
        "pattern removed",
        {**_TEXT, "pattern": "a{2}"},
        _TEXT,
        {"request-property response-property request-parameter": "pattern-removed"},
    ),
    *everywhere(
        "pattern changed",
        {**_TEXT, "pattern": "a{2}"},
        {**_TEXT, "pattern": "b{2}"},
        {"request-property response-property request-parameter": "pattern-changed"},
    ),
    *everywhere(
        "pattern generalized",
        {**_TEXT, "pattern": "a{2}"},
        {**_TEXT, "pattern": ".*"},
        {"request-property request-parameter": "pattern-generalized", "response-property": "pattern-changed"},
    ),
    *everywhere("a pattern that is no text", {**_TEXT, "pattern": ["a"]}, {**_TEXT, "pattern": ["b"]}, {}),
)
