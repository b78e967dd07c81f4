"""What a list of a workflow's instances is narrowed to, read from the texts of a query. Pure.

Pages, REST, CSV, flows, exports and GraphQL share this one reading. Words that make no sense are left out and said in
``troubles``; a page shows these, a program is refused with the first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import cast, get_args

from collectors.timelines import money
from collectors.timelines.filtering import DeadlineState, Filter, Sort
from collectors.workflows.definition import Definition
from policies.slas.model import Sla
from policies.slas.report import deadline_of
from registry.durations import parse_duration
from registry.nearest import nearest

#: The parameters and what each asks for. A dimension that the workflow calls by one of these names comes before it.
PARAMETERS: Mapping[str, str] = {
    "step": "A step that was reached; of several, A,B, all were.",
    "missing": "A step that was not reached: what is stuck before it.",
    "current": "The step that was reached last.",
    "hop": "Two steps reached one right after the other, as FROM:TO; of several, A:B,B:C, all were.",
    "path": "All steps that were reached, in time, as A,B,C; - for none.",
    "sla": "An SLA of the workflow whose clock has started.",
    "sla_state": "How it stands with that SLA: met, breached, pending or overdue.",
    "amount_min": "The least amount, a decimal; needs amount_currency.",
    "amount_max": "The largest amount, a decimal; needs amount_currency.",
    "amount_currency": "ISO 4217 code of the amount.",
    "amount_unread": "Whether some event stated an amount that can't be read: true or false.",
    "min_age": "Started at least so long ago, ISO 8601 such as P3D.",
    "max_age": "Started at most so long ago, ISO 8601.",
    "min_silence": "Nothing happened for at least so long, ISO 8601.",
    "errors": "Whether any attempt failed: true or false.",
    "error": "A part of what a failed attempt said.",
    "error_type": "A kind of error that an attempt met: its error.type, exception, HTTP or gRPC status.",
    "sort": "started (last first, the usual), age (first first), silence (longest first), amount (largest first) or id.",
}
#: What ``path`` says where no step was reached.
NO_STEP = "-"
_TRUTH = {"true": True, "false": False}
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What was understood: a filter, bounds of the start (nanoseconds), the SLA, the order, and the texts it came from."""

    filter: Filter
    sla: Sla | None
    sort: Sort
    given: Mapping[str, str]
    troubles: tuple[str, ...]

    def onto(self, base: Filter) -> Filter:
        """A filter with the state, the period, the dimensions and the key of ``base`` beside what this asks for."""
        mine = self.filter
        bounds = [bound for bound in (base.since, mine.since) if bound is not None]
        ends = [bound for bound in (base.until, mine.until) if bound is not None]
        return replace(
            mine,
            key=base.key,
            state=base.state,
            since=max(bounds, default=None),
            until=min(ends, default=None),
            dimensions=base.dimensions,
            overdue=base.overdue,
            deadlines=base.deadlines,
            deadline_since=base.deadline_since,
            deadline_until=base.deadline_until,
        )


class _Reading:
    """The parameters being read, one after another."""

    def __init__(self, definition: Definition, slas: Sequence[Sla], given: Mapping[str, str], promise: str) -> None:
        taken = {name for name, _ in definition.dimensions}
        asked = {name: given[name].strip() for name in PARAMETERS if name in given and name not in taken}
        self.asked = {name: text for name, text in asked.items() if text}
        self.promise = promise
        self.steps = [step.name for step in definition.steps]
        self.slas = {sla.name: sla for sla in slas}
        self.understood: dict[str, str] = {}
        self.troubles: list[str] = []

    def refuse(self, sentence: str) -> None:
        self.troubles.append(sentence)

    def take(self, name: str) -> str | None:
        """The text of a parameter; noted as understood until it is taken back."""
        text = self.asked.get(name)
        if text is not None:
            self.understood[name] = text
        return text

    def drop(self, name: str, sentence: str) -> None:
        del self.understood[name]
        self.refuse(sentence)

    def one_of(self, name: str, known: Sequence[str], what: str) -> str | None:
        text = self.take(name)
        if text is None or text in known:
            return text
        guess = nearest(text, known)
        hint = f"did you mean “{guess}”?" if guess else f"there are {', '.join(known) or 'none'}."
        self.drop(name, f"“{text[:80]}” is no {what}; {hint}")
        return None

    def steps_of(self, name: str, *marks: str) -> tuple[str, ...] | None:
        text = self.take(name)
        if text is None:
            return None
        steps = (
            ()
            if text == NO_STEP and name == "path"
            else tuple(part.strip() for part in re.split("|".join(marks), text))
        )
        unknown = [step for step in steps if step not in self.steps]
        if unknown:
            self.drop(name, f"{name}: “{unknown[0][:80]}” is no step of this workflow; it has {', '.join(self.steps)}.")
            return None
        return steps

    def duration(self, name: str) -> int | None:
        text = self.take(name)
        if text is None:
            return None
        try:
            length = parse_duration(text) // timedelta(microseconds=1) * 1_000
        except (ValueError, OverflowError):
            length = -1
        if not 0 <= length < 2**62:
            self.drop(name, f"{name}: “{text[:40]}” is no length of time; write one like PT4H or P3D.")
            return None
        return length


