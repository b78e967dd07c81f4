"""Properties on their way out: ``deprecated`` with ``x-sunset``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.notice import NOTICE, deprecation
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import STAYS
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, Scope, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("deprecated",)
_SIDES = (("request", REQUEST), ("response", RESPONSE))
RULES = (
    *(
        rule
        for side, direction in _SIDES
        for rule in (
            *rules(
                INFO,
                direction,
                "schema",
                f"{side}-property-deprecated",
                f"{side}-property-deprecated-with-sunset",
                why="callers should stop relying on it",
                migrate="Tell callers what takes its place, and by when.",
            ),
            *rules(
                INFO,
                direction,
                "schema",
                f"{side}-property-reactivated",
                why="it stays after all",
                migrate=STAYS,
            ),
            *rules(
                BREAKING,
                direction,
                "schema",
                f"{side}-property-deprecated-sunset-missing",
                why="callers cannot tell how long it stays",
                migrate="Add x-sunset with the date of removal.",
            ),
            *rules(
                BREAKING,
                direction,
                "schema",
                f"{side}-property-deprecated-sunset-invalid",
                why="callers cannot tell how long it stays",
                migrate="Write x-sunset as a date, such as 2030-12-31.",
            ),
            *rules(
                BREAKING,
                direction,
                "schema",
                f"{side}-property-sunset-date-too-small",
                why="callers get less notice than they were promised",
                migrate="Choose a later date.",
            ),
        )
    ),
)
EXAMPLES = {
    "property-deprecated": ("{type: string}", "{type: string, deprecated: true}"),
    "property-deprecated-with-sunset": ("{type: string}", "{type: string, deprecated: true, x-sunset: 2999-12-31}"),
    "property-reactivated": ("{type: string, deprecated: true}", "{type: string}"),
    "sunset-missing": ("{type: string}", "{type: string, deprecated: true}", NOTICE),
    "sunset-invalid": ("{type: string}", "{type: string, deprecated: true, x-sunset: soon}"),
    "sunset-date-too-small": ("{type: string}", "{type: string, deprecated: true, x-sunset: 2001-01-01}"),
}


def check(place: Place) -> Iterator[Found]:
    """Judge the notice that the newly deprecated property gives."""
    if place.prefix not in ("request-property", "response-property"):
        return
    verdict = deprecation(place.old.value, place.new.value, place.days, place.context)
    if verdict is None:
        return
    names = {"parse": "deprecated-sunset-invalid", "missing": "deprecated-sunset-missing"}
    event = names.get(verdict.event, verdict.event)
    yield Found(
        f"{place.prefix}-{event}", f"{{}} {verdict.said}", (verdict.key,), new=verdict.date, facts=verdict.facts
    )
