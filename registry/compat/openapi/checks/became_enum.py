"""A value that was free and is now one of a list."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.document import sequence
from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import LOOSEN_REQUEST
from registry.compat.openapi.rules import BREAKING, REQUEST, Scope, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("enum",)
_WHY = "calls that send any other value are refused"
RULES = (
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        "request-body-became-enum",
        "request-property-became-enum",
        why=_WHY,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        "request-parameter-became-enum",
        "request-header-property-became-enum",
        why=_WHY,
        migrate=LOOSEN_REQUEST,
    ),
)
EXAMPLES = {
    "became-enum": ("{type: string}", "{type: string, enum: [open, paid]}"),
}


def check(place: Place) -> Iterator[Found]:
    """Look for an enum that only the new schema has."""
    old, new = place.values("enum")
    if old or not sequence(new):
        return
    prefix = place.prefix
    if prefix == "request-parameter-property" and place.location == "header":
        prefix = "request-header-property"
    listed = ", ".join(repr(value) for value in new)
    yield Found(f"{prefix}-became-enum", f"{{}} may only be one of {listed}", ("enum",), new=new)
