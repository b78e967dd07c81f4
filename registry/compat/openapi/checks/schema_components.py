"""Named schemas that are gone: ``components/schemas``."""

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
    "components",
    "api-schema-removed",
    why="code that is generated from the document loses the name",
    migrate="Keep the schema under its name.",
)
EXAMPLES = {
    "api-schema-removed": ("{components: {schemas: {Bill: {}}}}", "{components: {schemas: {}}}"),
}


def check(document: DocumentDiff, _context: Context) -> Iterator[Found]:
    """Name them."""
    new = document.new_components.get("schemas", {})
    for name, node in document.old_components.get("schemas", {}).items():
        if name not in new:
            yield Found("api-schema-removed", f"the schema `{name}` was removed", facts=(name,), nodes=(node, None))
