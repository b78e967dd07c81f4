"""A trace's page: its spans as a tree, the chosen one in detail, and the business objects that it carried. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collectors.timelines.context import Context
from collectors.timelines.links import Neighbour
from collectors.timelines.model import Instance
from collectors.timelines.traces import LIMIT, Span
from collectors.workflows.definition import Definition
from ui import format as fmt
from ui import naming, urls, words
from ui.charts import waterfall
from ui.sentence import Bit

#: Connections other than a milestone of the trace itself, in words.
_KNOWN_BY = {"carried": "its id is among the attributes", "link": "through a linked trace"}


@dataclass(frozen=True, slots=True)
class Carried:
    """A business object that the trace has milestones of."""

    noun: str
    name: str
    href: str
    steps: Sequence[str]


@dataclass(frozen=True, slots=True)
class Served:
    """A business object that the trace has no milestone of but served all the same, and how that is known."""

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


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows; ``tables`` are the chosen span's attributes, resource and events."""

    trace_id: str
    answer: Sequence[Bit]
    objects: Sequence[Carried]
    waterfall: Markup
    count: int
    start: int
    length: int
    cut: bool
    chosen: Span
    tables: Sequence[tuple[str, Mapping[str, str]]]
    key_attributes: Collection[str]
    served: Sequence[Served]
    comes_from: Sequence[Passage]
    continues_in: Sequence[Passage]


def view(
    spans: Sequence[Span],
    chosen_id: str | None,
    carried: Sequence[tuple[Instance, Definition]],
    context: Context,
    definitions: Mapping[str, Definition],
) -> View:
    """The page of a trace with at least one span; ``carried`` are the instances with their milestones."""
    trace_id = spans[0].trace_id
    steps = {
        milestone.span_id: naming.step_titles(definition).get(milestone.step, milestone.step)
        for instance, definition in carried
        for milestone in instance.milestones
        if milestone.trace_id == trace_id
    }
    rows = list(tree(spans))
    chosen = next((span for span in spans if span.span_id == chosen_id), rows[0][0])
    start = min(span.start for span in spans)
    length = max(span.start + span.duration for span in spans) - start
    return View(
        trace_id=trace_id,
        answer=list(_answer(spans, length)),
        objects=[_carried(instance, definition, trace_id) for instance, definition in carried],
        waterfall=waterfall.draw(
            [waterfall.Bar(span, depth, steps.get(span.span_id, "")) for span, depth in rows],
            start,
            length,
            chosen.span_id,
        ),
        count=len(spans),
        start=start,
        length=length,
        cut=len(spans) >= LIMIT,
        chosen=chosen,
        tables=list(_tables(chosen)),
        key_attributes=frozenset(attribute for one in definitions.values() for _, attribute in one.keys),
        served=list(_served(context, definitions)),
        comes_from=[_passage(one, spans) for one in context.links.comes_from],
        continues_in=[_passage(one, spans) for one in context.links.continues_in],
    )


def _served(context: Context, definitions: Mapping[str, Definition]) -> Iterator[Served]:
    for one in context.objects:
        definition = definitions.get(one.instance.workflow)
        if definition is not None and one.how in _KNOWN_BY:
            yield Served(
                noun=words.noun(definition.object),
                name=naming.display_key(one.instance, definition).value,
                href=urls.timeline(one.instance.workflow, one.instance.id),
                how=_KNOWN_BY[one.how],
                by=urls.trace(one.trace_id, one.span_id),
            )


def _passage(one: Neighbour, spans: Sequence[Span]) -> Passage:
    here = next((span.name for span in spans if span.span_id == one.own_span_id), one.own_span_id)
    queue = " ".join(part for part in (one.system, one.destination) if part)
    title = f"{one.name}, {one.service}" if one.service else one.name
    return Passage(
        title=title if one.known else f"trace {one.trace_id}, which has not arrived",
        href=urls.trace(one.trace_id, one.span_id) if one.known else None,
        queue=queue,
        at=one.start if one.known else None,
        here=here,
        here_href=f"{urls.trace(spans[0].trace_id, one.own_span_id)}#span",
    )


def tree(spans: Sequence[Span]) -> Iterator[tuple[Span, int]]:
    """Spans with their depth, parents before children, siblings by start.

    A span whose parent is not here begins a tree of its own; so does one span of a ring of parents.
    """
    known = {span.span_id for span in spans}
    children: dict[str, list[Span]] = {}
    for span in sorted(spans, key=lambda span: (span.start, span.span_id)):
        parent = span.parent_span_id if span.parent_span_id in known else ""
        children.setdefault(parent, []).append(span)
    seen: set[str] = set()
    rest = sorted(spans, key=lambda span: (span.start, span.span_id))
    for root in (*children.get("", ()), *rest):
        stack = [(root, 0)]
        while stack:
            span, depth = stack.pop()
            if span.span_id in seen:
                continue
            seen.add(span.span_id)
            yield span, depth
            stack += [(child, depth + 1) for child in reversed(children.get(span.span_id, []))]


def _answer(spans: Sequence[Span], length: int) -> Iterator[Bit]:
    services = list(dict.fromkeys(span.service for span in spans if span.service))
    through = f" through {words.listing(services)}" if services else ""
    yield Bit(f"{words.quantity(len(spans), 'span')}{through} in {fmt.duration(length)}; ")
    failed = [span for span in spans if span.status == "error"]
    if not failed:
        yield Bit("none failed.")
        return
    yield Bit(f"{fmt.count(len(failed))} failed", urls.trace(failed[0].trace_id, failed[0].span_id), "bad")
    yield Bit(f", first {failed[0].name}.")


def _carried(instance: Instance, definition: Definition, trace_id: str) -> Carried:
    titles = naming.step_titles(definition)
    own = [milestone.step for milestone in instance.milestones if milestone.trace_id == trace_id]
    return Carried(
        noun=words.noun(definition.object),
        name=naming.display_key(instance, definition).value,
        href=urls.timeline(instance.workflow, instance.id),
        steps=[titles.get(step, step) for step in dict.fromkeys(own)],
    )


def _tables(span: Span) -> Iterator[tuple[str, Mapping[str, str]]]:
    if span.attributes:
        yield "Attributes", span.attributes
    for event in span.events:
        yield f"Event {event.name}, {fmt.duration(event.at - span.start)} after the start", event.attributes
    if span.resource:
        yield "Resource", span.resource
