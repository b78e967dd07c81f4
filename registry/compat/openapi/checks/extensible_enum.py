"""Values that left an open list: ``x-extensible-enum``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.document import sequence
from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import LOOSEN_REQUEST
from registry.compat.openapi.rules import BREAKING, REQUEST, Scope, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("x-extensible-enum",)
_WHY = "calls that send the value may no longer be understood"
RULES = (
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        "request-property-x-extensible-enum-value-removed",
        why=_WHY,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        "request-parameter-x-extensible-enum-value-removed",
        why=_WHY,
        migrate=LOOSEN_REQUEST,
    ),
)
EXAMPLES = {
    "enum-value-removed": ("{x-extensible-enum: [open, paid]}", "{x-extensible-enum: [open]}"),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the values where both sides list some."""
    old, new = place.values("x-extensible-enum")
    if not isinstance(new, list):
        return
    for value in sequence(old):
        if value not in new:
            yield Found(
                f"{place.prefix}-x-extensible-enum-value-removed",
                f"{{}} lost the value {value!r} of its open list",
                ("x-extensible-enum",),
                old=value,
                facts=(repr(value),),
            )
