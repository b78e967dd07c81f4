"""Keywords that OpenAPI 3.1 took over from JSON Schema 2020-12."""

from tests.registry.compat.openapi.pairs import BODIES, case, everywhere, within

_LIST, _OBJECT, _TEXT = {"type": "array"}, {"type": "object"}, {"type": "string"}
_SHORT = {"maxLength": 3}


def _comes_and_goes(keyword: str, value: object, event: str, base: dict[str, object]) -> list[object]:
    return [
        *everywhere(f"{keyword} added", base, {**base, keyword: value}, f"{event}-added"),
        *everywhere(f"{keyword} removed", {**base, keyword: value}, base, f"{event}-removed"),
    ]


def _counted(keyword: str, event: str, small: int, large: int) -> list[object]:
    base = {**_LIST, "contains": _TEXT}
    return [
        *everywhere(f"{keyword} increased", {**base, keyword: small}, {**base, keyword: large}, f"{event}-increased"),
        *everywhere(f"{keyword} decreased", {**base, keyword: large}, {**base, keyword: small}, f"{event}-decreased"),
    ]


CASES = (
    *_comes_and_goes("if", {"minProperties": 1}, "if", _OBJECT),
    *_comes_and_goes("then", {"minProperties": 1}, "then", _OBJECT),
    *_comes_and_goes("else", {"minProperties": 1}, "else", _OBJECT),
    *_comes_and_goes("contains", _TEXT, "contains", _LIST),
    *_comes_and_goes("propertyNames", _SHORT, "property-names", _OBJECT),
    *_comes_and_goes("contentSchema", _OBJECT, "content-schema", _TEXT),
    *_comes_and_goes("unevaluatedItems", False, "unevaluated-items", _LIST),
    *_comes_and_goes("unevaluatedProperties", False, "unevaluated-properties", _OBJECT),
    *_comes_and_goes("patternProperties", {"^x-": _TEXT}, "pattern-property", _OBJECT),
    *_comes_and_goes("dependentSchemas", {"card": {"required": ["holder"]}}, "dependent-schema", _OBJECT),
    *_comes_and_goes("dependentRequired", {"card": ["holder"]}, "dependent-required", _OBJECT),
    *_comes_and_goes("prefixItems", [_TEXT], "prefix-items", _LIST),
    *everywhere(
        "dependentRequired changed",
        {**_OBJECT, "dependentRequired": {"card": ["holder"]}},
        {**_OBJECT, "dependentRequired": {"card": ["expiry"]}},
        "dependent-required-changed",
    ),
    *everywhere(
        "dependentRequired in another order",
        {**_OBJECT, "dependentRequired": {"card": ["holder", "expiry"]}},
        {**_OBJECT, "dependentRequired": {"card": ["expiry", "holder"]}},
        {},
    ),
    *everywhere("unevaluatedItems that keeps nothing out", _LIST, {**_LIST, "unevaluatedItems": True}, {}),
    *everywhere("unevaluatedProperties that keep nothing out", _OBJECT, {**_OBJECT, "unevaluatedProperties": {}}, {}),
    *everywhere(
        "contentMediaType changed",
        {**_TEXT, "contentMediaType": "image/png"},
        {**_TEXT, "contentMediaType": "image/jpeg"},
        "content-media-type-changed",
    ),
    *everywhere(
        "contentEncoding changed",
        {**_TEXT, "contentEncoding": "base64"},
        {**_TEXT, "contentEncoding": "base64url"},
        "content-encoding-changed",
    ),
    *_counted("minContains", "min-contains", 2, 3),
    *_counted("maxContains", "max-contains", 2, 3),
    *everywhere(
        "minContains above its default",
        {**_LIST, "contains": _TEXT},
        {**_LIST, "contains": _TEXT, "minContains": 2},
        "min-contains-increased",
    ),
    *everywhere(
        "maxContains set",
        {**_LIST, "contains": _TEXT},
        {**_LIST, "contains": _TEXT, "maxContains": 2},
        "max-contains-decreased",
    ),
    *everywhere("counts without contains", _LIST, {**_LIST, "minContains": 2, "maxContains": 3}, {}),
    *(
        case(
            f"a schema inside {keyword}: {place}",
            within(place, {**base, keyword: before}),
            within(place, {**base, keyword: after}),
            f"{place.partition('-')[0]}-property-const-changed",
        )
        for place in BODIES
        for keyword, base, before, after in (
            ("items", _LIST, {"const": 1}, {"const": 2}),
            ("additionalProperties", _OBJECT, {"const": 1}, {"const": 2}),
            ("contentSchema", _TEXT, {"const": 1}, {"const": 2}),
            ("prefixItems", _LIST, [{"const": 1}], [{"const": 2}]),
            ("patternProperties", _OBJECT, {"^a": {"const": 1}}, {"^a": {"const": 2}}),
            ("dependentSchemas", _OBJECT, {"a": {"const": 1}}, {"a": {"const": 2}}),
            ("then", _OBJECT, {"const": 1}, {"const": 2}),
        )
    ),
)
