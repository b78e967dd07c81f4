"""Which traces a trace comes from and in which it continues: by span links, both ways, and by messages on both sides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from collectors.store.client import Store
from collectors.timelines.messages import DESTINATION, IDENTITY, OPERATION, RECEIVED, SENT, SIDE, SYSTEM
from collectors.timelines.places import OF_TRACES
from collectors.timelines.traces import KINDS

#: A consumer may take hundreds of messages at once; so many neighbours are told each way.
LIMIT = 100
#: So many are looked at; what is beyond is not even counted.
LOOKED_AT = 2_000
#: Traces that are followed one after another, and how many of each generation.
HOPS, FOLLOWED = 5, 100
#: Places in a log and short ids are used again; so far apart two spans can't have handled one message.
_LONGEST_WAIT = "INTERVAL 14 DAY"

#: link: one of the two names the other. message: both name the same message.
By = Literal["link", "message"]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A span of another trace that is connected with ``own_span_id`` of this one; the others are its own.

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
    by: By = "link"


@dataclass(frozen=True, slots=True)
class Links:
    """Where a trace comes from (what its spans link to) and continues (what links to its spans), in time.

    At most :data:`LIMIT` each way; ``came`` and ``went`` count all, as far as :data:`LOOKED_AT` goes.
    """

    comes_from: tuple[Neighbour, ...]
    continues_in: tuple[Neighbour, ...]
    came: int = field(default=0)
    went: int = field(default=0)


class _Found(NamedTuple):
    """Two spans that are connected, the one further away first."""

    trace: str
    span: str
    own_trace: str
    own_span: str
    by: By


_Step = Callable[[Store, Collection[str]], list[_Found]]
_OF_LINKED = "linked_trace IN (SELECT toFixedString(unhex(arrayJoin({traces:Array(String)})), 16))"
_BEFORE = (
    "SELECT DISTINCT lower(hex(link.1)), lower(hex(link.2)), lower(hex(trace_id)), lower(hex(span_id)) FROM spans "
    f"ARRAY JOIN arrayZip(`links.trace_id`, `links.span_id`) AS link WHERE {OF_TRACES} "
    f"AND length(link.1) = 16 AND length(link.2) = 8 AND link.1 != trace_id ORDER BY ALL LIMIT {LOOKED_AT}"
)
_AFTER = (
    "SELECT DISTINCT lower(hex(trace_id)), lower(hex(span_id)), lower(hex(linked_trace)), lower(hex(linked_span)) "
    f"FROM span_links WHERE {_OF_LINKED} AND trace_id != linked_trace ORDER BY ALL LIMIT {LOOKED_AT}"
)
_HANDLED = (
    "SELECT DISTINCT lower(hex(sipHash128(message))), lower(hex(trace_id)), lower(hex(span_id)), "
    "toUnixTimestamp64Nano(ts) FROM "
    f"(SELECT {IDENTITY} AS message, {SIDE} AS side, trace_id, span_id, ts FROM spans WHERE {OF_TRACES}) "
    f"WHERE message != '' AND side = {{side:String}} ORDER BY ALL LIMIT {LOOKED_AT}"
)
_OTHER_SIDE = (
    "SELECT DISTINCT lower(hex(linked_trace)), lower(hex(trace_id)), lower(hex(span_id)) FROM span_links "
    f"WHERE {_OF_LINKED} AND linked_span = toFixedString({{side:String}}, 8) "
    f"AND ts >= fromUnixTimestamp64Nano({{first:Int64}}, 'UTC') - {_LONGEST_WAIT} "
    f"AND ts <= fromUnixTimestamp64Nano({{last:Int64}}, 'UTC') + {_LONGEST_WAIT} ORDER BY ALL LIMIT {LOOKED_AT}"
)


def links_of(store: Store, trace_id: str) -> Links:
    """The neighbours of a trace (32 hex digits)."""
    came, went = _before(store, [trace_id]), _after(store, [trace_id])
    told = _details(store, [(one.trace, one.span) for one in (*came[:LIMIT], *went[:LIMIT])])
    return Links(_ordered(came[:LIMIT], told), _ordered(went[:LIMIT], told), len(came), len(went))


def chain(store: Store, trace_id: str, links: Links) -> set[str]:
    """The traces before a trace's and those behind it, over several queues; itself is not among them.

    What else another reader of the same queue did, or another sender to the same reader, is neither.
    """
    found: set[str] = set()
    for neighbours, step in ((links.comes_from, _before), (links.continues_in, _after)):
        seen, next_ones = {trace_id}, {one.trace_id for one in neighbours}
        for _ in range(HOPS - 1):
            seen |= next_ones
            asked = sorted(next_ones)[:FOLLOWED]
            next_ones = {one.trace for one in step(store, asked)} - seen if asked else set()
        found |= seen | next_ones
    return found - {trace_id}


def _before(store: Store, traces: Collection[str]) -> list[_Found]:
    linked = _linked(store, _BEFORE, traces)
    return _once([*linked, *_by_message(store, traces, RECEIVED, SENT)])


def _after(store: Store, traces: Collection[str]) -> list[_Found]:
    linked = _linked(store, _AFTER, traces)
    return _once([*linked, *_by_message(store, traces, SENT, RECEIVED)])


def _linked(store: Store, sql: str, traces: Collection[str]) -> list[_Found]:
    rows = store.query(sql, {"traces": list(traces)})
    return [_Found(str(trace), str(span), str(own), str(own_span), "link") for trace, span, own, own_span in rows]


def _once(found: Iterable[_Found]) -> list[_Found]:
    """Where a link says it, the message need not."""
    return list({one[:4]: one for one in reversed(list(found))}.values())[::-1]


def _by_message(store: Store, traces: Collection[str], own: str, other: str) -> list[_Found]:
    """Spans of other traces that handled the same messages, these on one side and those on the other."""
    handled = store.query(_HANDLED, {"traces": list(traces), "side": own})
    if not handled:
        return []
    times = [int(at) for _, _, _, at in handled]
    wanted = {
        "traces": sorted({str(message) for message, *_ in handled}),
        "side": other,
        "first": min(times),
        "last": max(times),
    }
    there: dict[str, list[tuple[str, str]]] = {}
    for message, trace, span in store.query(_OTHER_SIDE, wanted):
        there.setdefault(str(message), []).append((str(trace), str(span)))
    return [
        _Found(trace, span, str(own_trace), str(own_span), "message")
        for message, own_trace, own_span, _ in handled
        for trace, span in there.get(str(message), ())
        if trace != own_trace
    ]


def _ordered(found: Iterable[_Found], told: dict[tuple[str, str], Sequence[object]]) -> tuple[Neighbour, ...]:
    neighbours = (_neighbour(one, told.get((one.trace, one.span))) for one in found)
    return tuple(sorted(neighbours, key=lambda one: (one.start, one.trace_id, one.span_id)))


def _neighbour(found: _Found, told: Sequence[object] | None) -> Neighbour:
    if told is None:
        return Neighbour(found.trace, found.span, found.own_span, by=found.by)
    name, service, kind, start, system, operation, destination = told
    number = int(str(kind))
    return Neighbour(
        trace_id=found.trace,
        span_id=found.span,
        own_span_id=found.own_span,
        known=True,
        name=str(name),
        service=str(service),
        kind=KINDS[number] if number < len(KINDS) else str(kind),
        start=int(str(start)),
        system=str(system),
        operation=str(operation),
        destination=str(destination),
        by=found.by,
    )


def _details(store: Store, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Sequence[object]]:
    if not wanted:
        return {}
    rows = store.query(
        "SELECT lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span, toString(name), toString(service), kind, "
        f"toUnixTimestamp64Nano(ts) AS start, {SYSTEM}, {OPERATION}, {DESTINATION} FROM spans "
        f"WHERE {OF_TRACES} "
        "AND span_id IN (SELECT toFixedString(unhex(arrayJoin({spans:Array(String)})), 8)) "
        "ORDER BY start, trace, span LIMIT 1 BY trace, span",
        {"traces": sorted({trace for trace, _ in wanted}), "spans": sorted({span for _, span in wanted})},
    )
    return {(str(row[0]), str(row[1])): row[2:] for row in rows}
