"""Which objects a list or a flow is about: read from the address, said in a sentence, written back to it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from collectors.timelines.filtering import DeadlineState, Filter
from collectors.timelines.model import Money, State
from collectors.timelines.reading import Totals
from collectors.workflows.definition import Definition
from policies.slas import narrowing
from policies.slas.model import Sla
from policies.slas.narrowing import Narrowing
from registry.durations import parse_duration
from ui import format as fmt
from ui import naming, urls, words
from ui.query import Period, dimensions
from ui.sentence import Bit

#: Lengths of time that the form offers, ISO 8601 and in words.
LENGTHS = (
    ("PT1H", "1 hour"),
    ("PT4H", "4 hours"),
    ("P1D", "1 day"),
    ("P3D", "3 days"),
    ("P7D", "7 days"),
    ("P30D", "30 days"),
)
SORTS = {
    "started": "newest first",
    "age": "oldest first",
    "silence": "longest silent first",
    "amount": "largest amount first",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters, as they could be read; ``troubles`` say which could not."""

    definition: Definition
    period: Period
    state: State | None
    narrowing: Narrowing
    dimensions: Mapping[str, str]
    cursor: str | None
    now: int
    troubles: tuple[str, ...] = ()

    @property
    def sla(self) -> Sla | None:
        """The deadline whose clock has started."""
        return self.narrowing.sla

    @property
    def sla_state(self) -> DeadlineState | None:
        """How it stands with it."""
        return self.narrowing.filter.deadline_state

    @property
    def given(self) -> Mapping[str, str]:
        """The filters beyond period, progress and dimensions as texts."""
        return self.narrowing.given

    @property
    def restricted(self) -> bool:
        """Whether any filter is set."""
        return bool(self.state or self.dimensions or self.given.keys() - {"sort"}) or not self.period.whole

    @property
    def filter(self) -> Filter:
        """The same for the store: with a deadline, the period is that in which its first step was reached."""
        since = None if self.period.whole else self.period.start
        until = None if self.period.whole else self.period.end
        dated = self.sla is not None
        return self.narrowing.onto(
            Filter(
                state=self.state,
                since=None if dated else since,
                until=None if dated else until,
                dimensions=self.dimensions,
                deadline_since=since if dated else None,
                deadline_until=until if dated else None,
            )
        )

    def parameters(self, **changes: str | None) -> dict[str, str | int | None]:
        """The filters as query parameters, some of them changed."""
        sla = {"sla": self.sla.name if self.sla else None}
        return {**self.period.parameters, "state": self.state, **self.given, **sla, **self.dimensions, **changes}

    def address(self, cursor: str | None = None, **changes: str | None) -> str:
        """The list with the same filters from another place on."""
        return urls.instances(self.definition.workflow, {**self.parameters(**changes), "cursor": cursor})


def read(
    definition: Definition, slas: Sequence[Sla], pairs: Sequence[tuple[str, str]], period: Period, now: int
) -> Asked:
    """The filters that a query asks for, and a sentence for each that makes no sense."""
    given = {name: value.strip() for name, value in pairs if value.strip()}
    found = narrowing.read(definition, slas, given, now, promise="deadline")
    state = given.get("state", "")
    troubles = [period.trouble] if period.trouble else []
    times = Counter(name for name, value in pairs if value.strip())
    troubles += [f"“{name[:40]}” is asked for {n} times; only the last counts." for name, n in times.items() if n > 1]
    if state and state not in words.WORKFLOW_STATES:
        troubles.append(f"“{state}” is no state; there are {words.listing(list(words.WORKFLOW_STATES))}.")
    return Asked(
        definition=definition,
        period=period,
        state=cast("State", state) if state in words.WORKFLOW_STATES else None,
        narrowing=found,
        dimensions=dimensions(pairs, [name for name, _ in definition.dimensions]),
        cursor=given.get("cursor"),
        now=now,
        troubles=(*troubles, *found.troubles),
    )


