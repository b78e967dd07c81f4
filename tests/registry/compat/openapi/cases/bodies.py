"""Parameters, request bodies, responses, media types and headers."""

from collections.abc import Iterator
from typing import Any

from tests.registry.compat.openapi.pairs import Case, case, document, headers, operation, parameter, parameters

_OK = {"responses": {"200": {"description": "done"}}}
_DAYS = {"deprecation_days": {"stable": 90}}


def _answer(**content: Any) -> Any:
    return operation(responses={"200": {"description": "done", "content": content}})


def _answers(*statuses: str) -> Any:
    return operation(responses={status: {"description": "done"} for status in statuses})


def _body(**parts: Any) -> Any:
    return operation(requestBody=parts)


def _shared(*found: Any, **own: Any) -> Any:
    return document({"/a": {"parameters": list(found), "get": {**_OK, **own}}})


def _removed() -> Iterator[Case]:
    for name, parts, said in (
        ("plain", {}, "request-parameter-removed"),
        ("deprecated", {"deprecated": True}, "request-parameter-removed-with-deprecation"),
        ("on the day", {"deprecated": True, "x-sunset": "2026-06-01"}, "request-parameter-removed-with-deprecation"),
        ("early", {"deprecated": True, "x-sunset": "2026-06-02"}, "request-parameter-removed-before-sunset"),
        ("no real date", {"deprecated": True, "x-sunset": "soon"}, "request-parameter-sunset-parse"),
    ):
        yield case(f"parameter removed, {name}", parameters(parameter(**parts)), parameters(), said)


def _lifecycle() -> Iterator[Case]:
    def leaving(**parts: Any) -> Any:
        return parameters(parameter(deprecated=True, **parts))

    plain, dated = parameters(parameter()), leaving(**{"x-sunset": "2026-12-01"})
    stem = "request-parameter"
    near, bad = leaving(**{"x-sunset": "2026-06-15"}), leaving(**{"x-sunset": "soon"})
    yield case("deprecated", plain, leaving(), f"{stem}-deprecated")
    yield case("deprecated with date", plain, dated, f"{stem}-deprecated", **_DAYS)
    yield case("no date", plain, leaving(), f"{stem}-deprecated-sunset-missing", **_DAYS)
    yield case("no real date", plain, bad, f"{stem}-sunset-parse")
    yield case("too near", plain, near, f"{stem}-sunset-date-too-small", **_DAYS)
    yield case("reactivated", leaving(), plain, f"{stem}-reactivated")
    yield case("date deleted", dated, leaving(), f"{stem}-sunset-deleted")
    yield case("date earlier", dated, near, f"{stem}-sunset-date-changed-too-small", **_DAYS)
    yield case("date no more real", dated, bad, f"{stem}-sunset-parse")


_SCHEMA, _PLAIN = {"schema": {"type": "string"}}, {"schema": {"type": "integer"}}
_JSON, _XML, _CHARSET = "application/json", "application/xml", "application/json; charset=utf-8"
_PROBLEM = "application/problem+json"

