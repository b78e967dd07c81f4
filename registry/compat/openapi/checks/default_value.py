"""What is taken where nothing was sent: ``default``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, Scope, for_all, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("default",)
_EVENTS = ("default-value-added", "default-value-removed", "default-value-changed")
RULES = (
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        *for_all(_EVENTS, "request-parameter"),
        why="a call that leaves the parameter out now means something else",
        migrate="Keep the old default, and let callers ask for the new behaviour by sending the value.",
    ),
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_all(_EVENTS, "request-body", "request-property"),
        why="a call that leaves the value out may now mean something else",
        migrate="Tell callers of the new default.",
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        *for_all(_EVENTS, "response-body", "response-property"),
        why="callers that fill in the default themselves should know",
        migrate="Tell callers of the new default.",
    ),
)
EXAMPLES = {
    "default-value-added": ("{type: string}", "{type: string, default: EUR}"),
    "default-value-removed": ("{type: string, default: EUR}", "{type: string}"),
    "default-value-changed": ("{type: string, default: EUR}", "{type: string, default: USD}"),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the default. That of a required parameter is never taken, and not judged."""
    if place.prefix == "request-parameter" and place.required:
        return
    old, new = place.values("default")
    if old is None:
        event, said = "added", f"{{}} got the default {new!r}"
    elif new is None:
        event, said = "removed", f"{{}} lost its default {old!r}"
    else:
        event, said = "changed", f"the default of {{}} was changed from {old!r} to {new!r}"
    yield Found(f"{place.prefix}-default-value-{event}", said, ("default",), old, new)
