"""From any span to the business objects that it served: by milestones, by ids it carries, by linked traces."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import unquote

from collectors.store.client import Store
from collectors.timelines.finding import SpanPlace
from collectors.timelines.links import Links, chain, links_of
from collectors.timelines.model import Key
from collectors.timelines.places import OF_TRACE
from collectors.timelines.traces import attribute_text, parents_in
from collectors.workflows.definition import Definition

#: How a span is connected with an object: it is a milestone itself; a span of its trace is one; a span of its trace
#: carries an id of the object (its own attribute, the resource's, or baggage); a linked trace has a milestone.
How = Literal["span", "trace", "carried", "link"]
#: So many keys are told; so many rows are looked at to find the closest of them.
LIMIT, _LOOKED_AT = 200, 20_000
#: Instrumentation writes baggage under its own name or behind one of these.
_BAGGAGE = ("", "baggage.", "baggage_")
#: Where instrumentation that captures headers leaves the header itself, a text or a list of texts.
_HEADERS = ("http.request.header.baggage", "messaging.header.baggage", "rpc.grpc.request.metadata.baggage")
_CLOSEST: tuple[How, ...] = ("span", "trace", "carried", "link")


@dataclass(frozen=True, slots=True)
class Served:
    """A key of an object by one reading of a workflow, how the span is connected with it, and by which span.

    ``near``: by the span that was asked for, or by one above or below it in its trace. A trace may serve many objects, its
    spans one each. ``step`` is what the milestone is by which it is known, "" where it is known by none.
    """

    definition: str
    key: Key
    how: How
    trace_id: str
    span_id: str
    near: bool = False
    step: str = ""


def keys_served(
    store: Store, definitions: Sequence[Definition], place: SpanPlace, links: Links | None = None
) -> list[Served]:
    """The keys of the objects that a trace, or one of its spans, served; the closest connection first."""
    family = _family(store, place) if place.span_id else frozenset()
    found = [
        *_own(store, definitions, place, family),
        *_carried(store, definitions, place.trace_id, family),
        *_linked(store, definitions, place.trace_id, links or links_of(store, place.trace_id)),
    ]
    return sorted(found, key=lambda one: (not one.near, _CLOSEST.index(one.how)))


def _family(store: Store, place: SpanPlace) -> frozenset[str]:
    """A span with all that it is part of and all that is part of it."""
    parents: dict[str, list[str]] = {}
    children: dict[str, list[str]] = {}
    for span, parent in parents_in(store, place.trace_id):
        parents.setdefault(span, []).append(parent)
        children.setdefault(parent, []).append(span)
    return frozenset(_reach(place.span_id, parents) | _reach(place.span_id, children))


def _reach(start: str, steps: dict[str, list[str]]) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        new = [one for one in steps.get(waiting.pop(), ()) if one and one not in seen]
        seen.update(new)
        waiting += new
    return seen


def _own(
    store: Store, definitions: Sequence[Definition], place: SpanPlace, family: Collection[str]
) -> Iterator[Served]:
    for one in _milestones(store, definitions, [place.trace_id], _LOOKED_AT):
        how: How = "span" if place.span_id == one.span_id else "trace"
        yield replace(one, how=how, near=one.span_id in family)


def _linked(store: Store, definitions: Sequence[Definition], trace_id: str, links: Links) -> list[Served]:
    traces = chain(store, trace_id, links) if links.comes_from or links.continues_in else ()
    return _milestones(store, definitions, sorted(traces), LIMIT) if traces else []


def _milestones(store: Store, definitions: Sequence[Definition], traces: Sequence[str], limit: int) -> list[Served]:
    """One key of each milestone of these traces, as connected by a link."""
    rows = store.query(
        "SELECT DISTINCT toString(definition), keys[1].1, keys[1].2, lower(hex(trace_id)), lower(hex(span_id)), toString(step) "
        "FROM milestones WHERE trace_id IN (SELECT toFixedString(unhex(arrayJoin({traces:Array(String)})), 16)) "
        "AND definition IN {definitions:Array(String)} ORDER BY ALL LIMIT {limit:UInt32}",
        {"traces": list(traces), "definitions": [one.id for one in definitions], "limit": limit},
    )
    return [
        Served(str(ident), Key(str(kind), str(value)), "link", str(trace), str(span), step=str(step))
        for ident, kind, value, trace, span, step in rows
    ]


def _carried(
    store: Store, definitions: Sequence[Definition], trace_id: str, family: Collection[str]
) -> Iterator[Served]:
    names = sorted({attribute for one in definitions for _, attribute in one.keys})
    found = {*_attributes(store, trace_id, names), *_headers(store, trace_id, names)}
    for name, value, span in sorted(found):
        for definition in definitions:
            for kind, attribute in definition.keys:
                if attribute == name:
                    yield Served(definition.id, Key(kind, value), "carried", trace_id, span, span in family)


def _attributes(store: Store, trace_id: str, names: Sequence[str]) -> Iterable[tuple[str, str, str]]:
    """(name, value, span) of the attributes of these names, also where they are baggage."""
    rows = store.query(
        "SELECT DISTINCT pair.1, pair.2, lower(hex(span_id)) FROM spans "
        "ARRAY JOIN arrayFilter(p -> p.2 != '' AND NOT startsWith(p.2, '\\0'), arrayMap((n, a) -> (n, "
        "if(attributes[a] != '', attributes[a], resource[a])), {names:Array(String)}, {looked:Array(String)})) AS pair "
        f"WHERE {OF_TRACE} ORDER BY ALL LIMIT {_LOOKED_AT}",
        {
            "names": [name for name in names for _ in _BAGGAGE],
            "looked": [f"{before}{name}" for name in names for before in _BAGGAGE],
            "trace": trace_id,
        },
    )
    return [(str(name), str(value), str(span)) for name, value, span in rows]


def _headers(store: Store, trace_id: str, names: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """The same of what recorded ``baggage`` headers hold."""
    rows = store.query(
        "SELECT DISTINCT arrayJoin(arrayFilter(v -> v != '', arrayMap(a -> attributes[a], {headers:Array(String)}))), "
        f"lower(hex(span_id)) FROM spans WHERE {OF_TRACE} ORDER BY ALL LIMIT {_LOOKED_AT}",
        {"headers": list(_HEADERS), "trace": trace_id},
    )
    for header, span in rows:
        for name, value in baggage(attribute_text(str(header))):
            if name in names:
                yield name, value, str(span)


def baggage(header: str) -> Iterator[tuple[str, str]]:
    """The names and values of a ``baggage`` header (W3C), or of several as the JSON of a list; what is none is left out.

    Percent-encoded values are decoded; properties behind a semicolon say nothing of the value.
    """
    for member in header.removeprefix("[").removesuffix("]").replace('"', "").split(","):
        name, equals, value = member.partition(";")[0].partition("=")
        if equals and name.strip() and value.strip():
            yield name.strip(), unquote(value.strip())
