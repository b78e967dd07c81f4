"""What a caller of one operation must present."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import OperationDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.rules import INFO, NEITHER, Scope, rules
from registry.compat.openapi.security import compare_requirements

SCOPE = Scope.OPERATION
RULES = (
    *rules(
        INFO,
        NEITHER,
        "security",
        "api-security-added",
        "api-security-removed",
        "api-security-scope-added",
        "api-security-scope-removed",
        why="callers should know what they must present",
        migrate="Tell callers which credentials and scopes they need.",
    ),
)
EXAMPLES = {
    "api-security-added": ("{}", "{security: [{oauth: [read]}]}"),
    "api-security-removed": ("{security: [{oauth: [read]}]}", "{}"),
    "api-security-scope-added": ("{security: [{oauth: [read]}]}", "{security: [{oauth: [read, write]}]}"),
    "api-security-scope-removed": ("{security: [{oauth: [read, write]}]}", "{security: [{oauth: [read]}]}"),
}


def check(operation: OperationDiff, _context: Context) -> Iterator[Found]:
    """Compare the operation's own ``security``."""
    old, new = (side.node.value.get("security") for side in (operation.old, operation.new))
    if old != new:
        yield from compare_requirements(old, new, "api-security")
