"""A workflow's list: which objects it shows, said in a sentence, and their rows. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from collectors.timelines.filtering import DeadlineState, Filter
from collectors.timelines.model import Instance, Money, State
from collectors.workflows.definition import Definition
from policies.slas.judge import judge_all
from policies.slas.model import Sla, Verdict
from policies.slas.report import deadline_of
from ui import format as fmt
from ui import naming, urls, words
from ui.query import Period, dimensions
from ui.sentence import Bit

_STATES: dict[str, State] = {"running": "running", "completed": "completed", "failed": "failed"}
_STANDS: dict[str, DeadlineState] = {
    "met": "met",
    "breached": "breached",
    "pending": "pending",
    "overdue": "overdue",
}

_WORST_FIRST = ("overdue", "breached", "pending", "met")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a list, as they could be read; ``troubles`` say which could not."""

    definition: Definition
    period: Period
    state: State | None
    sla: Sla | None
    sla_state: DeadlineState | None
    step: str | None
    missing: str | None
    dimensions: Mapping[str, str]
    cursor: str | None
    now: int
    troubles: tuple[str, ...] = ()

    @property
    def restricted(self) -> bool:
        """Whether any filter is set."""
        named = (self.state, self.sla, self.sla_state, self.step, self.missing)
        return any(named) or bool(self.dimensions) or not self.period.whole

    @property
    def filter(self) -> Filter:
        """The same for the store: with an SLA, the period is that in which its first step was reached."""
        since = None if self.period.whole else self.period.start
        until = None if self.period.whole else self.period.end
        dated = self.sla is not None
        return Filter(
            state=self.state,
            since=None if dated else since,
            until=None if dated else until,
            step=self.step,
            missing=self.missing,
            dimensions=self.dimensions,
            deadline=deadline_of(self.sla) if self.sla else None,
            deadline_state=self.sla_state,
            deadline_since=since if dated else None,
            deadline_until=until if dated else None,
            now=self.now,
        )

    def address(self, cursor: str | None) -> str:
        """The list with the same filters from another place on."""
        mine: dict[str, str | int | None] = {
            **self.period.parameters,
            "state": self.state,
            "sla": self.sla.name if self.sla else None,
            "sla_state": self.sla_state,
            "step": self.step,
            "missing": self.missing,
            **self.dimensions,
            "cursor": cursor,
        }
        return urls.instances(self.definition.workflow, mine)


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


def read(
    definition: Definition, slas: Sequence[Sla], pairs: Sequence[tuple[str, str]], period: Period, now: int
) -> Asked:
    """The filters that a query asks for, and a sentence for each that makes no sense."""
    given = {name: value.strip() for name, value in pairs if value.strip()}
    steps = {step.name for step in definition.steps}
    sla = next((sla for sla in slas if sla.name == given.get("sla")), None)
    if sla is None and "sla_state" in given and len(slas) == 1:
        sla = slas[0]
    return Asked(
        definition=definition,
        period=period,
        state=_STATES.get(given.get("state", "")),
        sla=sla,
        sla_state=_STANDS.get(given.get("sla_state", "")) if sla else None,
        step=given.get("step") if given.get("step") in steps else None,
        missing=given.get("missing") if given.get("missing") in steps else None,
        dimensions=dimensions(pairs, [name for name, _ in definition.dimensions]),
        cursor=given.get("cursor"),
        now=now,
        troubles=tuple(_troubles(definition, sla, given, period)),
    )


def _troubles(definition: Definition, sla: Sla | None, given: Mapping[str, str], period: Period) -> Iterator[str]:
    if period.trouble:
        yield period.trouble
    steps = [step.name for step in definition.steps]
    for name in ("step", "missing"):
        if name in given and given[name] not in steps:
            yield f"“{given[name]}” is no step of this workflow; it has {words.listing(steps)}."
    if "sla" in given and sla is None:
        yield f"This workflow has no deadline “{given['sla']}”, so it was left out."
    if "sla_state" in given and sla is None and "sla" not in given:
        yield "Choose the deadline too; this workflow has several."
    for name, known in (("state", _STATES), ("sla_state", _STANDS)):
        if name in given and given[name] not in known:
            yield f"“{given[name]}” is no {words.noun(name)}; there are {words.listing(list(known))}."


def answer(asked: Asked, number: int) -> list[Bit]:
    """What the list holds, in a sentence: "11 invoices that came to Finalized in the last 30 days are overdue."."""
    subject = words.quantity(number, asked.definition.object)
    inside = [f"{words.noun(name)} {value}" for name, value in asked.dimensions.items()]
    began = f" came to {_title(asked, asked.sla.start)}" if asked.sla else " began"
    predicates = list(_predicates(asked, number))
    where = f" with {words.listing(inside)}" if inside else ""
    if not predicates:
        return [Bit(f"{subject}{where}{began} {asked.period.words}.")]
    when = "" if asked.period.whole else f" that{began} {asked.period.words}"
    return [Bit(f"{subject}{where}{when} {words.listing(predicates)}.")]


def _predicates(asked: Asked, number: int) -> Iterator[str]:
    be, have = words.verb(number, "is", "are"), words.verb(number, "has", "have")
    if asked.sla and asked.sla_state:
        past = asked.sla_state in ("met", "breached")
        title = asked.sla.title or words.title(asked.sla.name)
        yield f"{words.verb(number, 'was', 'were') if past else be} {words.SLA_STATES[asked.sla_state]} for “{title}”"
    if asked.state:
        verbs = {"running": f"{be} under way", "completed": f"{have} been completed", "failed": f"{have} failed"}
        yield verbs[asked.state]
    if asked.step:
        yield f"{have} reached “{_title(asked, asked.step)}”"
    if asked.missing:
        yield f"{have} not reached “{_title(asked, asked.missing)}”"


def _title(asked: Asked, step: str) -> str:
    return naming.step_titles(asked.definition).get(step) or words.title(step)


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
            latest=_latest(instance, titles),
            last_at=instance.last_at,
            state=instance.state,
            mark=_mark(judge_all([asked.sla] if asked.sla else slas, instance, asked.now), names, asked.now),
            errors=instance.errors,
            amount=instance.amount,
        )
        for instance in found
    ]


def _latest(instance: Instance, titles: Mapping[str, str]) -> str:
    if not instance.reached:
        return "only failed attempts"
    step = max(instance.reached, key=lambda name: instance.reached[name])
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
