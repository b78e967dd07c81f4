"""Operations, their lifecycle and security, and what belongs to the document as a whole."""

from collections.abc import Iterator
from typing import Any

from tests.registry.compat.openapi.pairs import Case, case, document, operation

_OK = {"responses": {"200": {"description": "done"}}}
_DAYS = {"deprecation_days": {"stable": 90, "beta": 30}}


def _leaving(sunset: str | None = None, **parts: Any) -> Any:
    return {"deprecated": True, **({"x-sunset": sunset} if sunset else {}), **parts}


def _removals() -> Iterator[Case]:
    kept = {"/kept": {"get": _OK}}
    for stem, path in (("api-removed", "/kept"), ("api-path-removed", "/gone")):

        def old(path: str = path, **parts: Any) -> Any:
            return document({**kept, path: {**kept.get(path, {}), "delete": {**_OK, **parts}}})

        new = document(kept)
        yield case(f"{stem}", old(), new, f"{stem}-without-deprecation")
        yield case(f"{stem} once deprecated", old(**_leaving()), new, f"{stem}-with-deprecation")
        yield case(f"{stem} on the day", old(**_leaving("2026-06-01")), new, f"{stem}-with-deprecation")
        yield case(f"{stem} a day early", old(**_leaving("2026-06-02")), new, f"{stem}-before-sunset")
        yield case(f"{stem} by time", old(**_leaving("2026-06-02T00:00:00Z")), new, f"{stem}-before-sunset")
        yield case(f"{stem} with no real date", old(**_leaving("soon")), new, "api-path-sunset-parse")
        yield case(f"{stem} as an alpha", old(**{"x-stability-level": "alpha"}), new)
        yield case(f"{stem} as a draft", old(**{"x-stability-level": "draft"}), new)
        yield case(f"{stem} as a beta", old(**{"x-stability-level": "beta"}), new, f"{stem}-without-deprecation")
        yield case(f"{stem} of no level", old(**{"x-stability-level": "so-so"}), new, "api-invalid-stability-level")
        yield case(f"{stem} where all are drafts", old(), new, stability="draft")


def _lifecycle() -> Iterator[Case]:
    plain = operation()
    for level, near, far in (("stable", "2026-08-01", "2026-09-01"), ("beta", "2026-06-15", "2026-07-15")):
        extra = {"x-stability-level": level}
        old = operation(**extra)
        yield case(f"{level} no date", old, operation(**_leaving(**extra)), "api-deprecated-sunset-missing", **_DAYS)
        yield case(f"{level} too near", old, operation(**_leaving(near, **extra)), "api-sunset-date-too-small", **_DAYS)
        yield case(f"{level} far", old, operation(**_leaving(far, **extra)), "endpoint-deprecated-with-sunset", **_DAYS)
    yield case("deprecated", plain, operation(**_leaving()), "endpoint-deprecated")
    yield case("deprecated in the past", plain, operation(**_leaving("2026-05-31")), "api-sunset-date-too-small")
    yield case("no real date", plain, operation(**_leaving("soon")), "api-deprecated-sunset-parse")
    yield case("reactivated", operation(**_leaving()), plain, "endpoint-reactivated")
    dated = operation(**_leaving("2026-12-01"))
    yield case("date deleted", dated, operation(**_leaving()), "sunset-deleted")
    yield case("date later", dated, operation(**_leaving("2027-12-01")), **_DAYS)
    yield case("date earlier", dated, operation(**_leaving("2026-11-01")), **_DAYS)
    yield case(
        "date much earlier", dated, operation(**_leaving("2026-06-15")), "api-sunset-date-changed-too-small", **_DAYS
    )
    yield case("date no more real", dated, operation(**_leaving("soon")), "api-deprecated-sunset-parse")


def _stability() -> Iterator[Case]:
    levels = ("draft", "alpha", "beta", "stable")
    new_body = {"requestBody": {"required": True, "content": {}}}
    for before in levels:
        for after in levels:
            old = operation(**{"x-stability-level": before})
            moved = (levels.index(after) > levels.index(before)) - (levels.index(after) < levels.index(before))
            ids = {1: ["api-stability-increased"], 0: [], -1: ["api-stability-decreased"]}[moved]
            unsettled = after in ("draft", "alpha") and moved >= 0
            changed = operation(**{"x-stability-level": after}, **new_body)
            body = [] if unsettled else ["request-body-added-required"]
            yield case(f"{before} to {after}", old, operation(**{"x-stability-level": after}), *ids)
            yield case(f"{before} to {after} with a body", old, changed, *ids, *body)
    stable, bad = operation(**{"x-stability-level": "stable"}), operation(**{"x-stability-level": "so-so"})
    yield case("all are drafts", operation(), operation(**new_body), stability="draft")
    yield case("level withdrawn", stable, operation(), "api-stability-decreased")
    yield case("level given", operation(), stable)
    yield case("no such level", operation(), bad, "api-invalid-stability-level")
    yield case("no such level before", bad, operation(), "api-invalid-stability-level")


def _security() -> Iterator[Case]:
    key, oauth = {"key": []}, {"oauth": ["read"]}
    for stem, build in (("api-security", operation), ("api-global-security", lambda **parts: document({}, **parts))):
        yield case(f"{stem} added", build(), build(security=[key]), f"{stem}-added")
        yield case(f"{stem} removed", build(security=[key]), build(), f"{stem}-removed")
        yield case(
            f"{stem} swapped", build(security=[key]), build(security=[oauth]), f"{stem}-added", f"{stem}-removed"
        )
        yield case(f"{stem} for nothing", build(), build(security=[{}]))
        more = {"oauth": ["read", "write"]}
        yield case(f"{stem} scope added", build(security=[oauth]), build(security=[more]), f"{stem}-scope-added")
        yield case(f"{stem} scope removed", build(security=[more]), build(security=[oauth]), f"{stem}-scope-removed")
        both = {"key": [], "oauth": ["read"]}
        yield case(
            f"{stem} of both in another order",
            build(security=[both, key]),
            build(security=[key, dict(reversed(both.items()))]),
        )


