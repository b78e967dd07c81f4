"""The only right value: ``const``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import (
    LOOSEN_REQUEST,
    REFUSED,
    STILL_ACCEPTED,
    STILL_UNDERSTOOD,
    SURPRISED,
    TELL_READERS,
    TELL_SENDERS,
    TIGHTEN_RESPONSE,
)
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, Scope, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("const",)
_REQUEST = ("request-body", "request-property")
_RESPONSE = ("response-body", "response-property")
RULES = (
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("const-added", *_REQUEST),
        *for_places("const-changed", *_REQUEST),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(INFO, REQUEST, "schema", *for_places("const-removed", *_REQUEST), why=STILL_ACCEPTED, migrate=TELL_SENDERS),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("const-removed", *_RESPONSE),
        *for_places("const-changed", *_RESPONSE),
        why=SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
    *rules(
        INFO, RESPONSE, "schema", *for_places("const-added", *_RESPONSE), why=STILL_UNDERSTOOD, migrate=TELL_READERS
    ),
)
EXAMPLES = {
    "const-added": ("{type: string}", "{type: string, const: invoice}"),
    "const-removed": ("{type: string, const: invoice}", "{type: string}"),
    "const-changed": ("{const: invoice}", "{const: bill}"),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the constant."""
    had, has = "const" in place.old.value, "const" in place.new.value
    old, new = place.values("const")
    if not had:
        event, said = "added", f"{{}} may only be {new!r}"
    elif not has:
        event, said = "removed", f"{{}} need no longer be {old!r}"
    else:
        event, said = "changed", f"the only value of {{}} was changed from {old!r} to {new!r}"
    yield Found(f"{place.prefix}-const-{event}", said, ("const",), old, new)
