"""Operations that are gone, alone or with their whole path."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import DocumentDiff, Operation
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import LEVELS, STABILITY, Context, is_unsettled, stability
from registry.compat.openapi.notice import removal
from registry.compat.openapi.reasons import GOES
from registry.compat.openapi.rules import BREAKING, INFO, NEITHER, Scope, rules

SCOPE = Scope.DOCUMENT
_PROMISED = "Keep the operation until its sunset date."
RULES = (
    *rules(
        BREAKING,
        NEITHER,
        "paths",
        "api-removed-without-deprecation",
        "api-path-removed-without-deprecation",
        why="every call to it fails",
        migrate="Mark it deprecated with x-sunset, and remove it after that date.",
    ),
    *rules(
        BREAKING,
        NEITHER,
        "paths",
        "api-removed-before-sunset",
        "api-path-removed-before-sunset",
        why="callers were promised it until then",
        migrate=_PROMISED,
    ),
    *rules(
        BREAKING,
        NEITHER,
        "paths",
        "api-path-sunset-parse",
        why="callers could not tell how long it would stay",
        migrate="Write x-sunset as a date, such as 2030-12-31.",
    ),
    *rules(
        INFO,
        NEITHER,
        "paths",
        "api-removed-with-deprecation",
        "api-path-removed-with-deprecation",
        why="its removal was announced",
        migrate=GOES,
    ),
)
EXAMPLES = {
    "api-removed-without-deprecation": ("{paths: {/bills: {get: {}, put: {}}}}", "{paths: {/bills: {get: {}}}}"),
    "api-removed-with-deprecation": (
        "{paths: {/bills: {get: {}, put: {deprecated: true}}}}",
        "{paths: {/bills: {get: {}}}}",
    ),
    "api-removed-before-sunset": (
        "{paths: {/bills: {get: {}, put: {deprecated: true, x-sunset: 2999-12-31}}}}",
        "{paths: {/bills: {get: {}}}}",
    ),
    "api-path-removed-without-deprecation": ("{paths: {/bills: {put: {}}}}", "{paths: {}}"),
    "api-path-removed-with-deprecation": ("{paths: {/bills: {put: {deprecated: true}}}}", "{paths: {}}"),
    "api-path-removed-before-sunset": (
        "{paths: {/bills: {put: {deprecated: true, x-sunset: 2999-12-31}}}}",
        "{paths: {}}",
    ),
    "api-path-sunset-parse": ("{paths: {/bills: {put: {deprecated: true, x-sunset: soon}}}}", "{paths: {}}"),
}


def check(document: DocumentDiff, context: Context) -> Iterator[Found]:
    """Judge the notice that each gave; a draft or alpha owes none."""
    for stem, operations in (("api-removed", document.removed), ("api-path-removed", document.removed_with_path)):
        for operation in operations:
            level = stability(operation.node.value)
            if level is None:
                yield _of_no_level(operation)
            elif not is_unsettled(level or context.stability):
                yield _removed(stem, operation, context)


def _removed(stem: str, operation: Operation, context: Context) -> Found:
    verdict = removal(operation.node.value, context)
    rule = "api-path-sunset-parse" if verdict.event == "parse" else f"{stem}-{verdict.event}"
    said = f"{operation.label} {verdict.said}"
    return Found(rule, said, facts=verdict.facts, nodes=(operation.node, None), operation=operation.label)


def _of_no_level(operation: Operation) -> Found:
    level = operation.node.value[STABILITY]
    said = f"{operation.label} was removed, and its stability level is {level!r}, which is none of {', '.join(LEVELS)}"
    nodes = (operation.node, None)
    return Found("api-invalid-stability-level", said, (STABILITY,), old=level, nodes=nodes, operation=operation.label)
