"""Directives that are put on parts of the schema: what they do is known to servers and tools, not to us."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import DirectiveNode, Node, print_ast

from registry.compat.graphql.report import Declared, Reporter
from registry.compat.model import Change


def usage_changes(report: Reporter, place: str, path: str, old: Declared, new: Declared) -> Iterator[Change]:
    """Directives that were added to and removed from one place; ``place`` is part of the rule.

    ``@deprecated`` has rules of its own. A directive with other arguments is one gone and one come.
    """
    before, after = _written(old), _written(new)
    for text, name in after.items():
        if text not in before:
            message = f"the directive {text} was added to {path}"
            rule = f"directive-usage-{place}-added"
            yield report.change(rule, f"{path}.@{name}", message, old=old, new=new, values=(None, text))
    for text, name in before.items():
        if text not in after:
            message = f"the directive {text} was removed from {path}"
            rule = f"directive-usage-{place}-removed"
            yield report.change(rule, f"{path}.@{name}", message, old=old, new=new, values=(text, None))


def _written(part: Declared) -> dict[str, str]:
    """Each use as text (arguments in alphabetical order) and the directive's name."""
    nodes: tuple[Node | None, ...] = (part.ast_node, *getattr(part, "extension_ast_nodes", ()))
    uses: list[DirectiveNode] = [
        use for node in nodes if node is not None for use in getattr(node, "directives", None) or ()
    ]
    return {_text(use): use.name.value for use in uses if use.name.value != "deprecated"}


def _text(use: DirectiveNode) -> str:
    arguments = sorted(print_ast(argument) for argument in use.arguments or ())
    return f"@{use.name.value}({', '.join(arguments)})" if arguments else f"@{use.name.value}"
