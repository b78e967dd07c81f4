"""A policy as it is judged: its expressions compiled, run over facts, once or for each thing that it asks about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

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


@dataclass(frozen=True, slots=True)
class Said:
    """What a policy says of one thing. ``place`` and ``arguments`` tell the thing, ``judged`` is false if it could not."""

    level: Level
    message: str
    place: str
    arguments: tuple[str, ...] = ()
    judged: bool = True


@dataclass(frozen=True, slots=True)
class Compiled:
    """A policy's expressions, read. ``identity`` holds the facts beside the place that tell one finding from another."""

    name: str
    deny: Expression | None
    warn: Expression | None
    message: Sentence
    parameters: Mapping[str, Any]
    identity: Sequence[Expression] = ()

    @property
    def conditions(self) -> list[tuple[Level, Expression]]:
        """Worst first."""
        levels: tuple[tuple[Level, Expression | None], ...] = (("deny", self.deny), ("warn", self.warn))
        return [(level, condition) for level, condition in levels if condition is not None]

    @property
    def roots(self) -> frozenset[str]:
        """Every fact that it asks for."""
        asked = [condition.roots for _, condition in self.conditions]
        return frozenset().union(*asked, self.message.roots, *(one.roots for one in self.identity))

    @property
    def each(self) -> str | None:
        """The fact that is judged one by one, if it asks for such a one."""
        return next((name for name in LISTS if name in self.roots), None)

    def judge(self, facts: Facts) -> Iterator[Said]:
        """What it says, if it says anything. ``facts`` hold the lists, too."""
        each = self.each
        if each is None:
            yield from self._one({**facts, "parameters": self.parameters}, "")
            return
        for item in facts.get(LISTS[each], ()):
            yield from self._one({**facts, each: item, "parameters": self.parameters}, place_of(each, item))

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
