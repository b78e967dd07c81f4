"""What a caller of any operation must present, unless the operation says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import DocumentDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.rules import INFO, NEITHER, Scope, rules
from registry.compat.openapi.security import compare_requirements

SCOPE = Scope.DOCUMENT
RULES = (
    *rules(
        INFO,
        NEITHER,
        "security",
        "api-global-security-added",
        "api-global-security-removed",
        "api-global-security-scope-added",
        "api-global-security-scope-removed",
        why="callers should know what they must present",
        migrate="Tell callers which credentials and scopes they need.",
    ),
)
EXAMPLES = {
    "api-global-security-added": ("{}", "{security: [{oauth: [read]}]}"),
    "api-global-security-removed": ("{security: [{oauth: [read]}]}", "{}"),
    "api-global-security-scope-added": ("{security: [{oauth: [read]}]}", "{security: [{oauth: [read, write]}]}"),
    "api-global-security-scope-removed": ("{security: [{oauth: [read, write]}]}", "{security: [{oauth: [read]}]}"),
}


def check(document: DocumentDiff, _context: Context) -> Iterator[Found]:
    """Compare the document's own ``security``."""
    yield from compare_requirements(
        document.old.value.get("security"), document.new.value.get("security"), "api-global-security"
    )
