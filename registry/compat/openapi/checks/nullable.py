"""Whether null is right, however a document spells it."""

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
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, Scope, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("nullable",)
RULES = (
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_places("became-nullable", "request-body", "request-property"),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        INFO,
        REQUEST,
        "parameters",
        *for_places("became-nullable", "request-parameter", "request-parameter-property"),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("became-not-nullable", "request-body", "request-property"),
        why="calls that send null are refused",
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        *for_places("became-not-nullable", "request-parameter", "request-parameter-property"),
        why="calls that send null are refused",
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("became-nullable", "response-body", "response-property"),
        why="callers that rely on a value may get null",
        migrate=TIGHTEN_RESPONSE,
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "headers",
        "response-header-became-nullable",
        why="callers that rely on a value may get none",
        migrate=TIGHTEN_RESPONSE,
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        *for_places("became-not-nullable", "response-body", "response-property"),
        why=STILL_UNDERSTOOD,
        migrate=TELL_READERS,
    ),
    *rules(
        INFO,
        RESPONSE,
        "headers",
        "response-header-became-not-nullable",
        why=STILL_UNDERSTOOD,
        migrate=TELL_READERS,
    ),
)
EXAMPLES = {
    "became-nullable": ("{type: string}", "{type: [string, 'null']}"),
    "became-not-nullable": ("{type: [string, 'null']}", "{type: string}"),
}


def check(place: Place) -> Iterator[Found]:
    """Tell which way it went."""
    now = place.new.nullable
    event, said = ("became-nullable", "{} may now be null") if now else ("became-not-nullable", "{} may not be null")
    yield Found(f"{place.prefix}-{event}", said, old=place.old.nullable, new=now, facts=(event,))
