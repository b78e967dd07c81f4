"""Comparing lists of security requirements: what a caller must present, and with which scopes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from registry.compat.openapi.diff.document import mapping, sequence, strings
from registry.compat.openapi.diff.model import Json
from registry.compat.openapi.found import Found

Requirements = dict[tuple[str, ...], Json]


def compare_requirements(old: Any, new: Any, stem: str) -> Iterator[Found]:
    """Compare two ``security`` lists; the ids begin with the stem. Requirements are matched by the schemes they name."""
    before, after = _by_schemes(old), _by_schemes(new)
    for event, preposition, table, other in (("added", "to", after, before), ("removed", "from", before, after)):
        for schemes in table:
            if schemes not in other:
                name = " and ".join(schemes)
                said = f"the security requirement `{name}` was {event} {preposition} {{}}"
                yield Found(f"{stem}-{event}", said, ("security",), facts=(event, name))
    for schemes, requirement in before.items():
        if schemes in after:
            for scheme in schemes:
                yield from _scopes(scheme, requirement.get(scheme), after[schemes].get(scheme), stem)


def _by_schemes(security: Any) -> Requirements:
    """An empty requirement asks for nothing, and is left out."""
    found = (mapping(requirement) for requirement in sequence(security))
    return {tuple(sorted(requirement)): requirement for requirement in found if requirement}


def _scopes(scheme: str, old: Any, new: Any, stem: str) -> Iterator[Found]:
    before, after = strings(old), strings(new)
    for event, preposition, names, other in (("added", "to", after, before), ("removed", "from", before, after)):
        for scope in names:
            if scope not in other:
                said = f"the scope `{scope}` of `{scheme}` was {event} {preposition} the security of {{}}"
                yield Found(f"{stem}-scope-{event}", said, ("security",), facts=(event, scheme, scope))
