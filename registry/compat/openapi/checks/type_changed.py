"""What kind of value it is: ``type`` with ``format``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import (
    LOOSEN_REQUEST,
    STILL_ACCEPTED,
    STILL_UNDERSTOOD,
    TELL_READERS,
    TELL_SENDERS,
    TIGHTEN_RESPONSE,
)
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, WARNING, Scope, for_places, rules
from registry.compat.openapi.types import classify, spelled

SCOPE = Scope.SCHEMA
KEYWORDS = ("type",)
_REQUEST = ("request-body", "request-property")
_RESPONSE = ("response-body", "response-property")
_FORM = "application/x-www-form-urlencoded"
_REFUSED = "calls that send the old type may be refused"
_SURPRISED = "callers may get a type that they can't read"
RULES = (
    *rules(BREAKING, REQUEST, "schema", *for_places("type-changed", *_REQUEST), why=_REFUSED, migrate=LOOSEN_REQUEST),
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        "request-parameter-type-changed",
        "request-parameter-property-type-specialized",
        why=_REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        WARNING,
        REQUEST,
        "parameters",
        "request-parameter-property-type-changed",
        why=_REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_places("type-generalized", *_REQUEST),
        *for_places("type-compatible", *_REQUEST),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        INFO,
        REQUEST,
        "parameters",
        "request-parameter-type-generalized",
        "request-parameter-property-type-generalized",
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("type-changed", *_RESPONSE),
        *for_places("type-generalized", *_RESPONSE),
        why=_SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "headers",
        "response-header-type-changed",
        "response-header-type-generalized",
        why=_SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        *for_places("type-specialized", *_RESPONSE),
        *for_places("type-compatible", *_RESPONSE),
        why=STILL_UNDERSTOOD,
        migrate=TELL_READERS,
    ),
    *rules(
        INFO,
        RESPONSE,
        "headers",
        "response-header-type-specialized",
        "response-header-type-compatible",
        why=STILL_UNDERSTOOD,
        migrate=TELL_READERS,
    ),
)
EXAMPLES = {
    "type-changed": ("{type: object}", "{type: array}"),
    "type-generalized": ("{type: integer}", "{type: number}"),
    "type-specialized": ("{type: number}", "{type: integer}"),
    # What is text on the wire: all of the body, a field of a form, a header.
    "request-body-type-compatible": (
        "{requestBody: {content: {text/plain: {schema: {type: integer}}}}}",
        "{requestBody: {content: {text/plain: {schema: {type: string}}}}}",
    ),
    "request-property-type-compatible": (
        f"{{requestBody: {{content: {{{_FORM}: {{schema: {{properties: {{due: {{type: integer}}}}}}}}}}}}}}",
        f"{{requestBody: {{content: {{{_FORM}: {{schema: {{properties: {{due: {{type: string}}}}}}}}}}}}}}",
    ),
    "response-body-type-compatible": (
        "{responses: {200: {content: {text/plain: {schema: {type: string}}}}}}",
        "{responses: {200: {content: {text/plain: {schema: {type: integer}}}}}}",
    ),
    "response-property-type-compatible": (
        f"{{responses: {{200: {{content: {{{_FORM}: {{schema: {{properties: {{due: {{type: string}}}}}}}}}}}}}}}}",
        f"{{responses: {{200: {{content: {{{_FORM}: {{schema: {{properties: {{due: {{type: integer}}}}}}}}}}}}}}}}",
    ),
    "response-header-type-compatible": ("{type: string}", "{type: boolean}"),
}


def check(place: Place) -> Iterator[Found]:
    """Compare type and format together: each says how much the other holds."""
    event = classify(place.old, place.new, text=place.text, request=place.request)
    if place.prefix.startswith("request-parameter") and event == "compatible":
        event = "generalized"
    elif event == "specialized" and place.request and place.prefix != "request-parameter-property":
        event = "changed"
    before, after = spelled(place.old), spelled(place.new)
    key = "type" if set(place.old.types) != set(place.new.types) else "format"
    said = f"the type of {{}} was changed from {before} to {after}"
    yield Found(f"{place.prefix}-type-{event}", said, (key,), before, after)