def answer(asked: Asked, totals: Totals) -> list[Bit]:
    """What the list holds: "11 invoices that came to Finalized in the last 30 days are overdue, EUR 5.00 in all."."""
    number = totals.count
    subject = words.quantity(number, asked.definition.object)
    inside = [f"{words.noun(name)} {value}" for name, value in asked.dimensions.items()]
    began = f" came to {_title(asked, asked.sla.start)}" if asked.sla else " began"
    predicates = list(_predicates(asked, number))
    where = f" with {words.listing(inside)}" if inside else ""
    sums = fmt.sums(totals.amounts)
    worth = f", {words.listing(sums)} in all." if sums else "."
    if not predicates:
        return [Bit(f"{subject}{where}{began} {asked.period.words}{worth}")]
    when = "" if asked.period.whole else f" that{began} {asked.period.words}"
    return [Bit(f"{subject}{where}{when} {words.listing(predicates)}{worth}")]


def _predicates(asked: Asked, number: int) -> Iterator[str]:
    be, have = words.verb(number, "is", "are"), words.verb(number, "has", "have")
    if asked.sla and asked.sla_state:
        past = asked.sla_state in ("met", "breached")
        title = asked.sla.title or words.title(asked.sla.name)
        yield f"{words.verb(number, 'was', 'were') if past else be} {words.SLA_STATES[asked.sla_state]} for “{title}”"
    if asked.state:
        yield {
            "running": f"{be} under way",
            "completed": f"{have} been completed",
            "failed": f"{have} failed",
            "cancelled": f"{have} been cancelled",
        }[asked.state]
    yield from _ways(asked, have)
    yield from _facts(asked, be, have)


def _ways(asked: Asked, have: str) -> Iterator[str]:
    chosen = asked.narrowing.filter
    if chosen.steps:
        yield f"{have} reached {words.listing([f'“{_title(asked, step)}”' for step in chosen.steps])}"
    if chosen.missing:
        yield f"{have} not reached “{_title(asked, chosen.missing)}”"
    if chosen.current:
        yield f"{have} come no further than “{_title(asked, chosen.current)}”"
    for hop in chosen.hops:
        start, end = (_title(asked, step) for step in hop)
        yield f"went from “{start}” straight to “{end}”"
    if chosen.path:
        yield f"went exactly this way: {' → '.join(_title(asked, step) for step in chosen.path)}"
    elif chosen.path is not None:
        yield f"{have} reached no step, only failed attempts"


def _facts(asked: Asked, be: str, have: str) -> Iterator[str]:
    chosen = asked.narrowing.filter
    bounds = [
        f"{said} {fmt.money(Money(bound, chosen.currency))}"
        for said, bound in (("at least", chosen.least), ("at most", chosen.most))
        if bound is not None and chosen.currency
    ]
    if bounds:
        yield f"{be} worth {words.listing(bounds)}"
    elif chosen.currency:
        yield f"{be} in {chosen.currency}"
    if chosen.unread is not None:
        yield f"{have} an amount that can't be read" if chosen.unread else f"{have} no amount that can't be read"
    for name, said in (("min_age", "began at least {} ago"), ("max_age", "began at most {} ago")):
        if name in asked.given:
            yield said.format(_length(asked.given[name]))
    if "min_silence" in asked.given:
        yield f"{have} been silent for {_length(asked.given['min_silence'])} or longer"
    if chosen.errors is not None:
        yield f"{have} failed attempts" if chosen.errors else f"{have} no failed attempt"
    if chosen.error:
        yield f"{have} an attempt that failed with “{chosen.error}”"
    if chosen.error_type:
        yield f"{have} met the error {chosen.error_type}"


def _length(text: str) -> str:
    return fmt.duration(round(parse_duration(text).total_seconds() * fmt.SECOND))


def _title(asked: Asked, step: str) -> str:
    return naming.step_titles(asked.definition).get(step) or words.title(step)
