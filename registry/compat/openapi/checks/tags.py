"""The groups that an operation is listed under: ``tags``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.document import strings
from registry.compat.openapi.diff.model import OperationDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.rules import INFO, NEITHER, Scope, rules

SCOPE = Scope.OPERATION
RULES = (
    *rules(
        INFO,
        NEITHER,
        "tags",
        "api-tag-removed",
        "api-tag-added",
        why="generated code and pages may move it",
        migrate="Tell those who generate code or pages from the document.",
    ),
)
EXAMPLES = {
    "tag-removed": ("{tags: [billing]}", "{}"),
    "tag-added": ("{}", "{tags: [billing]}"),
}


def check(operation: OperationDiff, _context: Context) -> Iterator[Found]:
    """Name the tags that came and went."""
    old, new = (strings(side.node.value.get("tags")) for side in (operation.old, operation.new))
    for event, names, other in (("removed", old, new), ("added", new, old)):
        for tag in names:
            if tag not in other:
                yield Found(f"api-tag-{event}", f"the tag `{tag}` was {event}", ("tags",), facts=(event, tag))
