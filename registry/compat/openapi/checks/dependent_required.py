"""Properties that others bring with them: ``dependentRequired``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.document import mapping, strings
from registry.compat.openapi.found import Found
from registry.compat.openapi.narrowing import narrowing
from registry.compat.openapi.place import Place
from registry.compat.openapi.rules import Scope

SCOPE = Scope.SCHEMA
KEYWORDS = ("dependentRequired",)
RULES = narrowing(("dependent-required-added",), ("dependent-required-removed",), ("dependent-required-changed",))
EXAMPLES = {
    "dependent-required-added": ("{type: object}", "{type: object, dependentRequired: {card: [holder]}}"),
    "dependent-required-removed": ("{type: object, dependentRequired: {card: [holder]}}", "{type: object}"),
    "dependent-required-changed": ("{dependentRequired: {card: [holder]}}", "{dependentRequired: {card: [expiry]}}"),
}


def check(place: Place) -> Iterator[Found]:
    """Compare what each property brings with it."""
    old, new = (mapping(value) for value in place.values("dependentRequired"))
    for name in {**old, **new}:
        before, after = strings(old.get(name)), strings(new.get(name))
        if set(before) == set(after):
            continue
        event = "added" if name not in old else "removed" if name not in new else "changed"
        said = f"what comes with property `{name}` of {{}} was {event}"
        facts = (name, *before, "->", *after)
        yield Found(
            f"{place.prefix}-dependent-required-{event}",
            said,
            ("dependentRequired", name),
            before or None,
            after or None,
            facts,
        )
