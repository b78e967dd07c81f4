"""From any span to the business objects that it served: by milestones, by ids it carries, by linked traces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from collectors.store.client import Store
from collectors.timelines.finding import SpanPlace
from collectors.timelines.links import Links, links_of
from collectors.timelines.model import Key
from collectors.timelines.places import OF_TRACE
from collectors.workflows.definition import Definition

#: How a span is connected with an object, closest first: it is a milestone itself; a span of its trace is one; a span of
#: its trace carries an id of the object (its own attribute, the resource's, or baggage); a linked trace has a milestone.
How = Literal["span", "trace", "carried", "link"]
_LIMIT = 200
#: Instrumentation writes baggage under its own name or behind one of these.
_BAGGAGE = ("", "baggage.", "baggage_")


@dataclass(frozen=True, slots=True)
class Served:
    """A key of an object by one reading of a workflow, how the span is connected with it, and by which span."""

    definition: str
    key: Key
    how: How
    trace_id: str
    span_id: str


def keys_served(
    store: Store, definitions: Sequence[Definition], place: SpanPlace, links: Links | None = None
) -> list[Served]:
    """The keys of the objects that a trace, or one of its spans, served; the closest connection first."""
    found = [
        *_own(_milestones(store, definitions, [place.trace_id]), place),
        *_carried(store, definitions, place.trace_id),
        *_linked(store, definitions, links or links_of(store, place.trace_id)),
    ]
    return sorted(found, key=lambda one: _CLOSEST.index(one.how))


_CLOSEST: tuple[How, ...] = ("span", "trace", "carried", "link")


def _own(found: Iterable[Served], place: SpanPlace) -> Iterator[Served]:
    for one in found:
        how: How = "span" if place.span_id == one.span_id else "trace"
        yield Served(one.definition, one.key, how, one.trace_id, one.span_id)


def _linked(store: Store, definitions: Sequence[Definition], links: Links) -> list[Served]:
    traces = {one.trace_id for one in (*links.comes_from, *links.continues_in)}
    return _milestones(store, definitions, sorted(traces)) if traces else []


def _milestones(store: Store, definitions: Sequence[Definition], traces: Sequence[str]) -> list[Served]:
    """One key of each milestone of these traces, as connected by a link."""
    rows = store.query(
        "SELECT DISTINCT toString(definition), keys[1].1, keys[1].2, lower(hex(trace_id)), lower(hex(span_id)) "
        "FROM milestones WHERE trace_id IN (SELECT toFixedString(unhex(arrayJoin({traces:Array(String)})), 16)) "
        "AND definition IN {definitions:Array(String)} ORDER BY ALL LIMIT {limit:UInt32}",
        {"traces": list(traces), "definitions": [one.id for one in definitions], "limit": _LIMIT},
    )
    return [
        Served(str(ident), Key(str(kind), str(value)), "link", str(trace), str(span))
        for ident, kind, value, trace, span in rows
    ]


def _carried(store: Store, definitions: Sequence[Definition], trace_id: str) -> list[Served]:
    names = sorted({attribute for one in definitions for _, attribute in one.keys})
    looked_up = [f"{before}{name}" for name in names for before in _BAGGAGE]
    rows = store.query(
        "SELECT DISTINCT pair.1, pair.2, lower(hex(span_id)) FROM spans "
        "ARRAY JOIN arrayFilter(p -> p.2 != '' AND NOT startsWith(p.2, '\\0'), arrayMap((n, a) -> (n, "
        "if(attributes[a] != '', attributes[a], resource[a])), {names:Array(String)}, {looked:Array(String)})) AS pair "
        f"WHERE {OF_TRACE} ORDER BY ALL LIMIT {{limit:UInt32}}",
        {
            "names": [name for name in names for _ in _BAGGAGE],
            "looked": looked_up,
            "trace": trace_id,
            "limit": _LIMIT,
        },
    )
    return [
        Served(definition.id, Key(kind, str(value)), "carried", trace_id, str(span))
        for name, value, span in rows
        for definition in definitions
        for kind, attribute in definition.keys
        if attribute == name
    ]
