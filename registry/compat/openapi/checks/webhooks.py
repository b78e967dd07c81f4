"""Calls that the provider makes: ``webhooks``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import DocumentDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.rules import BREAKING, INFO, NEITHER, Scope, rules

SCOPE = Scope.DOCUMENT
RULES = (
    *rules(
        BREAKING,
        NEITHER,
        "components",
        "webhook-removed",
        why="whoever waits for it waits in vain",
        migrate="Keep sending it until nobody listens.",
    ),
    *rules(
        INFO,
        NEITHER,
        "components",
        "webhook-added",
        why="callers may subscribe to it",
        migrate="Nothing breaks; tell callers that it is there.",
    ),
)
EXAMPLES = {
    "webhook-removed": ("{webhooks: {paid: {post: {}}}}", "{}"),
    "webhook-added": ("{}", "{webhooks: {paid: {post: {}}}}"),
}


def check(document: DocumentDiff, _context: Context) -> Iterator[Found]:
    """Name those that came and went."""
    for name, node in document.webhooks_removed.items():
        yield Found("webhook-removed", f"the webhook `{name}` was removed", facts=(name,), nodes=(node, None))
    for name, node in document.webhooks_added.items():
        yield Found("webhook-added", f"the webhook `{name}` was added", facts=(name,), nodes=(None, node))
