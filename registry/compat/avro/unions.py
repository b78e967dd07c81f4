"""Which branch of one union stands for which of the other."""

from __future__ import annotations

from collections.abc import Sequence

from registry.compat.avro.resolve import Resolution, names_match
from registry.compat.avro.schema import Named, Union, Use


def branches(use: Use) -> tuple[Use, ...]:
    """A union's branches where they stand; any other type is its own only branch."""
    if not isinstance(use.schema, Union):
        return (use,)
    return tuple(Use(branch, f"{use.schema.pointer}/{index}") for index, branch in enumerate(use.schema.branches))


def counterpart(one: Use, others: Sequence[Use]) -> Use | None:
    """The branch that is the same type: by full name first, then by the looser match of names, else by kind."""
    same = [other for other in others if other.schema.kind == one.schema.kind]
    if not isinstance(one.schema, Named):
        return same[0] if same else None
    named = [(other, other.schema) for other in same if isinstance(other.schema, Named)]
    exact = (other for other, schema in named if schema.full_name == one.schema.full_name)
    return next(exact, None) or next((other for other, schema in named if _related(one.schema, schema)), None)


def _related(one: Named, other: Named) -> bool:
    return names_match(one, other) or names_match(other, one)


def reading_branch(resolution: Resolution, candidates: Sequence[Use], writer: Use) -> Use | None:
    """The branch that reads a type: its counterpart if that can, else the first that can."""
    same = counterpart(writer, candidates)
    if same is not None and resolution.reads(same.schema, writer.schema):
        return same
    return next((branch for branch in candidates if resolution.reads(branch.schema, writer.schema)), None)


def first_match(candidates: Sequence[Use], writer: Use) -> Use | None:
    """The branch that a library takes which stops at the first match of kind and name."""
    for branch in candidates:
        if branch.schema.kind == writer.schema.kind:
            if not isinstance(branch.schema, Named) or not isinstance(writer.schema, Named):
                return branch
            if names_match(branch.schema, writer.schema):
                return branch
    return None
