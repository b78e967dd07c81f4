"""The ways to present credentials: ``components/securitySchemes``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import DocumentDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.rules import INFO, NEITHER, Scope, rules

SCOPE = Scope.DOCUMENT
RULES = (
    *rules(
        INFO,
        NEITHER,
        "security",
        "api-security-component-added",
        "api-security-component-removed",
        "api-security-component-type-changed",
        why="callers may have to present their credentials another way",
        migrate="Tell callers how to authenticate.",
    ),
)
EXAMPLES = {
    "component-added": (
        "{components: {securitySchemes: {}}}",
        "{components: {securitySchemes: {key: {type: apiKey}}}}",
    ),
    "component-removed": (
        "{components: {securitySchemes: {key: {type: apiKey}}}}",
        "{components: {securitySchemes: {}}}",
    ),
    "type-changed": (
        "{components: {securitySchemes: {key: {type: apiKey}}}}",
        "{components: {securitySchemes: {key: {type: http}}}}",
    ),
}


def check(document: DocumentDiff, _context: Context) -> Iterator[Found]:
    """Compare the names, and the types of those that both have."""
    old, new = (side.get("securitySchemes", {}) for side in (document.old_components, document.new_components))
    for event, table, other in (("removed", old, new), ("added", new, old)):
        for name, node in table.items():
            if name not in other:
                nodes = (node, None) if event == "removed" else (None, node)
                said = f"the security scheme `{name}` was {event}"
                yield Found(f"api-security-component-{event}", said, facts=(event, name), nodes=nodes)
    for name in [key for key in old if key in new]:
        before, after = old[name].value.get("type"), new[name].value.get("type")
        if before != after:
            said = f"the type of the security scheme `{name}` was changed from {before} to {after}"
            both = (old[name], new[name])
            yield Found("api-security-component-type-changed", said, ("type",), before, after, (name,), both)
