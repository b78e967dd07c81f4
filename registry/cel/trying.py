"""Facts for trying a policy: what somebody wrote, the rest empty."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from registry.cel.facts import CONTEXT, OBJECTS, Occasion, roots_on
from registry.cel.policy import LISTS
from registry.cel.types import Type, empty, fill, moment
from registry.nearest import did_you_mean

#: The moment of a case that names none.
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def empty_facts(occasion: Occasion) -> dict[str, Any]:
    """Every fact of an occasion with nothing known, the lists behind single facts among them."""
    facts = {name: empty(root.type, OBJECTS) for name, root in roots_on(occasion).items() if not root.each}
    facts |= {LISTS[name]: [] for name, root in roots_on(occasion).items() if root.each}
    return facts | {"context": dict.fromkeys(CONTEXT, ""), "now": _NOW}


def given_facts(given: Mapping[str, Any], occasion: Occasion) -> dict[str, Any]:
    """Facts as a case gives them: ``{field: {name: email}, now: 2026-04-22}``.

    Raises ``ValueError`` for a fact that there is not, or a value of another type.
    """
    facts, known = empty_facts(occasion), roots_on(occasion)
    for name, value in given.items():
        if name not in known:
            raise ValueError(f"there is no fact {name!r} on {occasion}{did_you_mean(name, known)}")
        root = known[name]
        if root.each:
            facts[LISTS[name]] = fill(Type("", root.type.of, "list"), [value], OBJECTS, name)
        elif name == "now":
            facts["now"] = moment(value, "now")
        elif name == "context":
            facts["context"] |= fill(root.type, value, OBJECTS, name)
        else:
            facts[name] = fill(root.type, value, OBJECTS, name)
    return facts
