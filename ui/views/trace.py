"""A trace's page: its spans as a tree, the chosen one in detail, and the business objects that it carried. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collectors.events.model import EVENT_SCOPE
from collectors.timelines.context import Connected, Context
from collectors.timelines.links import Neighbour
from collectors.timelines.model import Instance
from collectors.timelines.served import How
from collectors.timelines.traces import Span, SpanLink, Trace
from collectors.workflows.definition import Definition
from ui import format as fmt
from ui import naming, urls, words
from ui.charts import waterfall
from ui.sentence import Bit

#: How an object is connected, in words; the first two are milestones of the trace itself.
_KNOWN_BY: Mapping[How, str] = {
    "span": "it is a milestone",
    "trace": "by a span that is a milestone",
    "carried": "its id is among the attributes",
    "link": "through a linked trace",
}
_OWN = ("span", "trace")
#: What OpenTelemetry's words mean where they say little by themselves.
_KINDS = {"unspecified": "not given", "internal": "internal, within the service"}
_AN_EVENT = "an event, taken as such and not as a span"
_SERVICES = 6


@dataclass(frozen=True, slots=True)
class Carried:
    """A business object that the trace has milestones of."""

    noun: str
    name: str
    href: str
    steps: Sequence[str]


@dataclass(frozen=True, slots=True)
class Served:
    """A business object that was served, and how and by which span that is known."""

    noun: str
    name: str
    href: str
    how: str
    by: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A trace before or after this one: the span there, the queue between, and the span here."""

    title: str
    href: str | None
    queue: str
    at: int | None
    here: str
    here_href: str
    known_by: str


@dataclass(frozen=True, slots=True)
class Passages:
    """The traces before this one or those after it; ``more`` are not shown."""

    title: str
    shown: Sequence[Passage]
    more: int


