"""What stands around a trace: the traces before and after it, and the business objects that it served."""

from __future__ import annotations

from dataclasses import dataclass

from collectors.store.client import Store
from collectors.timelines import finding, searching
from collectors.timelines.finding import SpanPlace
from collectors.timelines.links import Links, links_of
from collectors.timelines.model import Instance
from collectors.timelines.reading import Timelines
from collectors.timelines.served import LIMIT, How, keys_served


@dataclass(frozen=True, slots=True)
class Connected:
    """An instance (without milestones), how it is connected with the span that was asked for, and by which span.

    ``near``: by the span that was asked for itself, or by one above or below it.
    """

    instance: Instance
    how: How
    trace_id: str
    span_id: str
    near: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of a trace; of objects the most closely connected come first. ``more``: there are others.

    ``steps`` are the milestones of the trace itself: span, workflow, step.
    """

    links: Links
    objects: tuple[Connected, ...]
    more: bool = False
    steps: tuple[tuple[str, str, str], ...] = ()


@dataclass(slots=True)
class Traces:
    """Questions that lead from traces to timelines."""

    store: Store
    timelines: Timelines

    def context(self, trace_id: str, span_id: str = "") -> Context:
        """The surroundings of a trace, or of one of its spans (32 and 16 hex digits)."""
        if finding.span_place(trace_id) != SpanPlace(trace_id.lower(), ""):
            return Context(Links((), ()), ())
        links = links_of(self.store, trace_id.lower())
        definitions = list(self.timelines.active().values())
        found = keys_served(self.store, definitions, SpanPlace(trace_id.lower(), span_id.lower()), links)
        closest = {(one.definition, one.key): one for one in reversed(found)}
        workflows = {one.workflow: one.id for one in definitions}
        keys = list(dict.fromkeys((one.definition, one.key) for one in found))
        hits = self.timelines.of_keys(keys[:LIMIT])
        objects = ((hit.instance, closest[workflows[hit.instance.workflow], hit.key]) for hit in hits)
        connected = (Connected(one, by.how, by.trace_id, by.span_id, by.near) for one, by in objects)
        named = {one.id: one.workflow for one in definitions}
        steps = ((one.span_id, named[one.definition], one.step) for one in found if one.how in ("span", "trace"))
        return Context(links, tuple(connected), len(keys) > LIMIT, tuple(dict.fromkeys(steps)))

    def find(self, text: str) -> SpanPlace | None:
        """The stored trace or span whose id a text holds."""
        return searching.find_span(self.store, finding.candidates(text))
