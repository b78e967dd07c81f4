"""The longest right list of a parameter: ``maxItems``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.bounds import moved, number
from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import LOOSEN_REQUEST, REFUSED, STILL_ACCEPTED, TELL_SENDERS
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, Scope, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("maxItems",)
RULES = (
    *rules(
        BREAKING, REQUEST, "parameters", "request-parameter-max-items-decreased", why=REFUSED, migrate=LOOSEN_REQUEST
    ),
    *rules(
        INFO,
        REQUEST,
        "parameters",
        "request-parameter-max-items-increased",
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
)
EXAMPLES = {
    "max-items-increased": ("{type: array, maxItems: 5}", "{type: array, maxItems: 10}"),
    "max-items-decreased": ("{type: array, maxItems: 10}", "{type: array, maxItems: 5}"),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the largest number of items."""
    old, new = place.values("maxItems")
    yield from moved(place, "max-items", "maximum number of items", "maxItems", (number(old), number(new)), lower=False)