def _schemes() -> Iterator[Case]:
    def schemes(**found: Any) -> Any:
        return document({}, components={"securitySchemes": found})

    def oauth(flow: str = "implicit", **parts: Any) -> Any:
        usual = {"authorizationUrl": "https://a.example", "tokenUrl": "https://t.example", "scopes": {"read": "Read"}}
        return schemes(o={"type": "oauth2", "flows": {flow: {**usual, **parts}}})

    stem = "api-security-component"
    key, basic = {"type": "apiKey"}, {"type": "http"}
    yield case("scheme added", schemes(), schemes(k=key), f"{stem}-added")
    yield case("scheme removed", schemes(k=key), schemes(), f"{stem}-removed")
    yield case("scheme type", schemes(k=key), schemes(k=basic), f"{stem}-type-changed")
    for flow in ("implicit", "authorizationCode"):
        base = oauth(flow)
        url, token = (oauth(flow, **{name: "https://new.example"}) for name in ("authorizationUrl", "tokenUrl"))
        yield case(f"{flow} url", base, url, f"{stem}-oauth-url-changed")
        yield case(f"{flow} token url", base, token, f"{stem}-oauth-token-url-changed")
        yield case(f"{flow} scope added", oauth(flow, scopes={}), base, f"{stem}-oauth-scope-added")
        yield case(f"{flow} scope removed", base, oauth(flow, scopes={}), f"{stem}-oauth-scope-removed")
        yield case(f"{flow} scope changed", base, oauth(flow, scopes={"read": "All"}), f"{stem}-oauth-scope-changed")


def _versions() -> Iterator[Case]:
    broken = {"/gone": {"get": _OK}}
    removed = "api-path-removed-without-deprecation"
    for old, new, said in (
        ("1.2.3", "1.2.3", "api-version-not-bumped"),
        ("1.2.3", "1.3.0", "api-major-version-not-bumped"),
        ("1.2.3", "2.0.0", ""),
        ("0.2.3", "0.3.0", ""),
        ("0.2.3", "0.2.4", "api-major-version-not-bumped"),
        ("1.2.3", "1.2.2", "api-version-decreased"),
        ("1.2.3", "1.2.3-rc.1", "api-version-decreased"),
        ("2024-01-01", "2024-01-01", ""),
        ("1.0", "1.0", ""),
    ):
        ids = [said] if said else []
        yield case(f"{old} to {new}", document(broken, version=old), document({}, version=new), removed, *ids)
    yield case("1.0.0 stays", document({}, version="1.0.0"), document(broken, version="1.0.0"), "endpoint-added")
    yield case("1.0.0 to 0.9.0", document({}, version="1.0.0"), document({}, version="0.9.0"), "api-version-decreased")


_PAYLOAD = {
    "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {"a": {}}}}}},
    **_OK,
}
_SMALLER = {"requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {}}}}}, **_OK}

CASES = (
    *_removals(),
    *_lifecycle(),
    *_stability(),
    *_security(),
    *_schemes(),
    *_versions(),
    case("path added", document({}), document({"/new": {"get": _OK}}), "endpoint-added"),
    case("method added", document({"/a": {"get": _OK}}), document({"/a": {"get": _OK, "put": _OK}}), "endpoint-added"),
    case(
        "path parameter renamed",
        document({"/a/{b}": {"get": {**_OK, "parameters": [{"name": "b", "in": "path", "required": True}]}}}),
        document({"/a/{c}": {"get": {**_OK, "parameters": [{"name": "c", "in": "path", "required": True}]}}}),
    ),
    case("operationId added", operation(), operation(operationId="a"), "api-operation-id-added"),
    case("operationId removed", operation(operationId="a"), operation(), "api-operation-id-removed"),
    case("operationId changed", operation(operationId="a"), operation(operationId="b"), "api-operation-id-removed"),
    case("tag added", operation(), operation(tags=["a"]), "api-tag-added"),
    case("tag removed", operation(tags=["a", "b"]), operation(tags=["b"]), "api-tag-removed"),
    case("schema removed", operation({"A": {}}), operation({}), "api-schema-removed"),
    case("schema added", operation({}), operation({"A": {}})),
    case("webhook added", document({}), document({}, webhooks={"paid": {"post": _PAYLOAD}}), "webhook-added"),
    case("webhook removed", document({}, webhooks={"paid": {"post": _PAYLOAD}}), document({}), "webhook-removed"),
    case(
        "payload of a webhook shrinks",
        document({}, webhooks={"paid": {"post": _PAYLOAD}}),
        document({}, webhooks={"paid": {"post": _SMALLER}}),
        "response-optional-property-removed",
    ),
    case(
        "payload of a callback shrinks",
        operation(callbacks={"done": {"{$request.body#/url}": {"post": _PAYLOAD}}}),
        operation(callbacks={"done": {"{$request.body#/url}": {"post": _SMALLER}}}),
        "response-optional-property-removed",
    ),
    case("words change", operation(summary="a", description="b"), operation(summary="c", externalDocs={})),
)
