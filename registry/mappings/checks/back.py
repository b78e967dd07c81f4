"""A mapping in both directions says how each field goes back."""

from __future__ import annotations

from collections.abc import Iterator

from registry.mappings.rules import Remark
from registry.mappings.way import Way


def check(way: Way) -> Iterator[Remark]:
    """Fields without a way back."""
    for position in way.back.missing if way.back else ():
        one = way.fields[position]
        sentence = f"{one.to} can't be led back by undoing “{one.told()}”; state it under reverse, or say one_way: true"
        yield Remark("reverse-missing", way.places[position], sentence)
