"""Headers of a response: which there are, and which are always sent."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import ResponseDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.reasons import STILL_UNDERSTOOD, TELL_READERS
from registry.compat.openapi.rules import BREAKING, INFO, RESPONSE, WARNING, Scope, rules

SCOPE = Scope.RESPONSE
_KEEP = "Keep sending the header, or give the operation a new version."
RULES = (
    *rules(
        BREAKING,
        RESPONSE,
        "headers",
        "required-response-header-removed",
        "response-header-became-optional",
        why="callers that rely on it may find it missing",
        migrate=_KEEP,
    ),
    *rules(
        WARNING,
        RESPONSE,
        "headers",
        "optional-response-header-removed",
        why="callers that read it find it missing",
        migrate=_KEEP,
    ),
    *rules(INFO, RESPONSE, "headers", "response-header-added", why=STILL_UNDERSTOOD, migrate=TELL_READERS),
)
EXAMPLES = {
    "required-response-header-removed": ("{headers: {Total: {required: true}}}", "{}"),
    "optional-response-header-removed": ("{headers: {Total: {}}}", "{}"),
    "header-added": ("{}", "{headers: {Total: {}}}"),
    "became-optional": ("{headers: {Total: {required: true}}}", "{headers: {Total: {}}}"),
}


def check(response: ResponseDiff, _context: Context) -> Iterator[Found]:
    """Name the headers that came, went, or are no longer certain."""
    for name, node in response.headers_removed.items():
        need = "required" if node.value.get("required") is True else "optional"
        said = f"the {need} header `{name}` was removed from {{}}"
        yield Found(f"{need}-response-header-removed", said, facts=(name,), nodes=(node, None))
    for name, node in response.headers_added.items():
        yield Found(
            "response-header-added", f"the header `{name}` was added to {{}}", facts=(name,), nodes=(None, node)
        )
    for header in response.headers:
        if header.old.value.get("required") is True and header.new.value.get("required") is not True:
            said = f"the header `{header.name}` of {{}} may be left out"
            nodes = (header.old, header.new)
            yield Found("response-header-became-optional", said, ("required",), facts=(header.name,), nodes=nodes)
