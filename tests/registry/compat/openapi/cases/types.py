"""Types, formats and null."""

from typing import Any

from tests.registry.compat.openapi.pairs import case, everywhere, properties, request, response

_ANSWERED = "response-body response-property"
_BODIES = f"request-body request-property {_ANSWERED}"
_HEADED = f"{_ANSWERED} response-header"


def _typed(name: str | list[str], form: str = "") -> dict[str, Any]:
    return {"type": name, "format": form} if form else {"type": name}


_REFERENCE = {"$ref": "#/components/schemas/Money"}
_MONEY = properties(amount=_typed("string"))


CASES = (
    *everywhere(
        "integer to number",
        _typed("integer"),
        _typed("number"),
        {f"{_BODIES} request-parameter request-parameter-property response-header": "type-generalized"},
    ),
    *everywhere(
        "number to integer",
        _typed("number"),
        _typed("integer"),
        {
            "request-body request-property request-parameter": "type-changed",
            f"{_HEADED} request-parameter-property": "type-specialized",
        },
    ),
    *everywhere(
        "string to boolean in JSON and in text",
        _typed("string"),
        _typed("boolean"),
        {
            f"{_BODIES} request-parameter request-parameter-property": "type-changed",
            "response-header": "type-compatible",
        },
    ),
    *everywhere(
        "integer to string in JSON and in text",
        _typed("integer"),
        _typed("string"),
        {
            f"{_BODIES} response-header": "type-changed",
            "request-parameter request-parameter-property": "type-generalized",
        },
    ),
    *everywhere(
        "date to integer",
        _typed("string", "date"),
        _typed("integer"),
        {f"{_BODIES} request-parameter request-parameter-property response-header": "type-changed"},
    ),
    *everywhere(
        "format widened",
        _typed("integer", "int32"),
        _typed("integer", "int64"),
        {f"{_BODIES} request-parameter request-parameter-property response-header": "type-generalized"},
    ),
    *everywhere(
        "format taken away",
        _typed("string", "uuid"),
        _typed("string"),
        {f"{_BODIES} request-parameter request-parameter-property response-header": "type-generalized"},
    ),
    *everywhere(
        "format changed",
        _typed("string", "uuid"),
        _typed("string", "email"),
        {f"{_BODIES} request-parameter request-parameter-property response-header": "type-changed"},
    ),
    *(
        case(
            f"between number and text on the wire: {prefix}",
            build(inner(_typed(before)), "text/plain"),
            build(inner(_typed(after)), "text/plain"),
            f"{prefix}-type-{event}",
        )
        for prefix, build, inner in (
            ("request-body", request, lambda schema: schema),
            ("request-property", request, lambda schema: properties(value=schema)),
            ("response-body", response, lambda schema: schema),
            ("response-property", response, lambda schema: properties(value=schema)),
        )
        for before, after in (("string", "integer"), ("integer", "string"))
        for event in ("compatible" if prefix.startswith("request") == (after == "string") else "changed",)
    ),
    *everywhere(
        "any header to text",
        {},
        _typed("string"),
        {
            "request-body request-property request-parameter": "type-changed",
            f"{_HEADED} request-parameter-property": "type-specialized",
        },
    ),
    *everywhere(
        "a type joins the list",
        _typed("string"),
        _typed(["string", "integer"]),
        {f"{_BODIES} request-parameter request-parameter-property": "list-of-types-widened"},
    ),
    *everywhere(
        "a type leaves the list",
        {"anyOf": [_typed("string"), _typed("integer")]},
        _typed("string"),
        {f"{_BODIES} request-parameter request-parameter-property": "list-of-types-narrowed"},
    ),
    *everywhere(
        "the list is spelled another way",
        {"oneOf": [_typed("string"), _typed("integer")]},
        _typed(["integer", "string"]),
        {},
    ),
    *everywhere(
        "null joins, as in 3.1",
        _typed("string"),
        _typed(["string", "null"]),
        {f"{_BODIES} request-parameter request-parameter-property response-header": "became-nullable"},
    ),
    *everywhere(
        "null leaves, as in 3.0",
        {**_typed("string"), "nullable": True},
        _typed("string"),
        {f"{_BODIES} request-parameter request-parameter-property response-header": "became-not-nullable"},
    ),
    *everywhere("null is spelled another way", {**_typed("string"), "nullable": True}, _typed(["null", "string"]), {}),
    *everywhere(
        "null joins the enum too",
        {**_typed("string"), "enum": ["a"]},
        {"type": ["string", "null"], "enum": ["a", None]},
        {f"{_BODIES} request-parameter request-parameter-property response-header": "became-nullable"},
    ),
    *(
        case(
            f"a reference is wrapped in {key} with null",
            response(_REFERENCE, Money=_MONEY),
            response({key: [_REFERENCE, {"type": "null"}]}, Money=_MONEY),
            "response-body-became-nullable",
        )
        for key in ("anyOf", "oneOf")
    ),
    case(
        "a reference is wrapped in allOf to be nullable",
        request(properties(total=_REFERENCE), Money=_MONEY),
        request(properties(total={"allOf": [_REFERENCE], "nullable": True}), Money=_MONEY),
        "request-property-became-nullable",
    ),
    case(
        "null joins a choice",
        request({"anyOf": [_REFERENCE, _typed("string")]}, Money=_MONEY),
        request({"anyOf": [_REFERENCE, _typed("string"), {"type": "null"}]}, Money=_MONEY),
        "request-body-became-nullable",
    ),
)
