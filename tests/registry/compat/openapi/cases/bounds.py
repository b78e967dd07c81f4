"""Limits of numbers, texts and lists."""

from collections.abc import Iterator

from tests.registry.compat.openapi.pairs import Case, case, everywhere, properties, request, response

_CALLED = "request-body request-property request-parameter"
_ANSWERED = "response-body response-property"
_BODY = "request-body request-property"


def _number(stem: str, keyword: str, *, lower: bool) -> Iterator[Case]:
    plain = {"type": "number"}
    small, large = {**plain, keyword: 5}, {**plain, keyword: 10}
    raised = {_CALLED: f"{stem}-increased"} if lower else {f"{_CALLED} {_ANSWERED}": f"{stem}-increased"}
    lowered = {f"{_CALLED} {_ANSWERED}": f"{stem}-decreased"} if lower else {_CALLED: f"{stem}-decreased"}
    yield from everywhere(f"{keyword} set", plain, small, {_CALLED: f"{stem}-set"})
    yield from everywhere(f"{keyword} unset", small, plain, {})
    yield from everywhere(f"{keyword} increased", small, large, raised)
    yield from everywhere(f"{keyword} decreased", large, small, lowered)
    before, after = (small, large) if lower else (large, small)
    yield case(
        f"{keyword} of a read-only property narrowed",
        request(properties(value={**before, "readOnly": True})),
        request(properties(value={**after, "readOnly": True})),
        f"request-read-only-property-{stem}-{'increased' if lower else 'decreased'}",
    )
    yield case(
        f"{keyword} of a write-only property widened",
        response(properties(value={**after, "writeOnly": True})),
        response(properties(value={**before, "writeOnly": True})),
    )


def _old_spelling(limit: str, stem: str) -> Iterator[Case]:
    inclusive = {"type": "number", limit: 5}
    exclusive = {**inclusive, f"exclusive{limit.capitalize()}": True}
    yield from everywhere(f"3.0 {limit} made exclusive", inclusive, exclusive, {_CALLED: f"exclusive-{stem}-set"})
    larger = {**exclusive, limit: 6}
    moved = {_CALLED: f"{stem}-increased"} if stem == "min" else {f"{_CALLED} {_ANSWERED}": f"{stem}-increased"}
    yield from everywhere(f"3.0 exclusive {limit} increased", exclusive, larger, moved)


_TEXT, _LIST = {"type": "string"}, {"type": "array", "items": {"type": "string"}}

CASES = (
    *_number("max", "maximum", lower=False),
    *_number("exclusive-max", "exclusiveMaximum", lower=False),
    *_number("min", "minimum", lower=True),
    *_number("exclusive-min", "exclusiveMinimum", lower=True),
    *_old_spelling("maximum", "max"),
    *_old_spelling("minimum", "min"),
    *everywhere("maxLength set", _TEXT, {**_TEXT, "maxLength": 5}, {_CALLED: "max-length-set"}),
    *everywhere("maxLength unset", {**_TEXT, "maxLength": 5}, _TEXT, {_ANSWERED: "max-length-unset"}),
    *everywhere(
        "maxLength increased",
        {**_TEXT, "maxLength": 5},
        {**_TEXT, "maxLength": 6},
        {f"{_CALLED} {_ANSWERED}": "max-length-increased"},
    ),
    *everywhere(
        "maxLength decreased", {**_TEXT, "maxLength": 6}, {**_TEXT, "maxLength": 5}, {_CALLED: "max-length-decreased"}
    ),
    case(
        "maxLength of a read-only property decreased",
        request(properties(value={**_TEXT, "maxLength": 6, "readOnly": True})),
        request(properties(value={**_TEXT, "maxLength": 5, "readOnly": True})),
        "request-read-only-property-max-length-decreased",
    ),
    case(
        "maxLength of a read-only property set",
        request(properties(value={**_TEXT, "readOnly": True})),
        request(properties(value={**_TEXT, "maxLength": 5, "readOnly": True})),
    ),
    *everywhere("minLength set", _TEXT, {**_TEXT, "minLength": 5}, {_CALLED: "min-length-increased"}),
    *everywhere(
        "minLength unset", {**_TEXT, "minLength": 5}, _TEXT, {f"{_CALLED} {_ANSWERED}": "min-length-decreased"}
    ),
    *everywhere(
        "minLength increased", {**_TEXT, "minLength": 5}, {**_TEXT, "minLength": 6}, {_CALLED: "min-length-increased"}
    ),
    *everywhere(
        "minLength decreased",
        {**_TEXT, "minLength": 6},
        {**_TEXT, "minLength": 5},
        {f"{_CALLED} {_ANSWERED}": "min-length-decreased"},
    ),
    *everywhere(
        "maxItems increased",
        {**_LIST, "maxItems": 5},
        {**_LIST, "maxItems": 6},
        {"request-parameter": "max-items-increased"},
    ),
    *everywhere(
        "maxItems decreased",
        {**_LIST, "maxItems": 6},
        {**_LIST, "maxItems": 5},
        {"request-parameter": "max-items-decreased"},
    ),
    *everywhere("minItems set", _LIST, {**_LIST, "minItems": 1}, {_CALLED: "min-items-set"}),
    *everywhere("minItems unset", {**_LIST, "minItems": 1}, _LIST, {_ANSWERED: "min-items-unset"}),
    *everywhere(
        "minItems increased", {**_LIST, "minItems": 1}, {**_LIST, "minItems": 2}, {_CALLED: "min-items-increased"}
    ),
    *everywhere(
        "minItems decreased",
        {**_LIST, "minItems": 2},
        {**_LIST, "minItems": 1},
        {f"request-parameter {_ANSWERED}": "min-items-decreased"},
    ),
    *everywhere("a limit that is no number", {**_TEXT, "maxLength": "x"}, {**_TEXT, "maxLength": True}, {}),
)
