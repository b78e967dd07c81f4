"""Operations that were not there."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import DocumentDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.rules import INFO, NEITHER, Scope, rules

SCOPE = Scope.DOCUMENT
RULES = rules(
    INFO,
    NEITHER,
    "paths",
    "endpoint-added",
    why="callers may use it",
    migrate="Nothing breaks; tell callers that it is there.",
)
EXAMPLES = {
    "endpoint-added": ("{paths: {}}", "{paths: {/bills: {get: {}}}}"),
}


def check(document: DocumentDiff, _context: Context) -> Iterator[Found]:
    """Name them."""
    for operation in document.added:
        said = f"{operation.label} was added"
        yield Found("endpoint-added", said, nodes=(None, operation.node), operation=operation.label)
