"""The facts and functions as tables for the docs."""

from __future__ import annotations

from registry.cel.facts import OBJECTS, ROOTS, Occasion, roots_on
from registry.cel.functions import OWN

_HEAD = ["| fact | type | what it is |", "| --- | --- | --- |"]


def occasion_table(occasion: Occasion) -> str:
    """The facts of one occasion with all their members."""
    lines = list(_HEAD)
    for name, root in roots_on(occasion).items():
        each = "; judged once for each" if root.each else ""
        lines.append(f"| `{name}` | {root.type.text} | {root.about}{each} |")
        if root.type.many or root.type.of not in OBJECTS:
            continue
        lines += [
            f"| `{name}.{member}` | {what.type.text} | {what.about} |" for member, what in OBJECTS[root.type.of].items()
        ]
    return "\n".join(lines)


def facts_table() -> str:
    """All facts, each once, with the occasions on which it is there."""
    lines = ["| fact | type | on | what it is |", "| --- | --- | --- | --- |"]
    for name, root in ROOTS.items():
        each = "; judged once for each" if root.each else ""
        lines.append(f"| `{name}` | {root.type.text} | {', '.join(root.on)} | {root.about}{each} |")
    return "\n".join(lines)


def members_table(name: str) -> str:
    """The members of one object."""
    lines = [f"| `{name}` has | type | what it is |", "| --- | --- | --- |"]
    lines += [f"| `{member}` | {what.type.text} | {what.about} |" for member, what in OBJECTS[name].items()]
    return "\n".join(lines)


def functions_table() -> str:
    """The functions beyond CEL's own."""
    lines = ["| function | what it gives |", "| --- | --- |"]
    lines += [f"| `{name}` | {' '.join((function.__doc__ or '').split())} |" for name, function in OWN.items()]
    return "\n".join(lines)


def reference() -> str:
    """Everything, as the docs have it."""
    objects = "\n\n".join(members_table(name) for name in OBJECTS)
    return f"{facts_table()}\n\n{objects}\n\n{functions_table()}"
