"""Span links, both ways: which traces a trace comes from and in which it continues."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collectors.store.client import Store
from collectors.timelines.places import OF_TRACE, OF_TRACES
from collectors.timelines.traces import KINDS

#: A consumer may take hundreds of messages at once; a page shows so many.
LIMIT = 100


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A span of another trace that is linked with ``own_span_id`` of this one; the others are its own.

    ``known`` is false while the span has not arrived; then only its ids are. ``system``, ``operation`` and
    ``destination`` are what ``messaging.*`` attributes say of it, "" where nothing. ``start`` is nanoseconds.
    """

    trace_id: str
    span_id: str
    own_span_id: str
    known: bool = False
    name: str = ""
    service: str = ""
    kind: str = ""
    start: int = 0
    system: str = ""
    operation: str = ""
    destination: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """Where a trace comes from (what its spans link to) and continues (what links to its spans), in time."""

    comes_from: tuple[Neighbour, ...]
    continues_in: tuple[Neighbour, ...]


def links_of(store: Store, trace_id: str) -> Links:
    """The neighbours of a trace (32 hex digits), at most :data:`LIMIT` each way."""
    trace = "toFixedString(unhex({trace:String}), 16)"
    forward = (
        f"SELECT DISTINCT lower(hex(link.1)), lower(hex(link.2)), lower(hex(span_id)) FROM spans "
        f"ARRAY JOIN arrayZip(`links.trace_id`, `links.span_id`) AS link WHERE {OF_TRACE} "
        f"AND length(link.1) = 16 AND length(link.2) = 8 AND link.1 != {trace} ORDER BY 1, 2, 3 LIMIT {LIMIT}"
    )
    backward = (
        "SELECT DISTINCT lower(hex(trace_id)), lower(hex(span_id)), lower(hex(linked_span)) FROM span_links "
        f"WHERE linked_trace = {trace} AND trace_id != {trace} ORDER BY 1, 2, 3 LIMIT {LIMIT}"
    )
    came, went = (
        [(str(other), str(span), str(own)) for other, span, own in store.query(sql, {"trace": trace_id})]
        for sql in (forward, backward)
    )
    told = _details(store, [(other, span) for other, span, _ in (*came, *went)])
    return Links(_ordered(came, told), _ordered(went, told))


def _ordered(
    found: Iterable[tuple[str, str, str]], told: dict[tuple[str, str], Sequence[object]]
) -> tuple[Neighbour, ...]:
    neighbours = (_neighbour(other, span, own, told.get((other, span))) for other, span, own in found)
    return tuple(sorted(neighbours, key=lambda one: (one.start, one.trace_id, one.span_id)))


def _neighbour(trace_id: str, span_id: str, own: str, told: Sequence[object] | None) -> Neighbour:
    if told is None:
        return Neighbour(trace_id, span_id, own)
    name, service, kind, start, system, operation, destination = told
    number = int(str(kind))
    return Neighbour(
        trace_id=trace_id,
        span_id=span_id,
        own_span_id=own,
        known=True,
        name=str(name),
        service=str(service),
        kind=KINDS[number] if number < len(KINDS) else str(kind),
        start=int(str(start)),
        system=str(system),
        operation=str(operation),
        destination=str(destination),
    )


def _details(store: Store, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Sequence[object]]:
    if not wanted:
        return {}
    rows = store.query(
        "SELECT lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span, toString(name), toString(service), kind, "
        "toUnixTimestamp64Nano(ts) AS start, attributes['messaging.system'], "
        "if(attributes['messaging.operation.type'] != '', attributes['messaging.operation.type'], "
        "attributes['messaging.operation']), attributes['messaging.destination.name'] FROM spans "
        f"WHERE {OF_TRACES} "
        "AND span_id IN (SELECT toFixedString(unhex(arrayJoin({spans:Array(String)})), 8)) "
        "ORDER BY start, trace, span LIMIT 1 BY trace, span",
        {"traces": sorted({trace for trace, _ in wanted}), "spans": sorted({span for _, span in wanted})},
    )
    return {(str(row[0]), str(row[1])): row[2:] for row in rows}