def read(
    definition: Definition, slas: Sequence[Sla], given: Mapping[str, str], now: int, *, promise: str = "SLA"
) -> Narrowing:
    """What a query asks for; ``given`` may hold other parameters too, ``now`` is nanoseconds.

    ``promise`` is what those who read the troubles call an SLA.
    """
    reading = _Reading(definition, slas, given, promise)
    sla = _sla(reading)
    state = reading.one_of("sla_state", get_args(DeadlineState), f"way to stand with the {promise}") if sla else None
    youngest, oldest, silence = (reading.duration(name) for name in ("min_age", "max_age", "min_silence"))
    currency, least, most = _amounts(reading)
    chosen = Filter(
        since=None if oldest is None else max(0, now - oldest),
        until=None if youngest is None else max(0, now - youngest + 1),
        steps=_steps(reading),
        missing=reading.one_of("missing", reading.steps, "step of this workflow"),
        deadline=deadline_of(sla) if sla else None,
        deadline_state=cast("DeadlineState | None", state),
        now=now,
        order=tuple(reading.steps),
        current=reading.one_of("current", reading.steps, "step of this workflow"),
        hops=_hops(reading),
        path=reading.steps_of("path", ","),
        currency=currency,
        least=least,
        most=most,
        unread=_TRUTH.get(
            reading.one_of("amount_unread", list(_TRUTH), "answer to whether an amount can't be read") or ""
        ),
        heard_before=None if silence is None else max(0, now - silence + 1),
        errors=_TRUTH.get(reading.one_of("errors", list(_TRUTH), "answer to whether there are errors") or ""),
        error=(reading.take("error") or "")[:_LONGEST] or None,
        error_type=reading.take("error_type"),
    )
    sort = cast("Sort", reading.one_of("sort", get_args(Sort), "order of a list") or "started")
    return Narrowing(chosen, sla, sort, reading.understood, tuple(reading.troubles))


def _steps(reading: _Reading) -> tuple[str, ...]:
    """One step, or several with commas between."""
    if "," in reading.asked.get("step", ""):
        return reading.steps_of("step", ",") or ()
    one = reading.one_of("step", reading.steps, "step of this workflow")
    return (one,) if one else ()


def _hops(reading: _Reading) -> tuple[tuple[str, str], ...]:
    """One hop, or several with commas between."""
    steps = reading.steps_of("hop", ",", ":")
    if steps is None:
        return ()
    hops = [hop.split(":") for hop in reading.asked["hop"].split(",")]
    if any(len(hop) != 2 for hop in hops):  # noqa: PLR2004 - from and to
        reading.drop("hop", "hop: write two steps, FROM:TO.")
        return ()
    return tuple((start.strip(), end.strip()) for start, end in hops)


def _sla(reading: _Reading) -> Sla | None:
    name = reading.one_of("sla", list(reading.slas), f"{reading.promise} of this workflow")
    if name is None and "sla_state" in reading.asked and "sla" not in reading.asked:
        if len(reading.slas) == 1:
            return next(iter(reading.slas.values()))
        reading.refuse(f"Choose the {reading.promise} too; this workflow has several or none.")
    return reading.slas.get(name) if name else None


def _amounts(reading: _Reading) -> tuple[str | None, Decimal | None, Decimal | None]:
    currency = reading.take("amount_currency")
    if currency is not None and money.parse("0", currency) is None:
        reading.drop("amount_currency", f"“{currency[:20]}” is no currency; write its ISO 4217 code, such as EUR.")
        currency = None
    bounds: list[Decimal | None] = []
    for name in ("amount_min", "amount_max"):
        text = reading.take(name)
        found = None if text is None else money.parse(text, currency or "XXX")
        if text is not None and found is None:
            reading.drop(name, f"{name}: “{text[:40]}” is no amount; write a decimal such as 1250.00.")
        elif text is not None and currency is None:
            reading.drop(name, f"{name}: say the currency too, since amounts of two can't be compared.")
            found = None
        bounds.append(found.value if found else None)
    return (currency.upper() if currency else None), bounds[0], bounds[1]
