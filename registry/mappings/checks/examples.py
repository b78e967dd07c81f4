"""The examples that the source's schema gives can be mapped, and what they become is valid."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from registry.mappings.engine import apply
from registry.mappings.rules import Remark
from registry.mappings.transforms.tables import CrossReference
from registry.mappings.validating import violations
from registry.mappings.way import Way

_MOST = 5


def check(way: Way) -> Iterator[Remark]:
    """What goes wrong with an example; ids of other systems can't be looked up here, so fields with them are left out."""
    if way.derived:
        return
    fields = [one for one in way.fields if not any(isinstance(step, CrossReference) for step in one.steps)]
    for number, example in enumerate(way.source.examples[:_MOST], 1):
        outcome = way.once(("applied", number), (example,), partial(apply, fields, example, tables=way.tables))
        told = [f"{problem.target}: {problem.message}" for problem in outcome.problems]
        if len(fields) == len(way.fields):
            rests_on = (way.target, outcome)
            found = way.once(("valid", number), rests_on, partial(violations, way.target, outcome.value))
            told += [f"{one.path or 'the result'}: {one.message}" for one in found]
        for sentence in told[:_MOST]:
            yield Remark("example-fails", ("spec", "fields"), f"example {number} of the source's schema: {sentence}")
