"""A schema that became one of several, or stopped being so: seen as a choice on both sides, only the rest differs."""

from __future__ import annotations

from registry.compat.openapi.diff.document import EMPTY, OpenApi
from registry.compat.openapi.diff.model import Node
from registry.compat.openapi.diff.shape import COMBINATORS, Branch, Shape


def as_branch(document: OpenApi, plain: Shape, choice: Shape) -> Shape:
    """The plain schema as the only branch of a combinator, if the other document has it as one of several.

    Args:
        document: where the choice stands.
        plain: the schema that may have been wrapped; returned as it is if it was not.
        choice: the schema at the same place of the other document.
    """
    if (plain.alternatives and choice.alternatives) or choice.types or "properties" in choice.value:
        return plain
    for key in COMBINATORS:
        branches = choice.branches[key]
        if len(branches) > 1 and key not in plain.value:
            for branch in branches:
                if _is_same(document.node(branch.pointer, branch.value), plain.node):
                    return _wrapped(plain, key, branch)
    return plain


def _is_same(branch: Node, plain: Node) -> bool:
    """A named schema stays the one of its name when it changes; one written in place must be equal."""
    return branch.value == plain.value or (
        branch.pointer == plain.pointer and branch.pointer.startswith("/components/")
    )


def _wrapped(plain: Shape, key: str, branch: Branch) -> Shape:
    written = branch.value if branch.reference else plain.value
    only = Branch(plain.node.pointer, written, branch.reference)
    branches = {name: (only,) if name == key else () for name in COMBINATORS}
    return Shape(Node(plain.node.pointer, EMPTY), (), plain.nullable, branches)
