"""Statuses that an operation answers with."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import OperationDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.rules import BREAKING, INFO, RESPONSE, Scope, rules

SCOPE = Scope.OPERATION
RULES = (
    *rules(
        BREAKING,
        RESPONSE,
        "responses",
        "response-success-status-removed",
        why="callers that wait for it take every answer for a failure",
        migrate="Keep answering with the status, or give the operation a new version.",
    ),
    *rules(
        INFO,
        RESPONSE,
        "responses",
        "response-success-status-added",
        "response-non-success-status-added",
        "response-non-success-status-removed",
        why="callers that tell statuses apart should know",
        migrate="Tell callers which statuses to expect.",
    ),
)
EXAMPLES = {
    "response-success-status-removed": ("{responses: {200: {}, 201: {}}}", "{responses: {200: {}}}"),
    "response-success-status-added": ("{responses: {200: {}}}", "{responses: {200: {}, 201: {}}}"),
    "non-success-status-removed": ("{responses: {200: {}, 404: {}}}", "{responses: {200: {}}}"),
    "non-success-status-added": ("{responses: {200: {}}}", "{responses: {200: {}, 404: {}}}"),
}


def check(operation: OperationDiff, _context: Context) -> Iterator[Found]:
    """Name the statuses that came and went; ``default`` is no status."""
    responses = operation.responses
    for event, nodes in (("removed", responses.removed), ("added", responses.added)):
        for status, node in nodes.items():
            if status[:1].isdecimal():
                stem = "success" if status.startswith("2") else "non-success"
                pair = (node, None) if event == "removed" else (None, node)
                said = f"the {status} response was {event}"
                yield Found(f"response-{stem}-status-{event}", said, facts=(status,), nodes=pair)
