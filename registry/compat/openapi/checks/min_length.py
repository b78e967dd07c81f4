"""The shortest right text: ``minLength``; none is zero."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.bounds import moved, number, request_rules
from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import SURPRISED, TIGHTEN_RESPONSE
from registry.compat.openapi.rules import BREAKING, RESPONSE, Scope, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("minLength",)
RULES = (
    *request_rules("min-length", lower=True, set_anew=False),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("min-length-decreased", "response-body", "response-property"),
        why=SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
)
EXAMPLES = {
    "min-length-increased": ("{type: string, minLength: 5}", "{type: string, minLength: 10}"),
    "min-length-decreased": ("{type: string, minLength: 10}", "{type: string, minLength: 5}"),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the smallest length."""
    old, new = (number(value) or 0 for value in place.values("minLength"))
    yield from moved(place, "min-length", "minimum length", "minLength", (old, new), lower=True)
