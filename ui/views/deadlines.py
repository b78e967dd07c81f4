"""An SLA's page: the answer in a sentence, the figures, the groups and the rows that wait. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from collectors.timelines.model import Money
from collectors.workflows.definition import Definition
from policies.slas.model import Figures, Report, Sla, SlaState, Waiting
from policies.slas.report import Band
from ui import format as fmt
from ui import naming, urls, words
from ui.query import Period
from ui.sentence import Bit


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures the page is about."""

    sla: Sla
    definition: Definition
    period: Period
    dimensions: Mapping[str, str]
    by: str | None
    now: int

    @property
    def title(self) -> str:
        """The SLA's title."""
        return self.sla.title if self.sla.title and self.sla.title != self.sla.name else words.title(self.sla.name)

    @property
    def end_title(self) -> str:
        """The title of the step that is awaited."""
        return naming.step_titles(self.definition).get(self.sla.end) or words.title(self.sla.end)

    @property
    def start_title(self) -> str:
        """The title of the step that starts the clock."""
        return naming.step_titles(self.definition).get(self.sla.start) or words.title(self.sla.start)

    def quantity(self, number: int) -> str:
        """A count of the workflow's objects."""
        return words.quantity(number, self.definition.object)

    def rows(self, state: SlaState | None, **more: str | int | None) -> str:
        """The list of the instances behind a figure; names of ``more`` may end with an underscore."""
        extra = {name.rstrip("_"): value for name, value in more.items()}
        base: dict[str, str | int | None] = {"sla": self.sla.name, "sla_state": state, **self.dimensions}
        dated = {} if {"from", "period"} & extra.keys() else self.period.parameters
        return urls.instances(self.sla.workflow, base | dated | extra)

    def page(self, **changes: str | None) -> str:
        """This page with other parameters."""
        return urls.sla(self.sla.name, {**self.period.parameters, "by": self.by, **self.dimensions, **changes})


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the strip."""

    label: str
    value: str
    note: str = ""
    href: str | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One row of the comparison: a value of a dimension and its figures."""

    name: str
    href: str
    figures: Figures
    links: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """An instance that waits."""

    ident: str
    href: str
    key: str
    since: int
    due_at: int
    waited: int
    past_due: int
    amount: Money | None
    dimensions: Sequence[str]


def answer(asked: Asked, total: Figures, oldest: Waiting | None) -> list[Bit]:
    """The sentence that the page opens with; every figure leads to its rows."""
    if not total.count:
        return [Bit(f"No {words.noun(asked.definition.object)} came to “{asked.start_title}” {asked.period.words}.")]
    open_ = [*_overdue(asked, total, oldest), *_pending(asked, total)]
    return [*_met(asked, total), *_late(asked, total), *open_, *_backwards(asked, total)]


def _met(asked: Asked, total: Figures) -> Iterator[Bit]:
    decided = total.met + total.breached + total.overdue
    if total.attainment is None:
        yield Bit("Nothing is decided yet.")
        return
    yield Bit(fmt.count(total.met), asked.rows("met"))
    yield Bit(f" of {asked.quantity(decided)} {naming.predicate(asked.end_title, decided)} within ")
    yield Bit(f"{fmt.duration(asked.sla.within)} (")
    missed = total.attainment < asked.sla.objective
    target = f", the target is {fmt.percent(asked.sla.objective)}" if missed else ""
    yield Bit(fmt.percent(total.attainment), asked.rows(None), "bad" if missed else "")
    yield Bit(f"{target}).")


def _late(asked: Asked, total: Figures) -> Iterator[Bit]:
    if total.breached:
        yield Bit(" ")
        yield Bit(fmt.count(total.breached), asked.rows("breached"), "bad")
        yield Bit(f" {words.verb(total.breached, 'was', 'were')} late.")


def _overdue(asked: Asked, total: Figures, oldest: Waiting | None) -> Iterator[Bit]:
    if not total.overdue:
        return
    yield Bit(" ")
    yield Bit(fmt.count(total.overdue), asked.rows("overdue"), "late")
    yield Bit(f" {words.verb(total.overdue, 'is', 'are')} overdue")
    if sums := fmt.sums(total.waiting):
        for place, amount in enumerate(sums):
            yield Bit(", " if place == 0 else " and " if place + 1 == len(sums) else ", ")
            yield Bit(amount, tone="nowrap")
        yield Bit(" in all" if total.overdue > 1 else "")
        yield Bit(" (what was settled in part is not taken off)" if asked.sla.end in asked.definition.settling else "")
    if oldest is not None:
        waited = fmt.duration(asked.now - oldest.since)
        yield Bit("; the oldest has waited " if total.overdue > 1 else "; it has waited ")
        yield Bit(waited, urls.timeline(oldest.instance.workflow, oldest.instance.id))
    yield Bit(".")


