"""The name that generated code has for an operation: ``operationId``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import OperationDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.rules import INFO, NEITHER, Scope, rules

SCOPE = Scope.OPERATION
RULES = (
    *rules(
        INFO,
        NEITHER,
        "paths",
        "api-operation-id-removed",
        why="code that is generated from the document loses the name",
        migrate="Keep the operationId.",
    ),
    *rules(
        INFO,
        NEITHER,
        "paths",
        "api-operation-id-added",
        why="generated code gets a name",
        migrate="Nothing breaks; tell those who generate code from the document.",
    ),
)
EXAMPLES = {
    "id-removed": ("{operationId: pay}", "{}"),
    "id-added": ("{}", "{operationId: pay}"),
}


def check(operation: OperationDiff, _context: Context) -> Iterator[Found]:
    """Compare the id; another one in its place is a removal."""
    old, new = (side.node.value.get("operationId") for side in (operation.old, operation.new))
    if old and old != new:
        instead = f" for `{new}`" if new else ""
        yield Found(
            "api-operation-id-removed", f"the operationId `{old}` was given up{instead}", ("operationId",), old, new
        )
    elif new and not old:
        yield Found("api-operation-id-added", f"the operationId `{new}` was added", ("operationId",), old, new)
