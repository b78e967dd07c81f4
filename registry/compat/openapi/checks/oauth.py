"""Where OAuth tokens come from, and which scopes there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from registry.compat.openapi.diff.document import mapping
from registry.compat.openapi.diff.model import DocumentDiff, Json
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.rules import INFO, NEITHER, Scope, rules

SCOPE = Scope.DOCUMENT
RULES = (
    *rules(
        INFO,
        NEITHER,
        "security",
        "api-security-component-oauth-url-changed",
        "api-security-component-oauth-token-url-changed",
        why="callers must fetch their tokens elsewhere",
        migrate="Keep the old address until callers have moved.",
    ),
    *rules(
        INFO,
        NEITHER,
        "security",
        "api-security-component-oauth-scope-added",
        "api-security-component-oauth-scope-removed",
        "api-security-component-oauth-scope-changed",
        why="callers should know which scopes to ask for",
        migrate="Tell callers which scopes they need.",
    ),
)
_URLS = (("authorizationUrl", "oauth-url-changed"), ("tokenUrl", "oauth-token-url-changed"))
EXAMPLES = {
    "oauth-url-changed": (
        "{components: {securitySchemes: {o: {type: oauth2, flows: {implicit: {authorizationUrl: https://a.example}}}}}}",
        "{components: {securitySchemes: {o: {type: oauth2, flows: {implicit: {authorizationUrl: https://b.example}}}}}}",
    ),
    "oauth-token-url-changed": (
        "{components: {securitySchemes: {o: {type: oauth2, flows: {implicit: {tokenUrl: https://a.example}}}}}}",
        "{components: {securitySchemes: {o: {type: oauth2, flows: {implicit: {tokenUrl: https://b.example}}}}}}",
    ),
    "scope-added": (
        "{components: {securitySchemes: {o: {type: oauth2, flows: {implicit: {scopes: {}}}}}}}",
        "{components: {securitySchemes: {o: {type: oauth2, flows: {implicit: {scopes: {read: Read}}}}}}}",
    ),
    "scope-removed": (
        "{components: {securitySchemes: {o: {type: oauth2, flows: {implicit: {scopes: {read: Read}}}}}}}",
        "{components: {securitySchemes: {o: {type: oauth2, flows: {implicit: {scopes: {}}}}}}}",
    ),
    "scope-changed": (
        "{components: {securitySchemes: {o: {type: oauth2, flows: {implicit: {scopes: {read: Read}}}}}}}",
        "{components: {securitySchemes: {o: {type: oauth2, flows: {implicit: {scopes: {read: See}}}}}}}",
    ),
}


def check(document: DocumentDiff, _context: Context) -> Iterator[Found]:
    """Compare each flow that both sides have."""
    old, new = (side.get("securitySchemes", {}) for side in (document.old_components, document.new_components))
    for name in [key for key in old if key in new]:
        before, after = (mapping(node.value.get("flows")) for node in (old[name], new[name]))
        for flow in before:
            if flow in after:
                for found in _flow(mapping(before[flow]), mapping(after[flow]), f"flow {flow} of `{name}`"):
                    keys = ("flows", flow, *found.keys)
                    yield replace(found, keys=keys, facts=(name, flow, *found.facts), nodes=(old[name], new[name]))


def _flow(old: Json, new: Json, label: str) -> Iterator[Found]:
    for key, event in _URLS:
        if old.get(key) != new.get(key):
            said = f"the {key} of the {label} was changed from {old.get(key)} to {new.get(key)}"
            yield Found(f"api-security-component-{event}", said, (key,), old.get(key), new.get(key))
    before, after = mapping(old.get("scopes")), mapping(new.get("scopes"))
    for scope in {**before, **after}:
        if before.get(scope) == after.get(scope) and scope in before and scope in after:
            continue
        event = "added" if scope not in before else "removed" if scope not in after else "changed"
        said = f"the scope `{scope}` of the {label} was {event}"
        yield Found(f"api-security-component-oauth-scope-{event}", said, ("scopes", scope), facts=(event, scope))