def _pending(asked: Asked, total: Figures) -> Iterator[Bit]:
    if total.pending:
        yield Bit(" ")
        yield Bit(fmt.count(total.pending), asked.rows("pending"))
        yield Bit(f" {words.verb(total.pending, 'is', 'are')} not due yet.")


def _backwards(asked: Asked, total: Figures) -> Iterator[Bit]:
    if total.backwards:
        yield Bit(" ")
        yield Bit(fmt.count(total.backwards), asked.rows("met"))
        began = words.verb(total.backwards, "was", "were")
        yield Bit(f" {began} done before the start by the systems' clocks; that is in time, and in no percentile.")


def older(asked: Asked, number: int) -> list[Bit]:
    """What is overdue too but began outside the period; empty if there is nothing."""
    if number <= 0:
        return []
    link = urls.instances(asked.sla.workflow, {"sla": asked.sla.name, "sla_state": "overdue", **asked.dimensions})
    return [
        Bit(f"{fmt.count(number)} more", link, "late"),
        Bit(f" {words.verb(number, 'is', 'are')} overdue that began outside this period."),
    ]


def strip(asked: Asked, total: Figures) -> list[Figure]:
    """The figures in a row: attainment, the four states, the percentiles."""
    share = fmt.NOTHING if total.attainment is None else fmt.percent(total.attainment)
    states = {state: getattr(total, state) for state in words.SLA_STATES}
    return [
        Figure("In time", share, f"(target {fmt.percent(asked.sla.objective)})", asked.rows(None)),
        *(
            Figure(word.capitalize(), fmt.count(states[state]), "", asked.rows(_state(state)), state)
            for state, word in words.SLA_STATES.items()
        ),
        Figure("Half within", fmt.seconds(total.p50), "(p50)", asked.rows(None)),
        Figure("90 % within", fmt.seconds(total.p90), "(p90)", asked.rows(None)),
        Figure("99 % within", fmt.seconds(total.p99), "(p99)", asked.rows(None)),
    ]


def _state(name: str) -> SlaState:
    states: dict[str, SlaState] = {"met": "met", "breached": "breached", "overdue": "overdue", "pending": "pending"}
    return states[name]


def groups(asked: Asked, report: Report) -> list[Group]:
    """The values of the dimension, those with most instances first."""
    by = asked.by
    if by is None:
        return []
    ranked = sorted(report.groups.items(), key=lambda item: (-item[1].count, item[0]))
    return [
        Group(
            name=name or f"no {words.noun(by)} given",
            href=asked.page(**{by: name, "by": by}) if name else "",
            figures=figures,
            links={state: asked.rows(_state(state), **{by: name}) for state in words.SLA_STATES} if name else {},
        )
        for name, figures in ranked
    ]


def waiting_rows(asked: Asked, waiting: Sequence[Waiting]) -> list[Row]:
    """Rows for what is overdue, as they come: those that are due longest first."""
    return [
        Row(
            ident=wait.instance.id,
            href=urls.timeline(wait.instance.workflow, wait.instance.id),
            key=naming.display_key(wait.instance, asked.definition).value,
            since=wait.since,
            due_at=wait.due_at,
            waited=asked.now - wait.since,
            past_due=asked.now - wait.due_at,
            amount=wait.instance.amount,
            dimensions=[wait.instance.dimensions.get(name, "") for name, _ in asked.definition.dimensions],
        )
        for wait in waiting
    ]


def band_link(asked: Asked, band: Band) -> str:
    """The overdue instances whose time ran out within a band, whenever they began."""
    latest = asked.now - asked.sla.within - band.low
    earliest = 0 if band.high is None else asked.now - asked.sla.within - band.high
    return asked.rows("overdue", from_=urls.moment(earliest), to=urls.moment(latest))


def sum_of(bands: Sequence[Band]) -> tuple[int, dict[str, Decimal]]:
    """How many are overdue in all bands, and their sums by currency."""
    totals: dict[str, Decimal] = {}
    for band in bands:
        for currency, value in band.amounts.items():
            totals[currency] = totals.get(currency, Decimal(0)) + value
    return sum(band.count for band in bands), totals
