"""From two Avro schemas to the list of changes between them."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from typing import Final

from registry.compat.avro.leaves import enum_changes, fixed_changes, kind_changes, logical_changes, name_changes
from registry.compat.avro.parse import parse
from registry.compat.avro.records import field_pairs, record_changes
from registry.compat.avro.report import Reporter
from registry.compat.avro.resolve import Pair, Resolution, promotes
from registry.compat.avro.schema import Array, Enum, Fixed, Map, Named, Record, Union, Use, describe
from registry.compat.avro.source import Source
from registry.compat.avro.unions import branches, counterpart, first_match, reading_branch
from registry.compat.model import Change, Level, Options


def compare(old_text: str, new_text: str, options: Options) -> list[Change]:  # noqa: ARG001 -- every format has the same door; no option changes how Avro is compared
    """Changes of an Avro schema, for data written with the old one and read with the new one.

    Raises:
        DocumentError: one of the two is no valid Avro schema.
    """
    old, new = Source(old_text, "old"), Source(new_text, "new")
    return _Comparison(Reporter(old, new), Resolution()).run(Use(parse(new), ""), Use(parse(old), ""))


_EXPLAINED: Final = 50
"""So many named types are looked at for the reason of one finding; a reason further down helps nobody."""


class _Comparison:
    """Pairs of named types are taken from a queue, each once, so that recursion ends and deep schemas stay flat.

    With ``explain`` it goes on into a branch that can't be read, to find out why, where it would else only say so.
    """

    def __init__(self, report: Reporter, resolution: Resolution, *, explain: bool = False) -> None:
        self.report = report
        self.resolution = resolution
        self.explain = explain
        self.limit = _EXPLAINED if explain else sys.maxsize
        self.queue: deque[Pair] = deque()
        self.seen: set[tuple[Named, Named]] = set()

    def run(self, new: Use, old: Use) -> list[Change]:
        return list(self.walk(new, old))

    def walk(self, new: Use, old: Use) -> Iterator[Change]:
        yield from self.pair(new, old)
        while self.queue and len(self.seen) < self.limit:
            yield from self.record(*self.queue.popleft())

    def pair(self, new: Use, old: Use) -> Iterator[Change]:
        """Changes between two types wherever they stand, without going into records."""
        one, other = new.schema, old.schema
        if isinstance(other, Union) or isinstance(one, Union):
            yield from self.union(new, old)
        elif isinstance(other, Named) and isinstance(one, Named) and other.kind == one.kind:
            yield from self.named(one, other)
        elif isinstance(other, Array) and isinstance(one, Array):
            yield from self.pair(Use(one.items, f"{one.pointer}/items"), Use(other.items, f"{other.pointer}/items"))
        elif isinstance(other, Map) and isinstance(one, Map):
            yield from self.pair(Use(one.values, f"{one.pointer}/values"), Use(other.values, f"{other.pointer}/values"))
        else:
            if one.kind != other.kind:
                yield from kind_changes(self.report, new, old)
            if one.kind == other.kind or promotes(other.kind, one.kind):
                yield from logical_changes(self.report, one, other)

    def named(self, new: Named, old: Named) -> Iterator[Change]:
        if (new, old) in self.seen:
            return
        self.seen.add((new, old))
        yield from name_changes(self.report, new, old)
        yield from logical_changes(self.report, new, old)
        match new, old:
            case (Record(), Record()):
                self.queue.append((new, old))
            case (Enum(), Enum()):
                yield from enum_changes(self.report, new, old)
            case (Fixed(), Fixed()):
                yield from fixed_changes(self.report, new, old)

    def record(self, new: Record, old: Record) -> Iterator[Change]:
        yield from record_changes(self.report, new, old)
        for one, other in field_pairs(new, old):
            yield from self.pair(Use(one.type, f"{one.pointer}/type"), Use(other.type, f"{other.pointer}/type"))

    def union(self, new: Use, old: Use) -> Iterator[Change]:
        for branch in branches(old):
            if isinstance(new.schema, Union):
                yield from self.old_branch(new, branch)
            else:
                yield from self.pair(new, branch)
        if isinstance(new.schema, Union) and isinstance(old.schema, Union):
            yield from self.branch_lists(new, old)
        elif self.resolution.reads(new.schema, old.schema):
            names = (describe(old.schema), describe(new.schema))
            rule = "type-widened-to-union" if isinstance(new.schema, Union) else "union-narrowed-to-type"
            yield self.between(rule, f"{names[0]} became {names[1]}, which reads it", new, old, names)

    def old_branch(self, new: Use, branch: Use) -> Iterator[Change]:
        """What becomes of one type that may have been written."""
        candidates = branches(new)
        reader = reading_branch(self.resolution, candidates, branch)
        if reader is None:
            yield from self.missing(new, branch)
            return
        first = first_match(candidates, branch)
        if first is not None and not self.resolution.reads(first.schema, branch.schema):
            names = (describe(branch.schema), describe(first.schema), describe(reader.schema))
            message = f"{names[0]} matches {names[1]} first, which can't read it; only {names[2]} can"
            yield self.between("union-branch-ambiguous", message, first, branch, names)
        yield from self.pair(reader, branch)

    def missing(self, new: Use, branch: Use) -> Iterator[Change]:
        nearest = counterpart(branch, branches(new))
        why = ""
        if nearest is not None:
            if self.explain:
                yield from self.pair(nearest, branch)
                return
            probe = _Comparison(self.report, self.resolution, explain=True)
            broken = (change for change in probe.walk(nearest, branch) if change.level is Level.BREAKING)
            why = next((f": {change.message}" for change in broken), "")
        names = (describe(branch.schema), describe(new.schema))
        message = f"old data may hold {names[0]}, which no branch of {names[1]} can read{why}"
        yield self.between("missing-union-branch", message, new, branch, names)

    def branch_lists(self, new: Use, old: Use) -> Iterator[Change]:
        """Branches that came, and those that went without a loss."""
        before, after = branches(old), branches(new)
        for branch in before:
            if counterpart(branch, after) is None and reading_branch(self.resolution, after, branch) is not None:
                name = describe(branch.schema)
                message = f"{name} is no longer a branch; another one reads it"
                yield self.between("union-branch-removed", message, new, branch, (name,))
        for branch in after:
            if counterpart(branch, before) is None:
                name = describe(branch.schema)
                yield self.between("union-branch-added", f"the union has the new branch {name}", branch, old, (name,))

    def between(self, rule: str, message: str, new: Use, old: Use, facts: tuple[str, ...]) -> Change:
        return self.report.change(
            rule,
            message,
            old_path=old.pointer,
            new_path=new.pointer,
            old=describe(old.schema),
            new=describe(new.schema),
            arguments=facts,
        )
