"""Each place is filled once, and lists on both sides belong together."""

from __future__ import annotations

from collections.abc import Iterator

from registry.kinds.base import Path as Place
from registry.mappings.paths import Path
from registry.mappings.rules import Remark
from registry.mappings.way import Way, driver


def check(way: Way) -> Iterator[Remark]:
    """Places that two fields fill, and lists that don't line up."""
    if not way.derived:
        yield from _twice(way)
    yield from _lists(way)


def _twice(way: Way) -> Iterator[Remark]:
    seen: list[Path] = []
    for one, place in zip(way.fields, way.places, strict=True):
        clash = next((other for other in seen if one.target.within(other) or other.within(one.target)), None)
        if clash is not None:
            same = clash == one.target
            sentence = (
                f"{one.target} is filled twice"
                if same
                else f"{one.target} and {clash} are filled, one inside the other"
            )
            yield Remark("target-twice", (*place, "to"), sentence)
        seen.append(one.target)


def _lists(way: Way) -> Iterator[Remark]:
    fed: dict[Path, Path] = {}
    waiting: list[tuple[Path, Place]] = []
    for one, place in zip(way.fields, way.places, strict=True):
        start = driver(one)
        mine = start.lists() if start else []
        theirs = one.target.lists()
        beside = next((path for path in one.reads if path.lists() != mine[: path.stars]), None)
        if beside is not None:
            yield Remark("array-mismatch", (*place, "from"), f"{beside} goes through other lists than {start}")
            continue
        if len(mine) > len(theirs):
            sentence = f"{start} may be many values, and {one.target} is one; say which, like [0]"
            yield Remark("array-mismatch", (*place, "from"), sentence)
            continue
        for own, other in zip(mine, theirs, strict=False):
            before = fed.setdefault(other, own)
            if before != own:
                sentence = f"the items of {other} come from {before}, so they can't come from {own} too"
                yield Remark("array-mismatch", (*place, "from"), sentence)
        waiting += [(other, (*place, "to")) for other in theirs[len(mine) :]]
    for other, place in waiting:
        if other not in fed:
            yield Remark(
                "array-mismatch", place, f"nothing says how many items {other} has: no field with a list fills it"
            )
