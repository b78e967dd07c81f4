"""Traces of the sample, and what stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from collectors.timelines.context import Connected, Context
from collectors.timelines.finding import SpanPlace, span_place
from collectors.timelines.links import Links, Neighbour
from collectors.timelines.model import Instance
from collectors.timelines.traces import Span, SpanEvent, SpanLink, Trace
from tests.ui.stand_ins.company import NOW
from ui.format import DAY, MINUTE

MILLI = 1_000_000


class Traces:
    """What stands around the sample's traces: trace 60 continues in 61, and 62 has no object of its own."""

    def __init__(self, instances: Sequence[Instance]) -> None:
        self.instances = instances

    def context(self, trace_id: str, _span_id: str = "") -> Context:
        own = [
            Connected(one, "trace", trace_id, fact.span_id)
            for one in self.instances
            for fact in one.milestones[:1]
            if fact.trace_id == trace_id
        ]
        there = Neighbour(
            f"{61:032x}", f"{1:016x}", f"{4:016x}", True, "process invoices", "hub", "consumer", NOW - DAY + MINUTE,
            "kafka", "process", "invoices",
        )  # fmt: skip
        unknown = Neighbour("f" * 32, "e" * 16, f"{1:016x}")
        if int(trace_id, 16) != 60:
            linked = [replace(one, how="link") for one in self.context(f"{60:032x}").objects]
            return Context(Links((), ()), tuple(own or (linked if int(trace_id, 16) == 62 else ())))
        return Context(Links((unknown,), (there,), 1, 1), tuple(own))

    def find(self, text: str) -> SpanPlace | None:
        place = span_place(text.strip())
        known = place and (int(place.trace_id or "0", 16) in range(1, 101) or place.span_id == f"{7:016x}")
        return SpanPlace(place.trace_id or f"{7:032x}", place.span_id) if place and known else None


def whole(trace_id: str, _span_id: str = "") -> Trace | None:
    """The trace with what its spans come to."""
    spans = trace(trace_id)
    return Trace.of(spans) if spans else None


def trace(trace_id: str) -> tuple[Span, ...]:
    """Five spans with an error inside; no other trace than of invoices is known."""
    if int(trace_id, 16) > 100:
        return ()
    number, begin = int(trace_id, 16), NOW - DAY

    def span(place: int, parent: int, name: str, length: int, **changes: object) -> Span:
        made = Span(
            trace_id, f"{place:016x}", f"{parent:016x}" if parent else "", name, "internal", "billing",
            begin + place * MILLI, length * MILLI, "ok", "", {"invoice.number": f"INV-{number:05d}"}, {"service.name": "billing"}, "", (), (),
        )  # fmt: skip
        return replace(made, **changes)

    tagged = SpanEvent(begin + 3 * MILLI, "exception", {"exception.message": "<b>refused</b>"})
    return (
        span(1, 0, "finalize invoice", 900),
        span(2, 1, "load", 100),
        span(3, 1, "post to NetSuite", 400, status="error", status_message="refused", events=(tagged,)),
        span(4, 3, "POST /invoice", 350, service="netsuite", links=(SpanLink("0" * 31 + "2", "0" * 16, {}),)),
        span(5, 99, "orphan", 10),
    )
