"""A workflow's list: the rows of the objects it shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collectors.timelines.model import Instance, Money, State
from policies.slas.judge import judge_all
from policies.slas.model import Sla, Verdict
from ui import format as fmt
from ui import naming, urls, words
from ui.views.wanted import Asked

_WORST_FIRST = ("overdue", "breached", "pending", "met")


@dataclass(frozen=True, slots=True)
class Mark:
    """How an object stands with its SLAs: the worst one's state in words, which it is, and how many more."""

    state: str
    words: str
    title: str
    more: str


@dataclass(frozen=True, slots=True)
class Row:
    """One object of the list."""

    key: str
    href: str
    dimensions: Sequence[str]
    started_at: int
    latest: str
    last_at: int
    state: State
    mark: Mark | None
    errors: int
    amount: Money | None


def rows(asked: Asked, slas: Sequence[Sla], found: Sequence[Instance]) -> list[Row]:
    """A row per object, in the order found."""
    titles = naming.step_titles(asked.definition)
    names = {sla.name: sla.title or words.title(sla.name) for sla in slas}
    return [
        Row(
            key=naming.display_key(instance, asked.definition).value,
            href=urls.timeline(instance.workflow, instance.id),
            dimensions=[instance.dimensions.get(name, "") for name, _ in asked.definition.dimensions],
            started_at=instance.started_at,
            latest=_latest(instance, titles, list(titles)),
            last_at=instance.last_at,
            state=instance.state,
            mark=_mark(judge_all([asked.sla] if asked.sla else slas, instance, asked.now), names, asked.now),
            errors=instance.errors,
            amount=instance.amount,
        )
        for instance in found
    ]


def _latest(instance: Instance, titles: Mapping[str, str], order: Sequence[str]) -> str:
    if not instance.reached:
        return "only failed attempts"
    places = {name: place for place, name in enumerate(order)}
    step = max(instance.reached, key=lambda name: (instance.reached[name], places.get(name, -1), name))
    return titles.get(step) or words.title(step)


def _mark(verdicts: Sequence[Verdict], names: Mapping[str, str], now: int) -> Mark | None:
    if not verdicts:
        return None
    worst = min(verdicts, key=lambda verdict: (_WORST_FIRST.index(verdict.state), verdict.due_at))
    alike = sum(verdict.state == worst.state for verdict in verdicts) - 1
    said = words.SLA_STATES[worst.state]
    if worst.state == "overdue":
        said = f"overdue {fmt.duration(now - worst.due_at)}"
    elif worst.state == "pending":
        said = f"due in {fmt.duration(worst.due_at - now)}"
    elif alike and alike + 1 == len(verdicts):
        return Mark(worst.state, said, f"all {len(verdicts)}", "")
    title = names[worst.sla] if len(names) > 1 and len(verdicts) > 1 else ""
    return Mark(worst.state, said, title, f"and {alike} more" if alike else "")
