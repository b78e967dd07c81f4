"""The only right value: ``const``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.narrowing import narrowing
from registry.compat.openapi.place import Place
from registry.compat.openapi.rules import Scope

SCOPE = Scope.SCHEMA
KEYWORDS = ("const",)
RULES = narrowing(("const-added",), ("const-removed",), ("const-changed",))
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
