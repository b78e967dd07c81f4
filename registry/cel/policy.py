"""A policy as it is judged: its expressions compiled, run over facts, once or for each thing that it asks about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import orjson

from registry.cel.condition import Expression, Facts, JudgingError, Sentence

Level = Literal["allow", "warn", "deny"]
#: The facts that are judged one by one, and the fact that lists them all.
LISTS: Mapping[str, str] = {
    "change": "changes",
    "field": "fields",
    "operation": "operations",
    "lifecycle": "lifecycles",
}
EACH_ROOTS = frozenset(LISTS)
_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Said:
    """What a policy says of one thing. ``place`` and ``arguments`` tell the thing, ``judged`` is false if it could not."""

    level: Level
    message: str
    place: str
    arguments: tuple[str, ...] = ()
    judged: bool = True


class Marks:
    """What tells the things of one set of facts apart, found out once for all policies that judge them."""

    def __init__(self) -> None:
        self._marks: dict[str, list[bytes]] = {}

    def of(self, each: str, items: Sequence[Facts]) -> list[bytes]:
        """A mark for each thing; equal ones have equal marks."""
        if each not in self._marks:
            dumped = (orjson.dumps(item, default=str, option=orjson.OPT_NON_STR_KEYS) for item in items)
            self._marks[each] = list(dumped)
        return self._marks[each]


@dataclass(frozen=True)
class Compiled:
    """A policy's expressions, read. ``identity`` holds the facts beside the place that tell one finding from another."""

    name: str
    deny: Expression | None
    warn: Expression | None
    message: Sentence
    parameters: Mapping[str, Any]
    identity: Sequence[Expression] = ()
    _said: dict[bytes, list[Said]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def conditions(self) -> list[tuple[Level, Expression]]:
        """Worst first."""
        levels: tuple[tuple[Level, Expression | None], ...] = (("deny", self.deny), ("warn", self.warn))
        return [(level, condition) for level, condition in levels if condition is not None]

    @cached_property
    def roots(self) -> frozenset[str]:
        """Every fact that it asks for."""
        asked = [condition.roots for _, condition in self.conditions]
        return frozenset().union(*asked, self.message.roots, *(one.roots for one in self.identity))

    @cached_property
    def each(self) -> str | None:
        """The fact that is judged one by one, if it asks for such a one."""
        return next((name for name in LISTS if name in self.roots), None)

    def judge(self, facts: Facts, marks: Marks | None = None) -> Iterator[Said]:
        """What it says, if it says anything. ``facts`` hold the lists, too; ``marks`` are for policies that share them."""
        each = self.each
        if each is None:
            yield from self._one({**facts, "parameters": self.parameters}, "")
            return
        items = facts.get(LISTS[each], ())
        if not self.roots <= {each, "parameters"}:
            for item in items:
                yield from self._one({**facts, each: item, "parameters": self.parameters}, place_of(each, item))
            return
        # By such a thing alone it judges, and documents change a little at a time, so that much comes again.
        for item, mark in zip(items, (marks if marks is not None else Marks()).of(each, items), strict=True):
            found = self._said.get(mark)
            if found is None:
                if len(self._said) >= _REMEMBERED:
                    self._said.clear()
                alone = {each: item, "parameters": self.parameters}
                found = self._said[mark] = list(self._one(alone, place_of(each, item)))
            yield from found

    def _one(self, facts: Facts, place: str) -> Iterator[Said]:
        for level, condition in self.conditions:
            try:
                if not condition.holds(facts):
                    continue
            except JudgingError as error:
                worst: Level = "warn" if _unseen(condition, facts) else level
                yield Said(worst, f"could not be judged: {error}{_hint(condition, facts)}", place, judged=False)
                return
            yield Said(level, self.message.say(facts), place, tuple(self._arguments(facts)))
            return

    def _arguments(self, facts: Facts) -> Iterator[str]:
        each = self.each
        if each == "change":
            change = facts["change"]
            yield from (change["rule"], change["fingerprint"])
        for one in self.identity:
            try:
                yield json.dumps(one.value(facts), default=str, sort_keys=True)
            except JudgingError:
                yield ""


def place_of(each: str, item: Mapping[str, Any]) -> str:
    """Where one of several things is."""
    return str(item["version"] if each == "lifecycle" else item["path"])


def fingerprint(policy: str, said: Said) -> str:
    """Sixteen hex digits that rest on the policy, the place and the arguments, never on wording."""
    facts = json.dumps(
        [policy, said.place, *said.arguments, *([] if said.judged else ["unjudged"])], ensure_ascii=False
    )
    return hashlib.sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _unseen(condition: Expression, facts: Facts) -> bool:
    """Whether it hangs on calls of which none was seen: that is not known, and no fault of whoever asks."""
    usage = facts.get("usage")
    return "usage" in condition.roots and isinstance(usage, dict) and not usage["known"]


def _hint(condition: Expression, facts: Facts) -> str:
    if not _unseen(condition, facts):
        return ""
    usage = facts["usage"]
    sampled = ", and only a share of the calls is recorded" if usage["sampled"] else ""
    return f"; no call was seen in {usage['look_back_days']} days{sampled}, which does not say that nobody calls"


def stage_cap(level: Level, stage: Level | None) -> Level:
    """A level as far as the roll-out lets it go."""
    order: tuple[Level, ...] = ("allow", "warn", "deny")
    return level if stage is None else order[min(order.index(level), order.index(stage))]
