"""Parameters that an operation did not have."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import OperationDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.reasons import STILL_ACCEPTED, TELL_SENDERS
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, Scope, rules

SCOPE = Scope.OPERATION
_MAKE_OPTIONAL = "Make the parameter optional, with a default that keeps the old behaviour."
RULES = (
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        "new-required-request-parameter",
        "new-request-path-parameter",
        "new-required-request-default-parameter-to-existing-path",
        why="calls that leave it out are refused",
        migrate=_MAKE_OPTIONAL,
    ),
    *rules(
        INFO,
        REQUEST,
        "parameters",
        "new-optional-request-parameter",
        "new-optional-request-default-parameter-to-existing-path",
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
)
EXAMPLES = {
    "new-required-request-default-parameter-to-existing-path": (
        "{paths: {/bills: {get: {}}}}",
        "{paths: {/bills: {parameters: [{name: limit, in: query, required: true}], get: {}}}}",
    ),
    "new-optional-request-default-parameter-to-existing-path": (
        "{paths: {/bills: {get: {}}}}",
        "{paths: {/bills: {parameters: [{name: limit, in: query}], get: {}}}}",
    ),
    "new-required-request-parameter": ("{}", "{parameters: [{name: limit, in: query, required: true}]}"),
    "new-optional-request-parameter": ("{}", "{parameters: [{name: limit, in: query}]}"),
    "new-request-path-parameter": ("{}", "{parameters: [{name: id, in: path, required: true}]}"),
}


def check(operation: OperationDiff, _context: Context) -> Iterator[Found]:
    """Name the new parameters; those declared for the whole path have ids of their own."""
    for parameter in operation.parameters.added:
        need = "required" if parameter.required else "optional"
        if parameter.location == "path":
            rule = "new-request-path-parameter"
        elif parameter.shared:
            rule = f"new-{need}-request-default-parameter-to-existing-path"
        else:
            rule = f"new-{need}-request-parameter"
        said = f"the new {need} {parameter.label} was added"
        yield Found(rule, said, facts=(parameter.location, parameter.name), nodes=(None, parameter.node))