@dataclass(frozen=True, slots=True)
class Linked:
    """A span that the chosen one names, and what its link says of it."""

    name: str
    href: str | None
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Detail:
    """The chosen span; ``lasts`` is false for what is no span but an event. ``events`` are what happened within it."""

    span: Span
    kind: str
    lasts: bool
    events: Sequence[tuple[str, Mapping[str, str]]]
    links: Sequence[Linked]
    served: Sequence[Served]


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows. ``absent`` is the span that was asked for and is not in the trace, "" if none is."""

    trace_id: str
    answer: Sequence[Bit]
    objects: Sequence[Carried]
    others: Sequence[Served]
    more: bool
    waterfall: Markup
    count: int
    shown: int
    start: int
    length: int
    absent: str
    chosen: Sequence[Detail]
    key_attributes: Collection[str]
    served: Sequence[Served]
    passages: Sequence[Passages]


def view(
    trace: Trace,
    chosen_id: str | None,
    carried: Sequence[tuple[Instance, Definition]],
    context: Context,
    definitions: Mapping[str, Definition],
) -> View:
    """The page of a trace; ``carried`` are the first instances that it has milestones of, with their milestones."""
    spans = trace.spans
    wanted = (chosen_id or "").lower()
    rows = list(tree(spans))
    chosen = [span for span, _ in rows if span.span_id == wanted] or [rows[0][0]]
    length = trace.end - trace.start
    steps = _steps(context, definitions)
    own = [one for one in context.objects if one.how in _OWN]
    shown = {(instance.workflow, instance.id) for instance, _ in carried}
    return View(
        trace_id=spans[0].trace_id,
        answer=list(_answer(trace, length)),
        objects=[_carried(instance, definition, spans[0].trace_id) for instance, definition in carried],
        others=list(
            _served([one for one in own if (one.instance.workflow, one.instance.id) not in shown], definitions)
        ),
        more=context.more,
        waterfall=waterfall.draw(
            [waterfall.Bar(span, depth, steps.get(span.span_id, "")) for span, depth in rows],
            trace.start,
            length,
            chosen[0].span_id,
        ),
        count=trace.total,
        shown=len(spans),
        start=trace.start,
        length=length,
        absent="" if wanted in ("", chosen[0].span_id) else wanted,
        chosen=[_detail(span, spans, context, definitions, steps) for span in chosen],
        key_attributes=frozenset(attribute for one in definitions.values() for _, attribute in one.keys),
        served=list(_served([one for one in context.objects if one.how not in _OWN], definitions)),
        passages=[
            Passages(title, [_passage(one, spans) for one in found], max(0, total - len(found)))
            for title, found, total in (
                ("Comes from", context.links.comes_from, context.links.came),
                ("Continues in", context.links.continues_in, context.links.went),
            )
            if found
        ],
    )


def _steps(context: Context, definitions: Mapping[str, Definition]) -> dict[str, str]:
    """Span -> what people call the steps that it is."""
    titles = {workflow: naming.step_titles(definition) for workflow, definition in definitions.items()}
    named: dict[str, dict[str, None]] = {}
    for span, workflow, step in context.steps:
        named.setdefault(span, {})[titles.get(workflow, {}).get(step, step)] = None
    return {span: words.listing(list(steps)) for span, steps in named.items()}


def _detail(
    span: Span,
    spans: Sequence[Span],
    context: Context,
    definitions: Mapping[str, Definition],
    steps: Mapping[str, str],
) -> Detail:
    event = span.scope == EVENT_SCOPE
    near = [one for one in context.objects if one.near]
    return Detail(
        span=span,
        kind=_AN_EVENT if event else _KINDS.get(span.kind, span.kind),
        lasts=not event,
        events=[
            (f"{event.name or 'Event'}, {fmt.duration(event.at - span.start)} after the start", event.attributes)
            for event in span.events
        ],
        links=[_linked(link, spans, context) for link in span.links],
        served=list(_served(near, definitions, steps.get(span.span_id, ""))),
    )


def _linked(link: SpanLink, spans: Sequence[Span], context: Context) -> Linked:
    there = (link.trace_id, link.span_id)
    names = {(one.trace_id, one.span_id): one.name for one in spans if one.trace_id == link.trace_id}
    names |= {(one.trace_id, one.span_id): one.name for one in context.links.comes_from if one.known}
    awaited = any(not one.known and (one.trace_id, one.span_id) == there for one in context.links.comes_from)
    name = names.get(there) or f"span {link.span_id} of trace {link.trace_id}"
    return Linked(
        f"{name}, which has not arrived" if awaited else name, None if awaited else urls.trace(*there), link.attributes
    )


def _served(objects: Iterable[Connected], definitions: Mapping[str, Definition], step: str = "") -> Iterator[Served]:
    """The objects with how each is known; ``step`` is what the chosen span is itself."""
    for one in objects:
        definition = definitions.get(one.instance.workflow)
        if definition is not None:
            yield Served(
                noun=words.noun(definition.object),
                name=naming.display_key(one.instance, definition).value,
                href=urls.timeline(one.instance.workflow, one.instance.id),
                how=f"it is {step}" if one.how == "span" and step else _KNOWN_BY[one.how],
                by=urls.trace(one.trace_id, one.span_id),
            )


def _passage(one: Neighbour, spans: Sequence[Span]) -> Passage:
    here = next((span.name for span in spans if span.span_id == one.own_span_id), one.own_span_id)
    queue = " ".join(part for part in (one.system, one.destination) if part)
    title = f"{one.name}, {one.service}" if one.service else one.name
    return Passage(
        title=title if one.known else f"span {one.span_id} of trace {one.trace_id}, which has not arrived",
        href=urls.trace(one.trace_id, one.span_id) if one.known else None,
        queue=queue,
        at=one.start if one.known else None,
        here=here,
        here_href=urls.trace(spans[0].trace_id, one.own_span_id),
        known_by="linked with" if one.by == "link" else "the same message as",
    )


def tree(spans: Sequence[Span]) -> Iterator[tuple[Span, int]]:
    """Spans with their depth, parents before children, siblings by start.

    A span whose parent is not here begins a tree of its own; so does one span of a ring of parents. Where two have one id,
    what lies below it stands below the first.
    """
    ordered = sorted(spans, key=lambda span: (span.start, span.span_id))
    known = {span.span_id for span in spans}
    children: dict[str, list[Span]] = {}
    for span in ordered:
        parent = span.parent_span_id if span.parent_span_id in known else ""
        children.setdefault(parent, []).append(span)
    seen: set[int] = set()
    for root in (*children.get("", ()), *ordered):
        stack = [(root, 0)]
        while stack:
            span, depth = stack.pop()
            if id(span) in seen:
                continue
            seen.add(id(span))
            yield span, depth
            stack += [(child, depth + 1) for child in reversed(children.pop(span.span_id, []))]


def _answer(trace: Trace, length: int) -> Iterator[Bit]:
    services = list(trace.services)
    if len(services) > _SERVICES:
        services = [*services[:_SERVICES], words.quantity(len(services) - _SERVICES, "other service")]
    through = f" through {words.listing(services)}" if services else ""
    yield Bit(f"{words.quantity(trace.total, 'span')}{through} in {fmt.duration(length)}; ")
    failed = next((span for span in trace.spans if span.status == "error"), None)
    if not trace.failed:
        yield Bit("none failed.")
        return
    href = urls.trace(failed.trace_id, failed.span_id) if failed else None
    yield Bit(f"{fmt.count(trace.failed)} failed", href, "bad")
    yield Bit(f", first {failed.name}." if failed else ".")


def _carried(instance: Instance, definition: Definition, trace_id: str) -> Carried:
    titles = naming.step_titles(definition)
    own = [milestone.step for milestone in instance.milestones if milestone.trace_id == trace_id]
    return Carried(
        noun=words.noun(definition.object),
        name=naming.display_key(instance, definition).value,
        href=urls.timeline(instance.workflow, instance.id),
        steps=[titles.get(step, step) for step in dict.fromkeys(own)],
    )
