"""How many items must, and may, meet ``contains``: ``minContains`` (one by default) and ``maxContains``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.bounds import number
from registry.compat.openapi.found import Found
from registry.compat.openapi.narrowing import narrowing
from registry.compat.openapi.place import Place
from registry.compat.openapi.rules import Scope

SCOPE = Scope.SCHEMA
KEYWORDS = ("minContains", "maxContains")
RULES = narrowing(
    ("min-contains-increased", "max-contains-decreased"), ("min-contains-decreased", "max-contains-increased")
)
EXAMPLES = {
    "min-contains-increased": (
        "{contains: {const: total}, minContains: 2}",
        "{contains: {const: total}, minContains: 3}",
    ),
    "min-contains-decreased": (
        "{contains: {const: total}, minContains: 3}",
        "{contains: {const: total}, minContains: 2}",
    ),
    "max-contains-increased": (
        "{contains: {const: total}, maxContains: 2}",
        "{contains: {const: total}, maxContains: 3}",
    ),
    "max-contains-decreased": (
        "{contains: {const: total}, maxContains: 3}",
        "{contains: {const: total}, maxContains: 2}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the counts where both sides have ``contains``; without it they mean nothing."""
    if "contains" not in place.old.value or "contains" not in place.new.value:
        return
    for keyword, stem, absent in (("minContains", "min-contains", 1), ("maxContains", "max-contains", None)):
        old, new = (absent if number(value) is None else value for value in place.values(keyword))
        if old == new:
            continue
        increased = new is None or (old is not None and new > old)
        event = "increased" if increased else "decreased"
        said = f"how many items of {{}} {'must' if absent else 'may'} meet its demand was {event}"
        yield Found(f"{place.prefix}-{stem}-{event}", said, (keyword,), old, new, (str(old), str(new)))