CASES = (
    *_removed(),
    *_lifecycle(),
    case("required added", parameters(), parameters(parameter(required=True)), "new-required-request-parameter"),
    case("optional added", parameters(), parameters(parameter()), "new-optional-request-parameter"),
    case(
        "in path added",
        parameters(),
        parameters(parameter(location="path", required=True)),
        "new-request-path-parameter",
    ),
    case(
        "in path removed",
        parameters(parameter(location="path", required=True)),
        parameters(),
        "request-parameter-removed",
    ),
    case(
        "required for the path",
        _shared(),
        _shared(parameter(required=True)),
        "new-required-request-default-parameter-to-existing-path",
    ),
    case(
        "optional for the path",
        _shared(),
        _shared(parameter()),
        "new-optional-request-default-parameter-to-existing-path",
    ),
    case("moved to the path", _shared(parameters=[parameter()]), _shared(parameter())),
    case(
        "header in another case",
        parameters(parameter(location="header", name="X-A")),
        parameters(parameter(location="header", name="x-a")),
    ),
    case(
        "became required",
        parameters(parameter()),
        parameters(parameter(required=True)),
        "request-parameter-became-required",
    ),
    case(
        "became optional",
        parameters(parameter(required=True)),
        parameters(parameter(required=False)),
        "request-parameter-became-optional",
    ),
    case(
        "described by a media type",
        parameters({"name": "a", "in": "query", "content": {_JSON: {"schema": {"type": "integer"}}}}),
        parameters({"name": "a", "in": "query", "content": {_JSON: {"schema": {"type": "string"}}}}),
        "request-parameter-type-changed",
    ),
    case("optional body added", operation(), _body(content={}), "request-body-added-optional"),
    case("required body added", operation(), _body(content={}, required=True), "request-body-added-required"),
    case("body removed", _body(content={}), operation(), "request-body-removed"),
    case("body required", _body(content={}), _body(content={}, required=True), "request-body-became-required"),
    case("body optional", _body(content={}, required=True), _body(content={}), "request-body-became-optional"),
    case(
        "media type added",
        _body(content={_JSON: {}}),
        _body(content={_JSON: {}, _XML: {}}),
        "request-body-media-type-added",
    ),
    case(
        "media type removed",
        _body(content={_JSON: {}, _XML: {}}),
        _body(content={_JSON: {}}),
        "request-body-media-type-removed",
    ),
    case("media type widened", _body(content={_CHARSET: {}}), _body(content={_JSON: {}})),
    case(
        "media type narrowed",
        _body(content={_JSON: {}}),
        _body(content={_PROBLEM: {}}),
        "request-body-media-type-added",
        "request-body-media-type-removed",
    ),
    case(
        "schema added",
        _body(content={_JSON: {}}),
        _body(content={_JSON: _SCHEMA}),
        "request-body-media-type-schema-added",
    ),
    case(
        "schema removed",
        _body(content={_JSON: _SCHEMA}),
        _body(content={_JSON: {}}),
        "request-body-media-type-schema-removed",
    ),
    case(
        "form field to text",
        _body(content={"application/x-www-form-urlencoded": _PLAIN}),
        _body(content={"application/x-www-form-urlencoded": _SCHEMA}),
        "request-body-type-compatible",
    ),
    case("answer in one more", _answer(**{_JSON: {}}), _answer(**{_JSON: {}, _XML: {}}), "response-media-type-added"),
    case("answer in one less", _answer(**{_JSON: {}, _XML: {}}), _answer(**{_JSON: {}}), "response-media-type-removed"),
    case(
        "answer gets a schema",
        _answer(**{_JSON: {}}),
        _answer(**{_JSON: _SCHEMA}),
        "response-body-media-type-schema-added",
    ),
    case(
        "answer loses its schema",
        _answer(**{_JSON: _SCHEMA}),
        _answer(**{_JSON: {}}),
        "response-body-media-type-schema-removed",
    ),
    case("narrower name", _answer(**{_JSON: {}}), _answer(**{_PROBLEM: {}}), "response-media-type-name-specialized"),
    case("wider name", _answer(**{_CHARSET: {}}), _answer(**{_JSON: {}}), "response-media-type-name-generalized"),
    case(
        "other parameters",
        _answer(**{_CHARSET: {}}),
        _answer(**{"application/json; charset=latin1": {}}),
        "response-media-type-name-changed",
    ),
    case(
        "name in another case",
        _answer(**{_CHARSET: {}}),
        _answer(**{"Application/JSON;charset=UTF-8": {}}),
        "response-media-type-name-changed",
    ),
    case("success added", _answers("200"), _answers("200", "201"), "response-success-status-added"),
    case("success removed", _answers("200", "201"), _answers("200"), "response-success-status-removed"),
    case("failure added", _answers("200"), _answers("200", "400"), "response-non-success-status-added"),
    case("failure removed", _answers("200", "400"), _answers("200"), "response-non-success-status-removed"),
    case("all others", _answers("200", "default"), _answers("200", "x-note")),
    case("header added", headers(), headers(A={}), "response-header-added"),
    case("header removed", headers(A={}), headers(), "optional-response-header-removed"),
    case("required header removed", headers(A={"required": True}), headers(), "required-response-header-removed"),
    case("header not certain", headers(A={"required": True}), headers(A={}), "response-header-became-optional"),
    case("header certain", headers(A={}), headers(a={"required": True})),
)
