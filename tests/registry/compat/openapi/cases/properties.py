"""Properties that come, go, become required, change hands, or are on their way out."""

from collections.abc import Iterator
from typing import Any

from tests.registry.compat.openapi.pairs import Case, case, parameter, parameters, properties, request, response

_TEXT: dict[str, Any] = {"type": "string"}
_READ, _WRITE = {**_TEXT, "readOnly": True}, {**_TEXT, "writeOnly": True}
_FILLED = {**_TEXT, "default": "a"}


def _both(name: str, old: Any, new: Any, event: str, **config: Any) -> Iterator[Case]:
    for side, build in (("request", request), ("response", response)):
        ids = [f"{side}-{event}"] if event else []
        yield case(f"{name}: {side}", build(old), build(new), *ids, **config)


def _access(need: str, required: list[str]) -> Iterator[Case]:
    def shaped(value: Any) -> Any:
        return properties(*required, a=value)

    for flag, name in ((_WRITE, "write-only"), (_READ, "read-only")):
        yield from _both(f"{need} became {name}", shaped(_TEXT), shaped(flag), f"{need}-property-became-{name}")
        yield from _both(f"{need} not {name}", shaped(flag), shaped(_TEXT), f"{need}-property-became-not-{name}")


def _lifecycle() -> Iterator[Case]:
    old = properties(a=_TEXT)
    days = {"deprecation_days": {"stable": 30}}

    def leaving(**parts: Any) -> Any:
        return properties(a={**_TEXT, "deprecated": True, **parts})

    yield from _both("deprecated", old, leaving(), "property-deprecated")
    yield from _both(
        "deprecated with a date", old, leaving(**{"x-sunset": "2027-01-01"}), "property-deprecated-with-sunset"
    )
    yield from _both(
        "deprecated too late", old, leaving(**{"x-sunset": "2026-06-02"}), "property-sunset-date-too-small", **days
    )
    yield from _both("no date", old, leaving(), "property-deprecated-sunset-missing", **days)
    yield from _both("no real date", old, leaving(**{"x-sunset": "soon"}), "property-deprecated-sunset-invalid")
    yield from _both("reactivated", leaving(), old, "property-reactivated")
    beta, stable = ({**_TEXT, "x-stability-level": level} for level in ("beta", "stable"))
    yield from _both("more stable", properties(a=beta), properties(a=stable), "property-stability-increased")
    yield from _both("less stable", properties(a=stable), properties(a=beta), "property-stability-decreased")
    yield from _both("no longer said to be stable", properties(a=stable), old, "property-stability-decreased")
    yield from _both("newly said to be stable", old, properties(a=stable), "")


_HEADER = {"location": "header", "name": "X-Filter"}

CASES = (
    case("new required", request(properties()), request(properties("a", a=_TEXT)), "new-required-request-property"),
    case(
        "new required with default",
        request(properties()),
        request(properties("a", a=_FILLED)),
        "new-required-request-property-with-default",
    ),
    case("new optional", request(properties()), request(properties(a=_TEXT)), "new-optional-request-property"),
    case("new read-only", request(properties()), request(properties("a", a=_READ))),
    case("removed", request(properties("a", a=_TEXT)), request(properties()), "request-property-removed"),
    case("removed read-only", request(properties(a=_READ)), request(properties())),
    case(
        "new in a list of lists",
        request({"type": "array", "items": {"type": "array", "items": properties()}}),
        request({"type": "array", "items": {"type": "array", "items": properties(a=_TEXT)}}),
        "new-optional-request-property",
    ),
    case(
        "new required in a header",
        parameters(parameter(properties(), **_HEADER)),
        parameters(parameter(properties("a", a=_TEXT), **_HEADER)),
        "new-required-request-header-property",
    ),
    case(
        "became required in a header",
        parameters(parameter(properties(a=_TEXT), **_HEADER)),
        parameters(parameter(properties("a", a=_TEXT), **_HEADER)),
        "request-header-property-became-required",
    ),
    case(
        "new optional in a header",
        parameters(parameter(properties(), **_HEADER)),
        parameters(parameter(properties(a=_TEXT), **_HEADER)),
    ),
    case(
        "became required in a query",
        parameters(parameter(properties(a=_TEXT))),
        parameters(parameter(properties("a", a=_TEXT))),
    ),
    case(
        "became required",
        request(properties(a=_TEXT)),
        request(properties("a", a=_TEXT)),
        "request-property-became-required",
    ),
    case(
        "became required with default",
        request(properties(a=_FILLED)),
        request(properties("a", a=_FILLED)),
        "request-property-became-required-with-default",
    ),
    case(
        "became optional",
        request(properties("a", a=_TEXT)),
        request(properties(a=_TEXT)),
        "request-property-became-optional",
    ),
    case("read-only became required", request(properties(a=_READ)), request(properties("a", a=_READ))),
    case("a name without a property became required", request(properties()), request(properties("a"))),
    *_both(
        "became required in the other order",
        properties("a", "b", a=_TEXT, b=_TEXT),
        properties("b", "a", a=_TEXT, b=_TEXT),
        "",
    ),
    case(
        "always sent no more",
        response(properties("a", a=_TEXT)),
        response(properties(a=_TEXT)),
        "response-property-became-optional",
    ),
    case(
        "always sent from now",
        response(properties(a=_TEXT)),
        response(properties("a", a=_TEXT)),
        "response-property-became-required",
    ),
    case(
        "write-only required no more",
        response(properties("a", a=_WRITE)),
        response(properties(a=_WRITE)),
        "response-write-only-property-became-optional",
    ),
    case(
        "write-only required from now",
        response(properties(a=_WRITE)),
        response(properties("a", a=_WRITE)),
        "response-write-only-property-became-required",
    ),
    *(
        case(
            f"{need} {kind or 'plain'} {event}",
            response(properties(*required, a=value) if event == "removed" else properties()),
            response(properties(*required, a=value) if event == "added" else properties()),
            f"response-{need}{kind}-property-{event}",
        )
        for need, required in (("required", ["a"]), ("optional", []))
        for kind, value in (("", _TEXT), ("-write-only", _WRITE))
        for event in ("added", "removed")
    ),
    *_access("optional", []),
    *_access("required", ["a"]),
    *_lifecycle(),
)
