"""What is promised of an operation: ``x-stability-level``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import OperationDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import LEVELS, STABILITY, Context, stability, stability_move
from registry.compat.openapi.rules import BREAKING, INFO, NEITHER, Scope, rules

SCOPE = Scope.OPERATION
RULES = (
    *rules(
        BREAKING,
        NEITHER,
        "paths",
        "api-stability-decreased",
        why="callers were promised more",
        migrate="Keep the level that was promised.",
    ),
    *rules(
        INFO,
        NEITHER,
        "paths",
        "api-stability-increased",
        why="callers may rely on it more",
        migrate="Nothing breaks; tell callers that they may count on it now.",
    ),
    *rules(
        BREAKING,
        NEITHER,
        "paths",
        "api-invalid-stability-level",
        why="callers cannot tell what they may rely on",
        migrate="Write draft, alpha, beta or stable.",
    ),
)
EXAMPLES = {
    "stability-decreased": ("{x-stability-level: stable}", "{x-stability-level: beta}"),
    "stability-increased": ("{x-stability-level: beta}", "{x-stability-level: stable}"),
    "invalid-stability-level": ("{}", "{x-stability-level: steady}"),
}


def check(operation: OperationDiff, _context: Context) -> Iterator[Found]:
    """Compare the two levels."""
    old, new = operation.old.node.value, operation.new.node.value
    for side in (old, new):
        if stability(side) is None:
            said = f"the stability level of {{}} is {side[STABILITY]!r}, which is none of {', '.join(LEVELS)}"
            yield Found("api-invalid-stability-level", said, (STABILITY,), facts=(repr(side[STABILITY]),))
            return
    move = stability_move(old, new)
    if move:
        before, after = old.get(STABILITY), new.get(STABILITY)
        said = f"the stability of {{}} was {move} from {before} to {after or 'none'}"
        yield Found(f"api-stability-{move}", said, (STABILITY,), before, after)
