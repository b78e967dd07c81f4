"""The regular expression that text must match: ``pattern``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import LOOSEN_REQUEST, REFUSED, STILL_ACCEPTED, TELL_SENDERS
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, WARNING, Scope, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("pattern",)
RULES = (
    *rules(BREAKING, REQUEST, "schema", "request-property-pattern-added", why=REFUSED, migrate=LOOSEN_REQUEST),
    *rules(BREAKING, REQUEST, "parameters", "request-parameter-pattern-added", why=REFUSED, migrate=LOOSEN_REQUEST),
    *rules(
        WARNING,
        REQUEST,
        "schema",
        "request-property-pattern-changed",
        why="whether the new pattern lets all through that the old one did is not known",
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        WARNING,
        REQUEST,
        "parameters",
        "request-parameter-pattern-changed",
        why="whether the new pattern lets all through that the old one did is not known",
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        INFO,
        REQUEST,
        "schema",
        "request-property-pattern-removed",
        "request-property-pattern-generalized",
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        INFO,
        REQUEST,
        "parameters",
        "request-parameter-pattern-removed",
        "request-parameter-pattern-generalized",
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        "response-property-pattern-added",
        "response-property-pattern-changed",
        "response-property-pattern-removed",
        why="callers that check the text they get should know",
        migrate="Tell callers what the text may look like.",
    ),
)
_MATCHES_ALL: Final = frozenset({".*", "^.*$", "^.*", ".*$", "(.*)", "^(.*)$"})
EXAMPLES = {
    "pattern-added": ("{type: string}", "{type: string, pattern: '^[a-z]+$'}"),
    "pattern-removed": ("{type: string, pattern: '^[a-z]+$'}", "{type: string}"),
    "pattern-changed": ("{type: string, pattern: '^[a-z]+$'}", "{type: string, pattern: '^[A-Z]+$'}"),
    "pattern-generalized": ("{type: string, pattern: '^[a-z]+$'}", "{type: string, pattern: '.*'}"),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the pattern."""
    old, new = (value if isinstance(value, str) else "" for value in place.values("pattern"))
    if old == new:
        return
    if not new:
        event, said = "removed", f"the pattern of {{}} was removed (it was `{old}`)"
    elif not old:
        event, said = "added", f"a pattern was added to {{}}: `{new}`"
    elif new in _MATCHES_ALL and place.request:
        event, said = "generalized", f"the pattern of {{}} was widened from `{old}` to `{new}`"
    else:
        event, said = "changed", f"the pattern of {{}} was changed from `{old}` to `{new}`"
    yield Found(f"{place.prefix}-pattern-{event}", said, ("pattern",), old, new)
