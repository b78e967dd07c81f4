"""Whether an operation takes a body, and must be sent one."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import OperationDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.reasons import STILL_ACCEPTED, TELL_SENDERS
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, Scope, rules

SCOPE = Scope.OPERATION
RULES = (
    *rules(
        BREAKING,
        REQUEST,
        "requestbody",
        "request-body-added-required",
        "request-body-became-required",
        why="calls without a body are refused",
        migrate="Keep the body optional.",
    ),
    *rules(
        INFO,
        REQUEST,
        "requestbody",
        "request-body-added-optional",
        "request-body-became-optional",
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        "request-body-removed",
        why="what callers send in it is no longer read",
        migrate="Keep taking the body, or give the operation a new version.",
    ),
)
EXAMPLES = {
    "added-required": ("{}", "{requestBody: {required: true, content: {application/json: {}}}}"),
    "added-optional": ("{}", "{requestBody: {content: {application/json: {}}}}"),
    "became-required": (
        "{requestBody: {content: {application/json: {}}}}",
        "{requestBody: {required: true, content: {application/json: {}}}}",
    ),
    "became-optional": (
        "{requestBody: {required: true, content: {application/json: {}}}}",
        "{requestBody: {content: {application/json: {}}}}",
    ),
    "body-removed": ("{requestBody: {content: {application/json: {}}}}", "{}"),
}


def check(operation: OperationDiff, _context: Context) -> Iterator[Found]:
    """Compare presence and ``required``."""
    body = operation.body
    if body is None:
        return
    nodes = (body.old, body.new)
    had, has = (node is not None and node.value.get("required") is True for node in nodes)
    if body.old is None:
        need = "required" if has else "optional"
        yield Found(f"request-body-added-{need}", f"the operation got a request body, which is {need}", nodes=nodes)
    elif body.new is None:
        yield Found("request-body-removed", "the operation lost its request body", nodes=nodes)
    elif had != has:
        event, said = ("required", "must be sent") if has else ("optional", "may be left out")
        yield Found(f"request-body-became-{event}", f"the request body {said}", ("required",), had, has, nodes=nodes)
