"""A trace's waterfall: a row per span, its bar where it lay in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collectors.timelines.traces import Span
from ui import format as fmt
from ui import urls
from ui.charts import svg

_INDENT, _DEEPEST = 12, 14
_HEIGHT = 14
_NARROWEST = 0.004


@dataclass(frozen=True, slots=True)
class Bar:
    """A span, how deep it lies, and the step of a workflow that it is, "" if none."""

    span: Span
    depth: int
    step: str


def draw(bars: Sequence[Bar], start: int, length: int, chosen: str) -> Markup:
    """The list, each row a link that chooses its span. Times are nanoseconds."""
    rows = (svg.element("li", _row(bar, start, max(1, length), chosen == bar.span.span_id)) for bar in bars)
    return svg.element("ol", *rows, class_="waterfall", aria_label="Spans")


def _row(bar: Bar, start: int, length: int, chosen: bool) -> Markup:  # noqa: FBT001 - private, always by its place
    span = bar.span
    failed = span.status == "error"
    name = svg.element(
        "span",
        svg.element("svg", width=_INDENT * min(bar.depth, _DEEPEST), height=8, class_="indent", aria_hidden="true"),
        svg.element("b", f"✕ {span.name}" if failed else span.name),
        svg.element("span", f"{bar.step} · {span.service}" if bar.step else span.service, class_="service"),
        class_="name",
        title=f"{span.name}, {span.service}",
    )
    left = min(1.0, (span.start - start) / length)
    width = max(_NARROWEST, min(1.0 - left, span.duration / length))
    kind = "error" if failed else "milestone" if bar.step else ""
    drawing = svg.element(
        "svg",
        svg.line(0, _HEIGHT / 2, "100%", _HEIGHT / 2, class_="track"),
        svg.element("rect", x=svg.percent(min(left, 1 - width)), y=2, width=svg.percent(width), height=_HEIGHT - 4, class_=f"bar {kind}"),
        width="100%", height=_HEIGHT, aria_hidden="true",
    )  # fmt: skip
    said = f"after {fmt.duration(span.start - start)}"
    return svg.element(
        "a",
        name,
        drawing,
        svg.element("span", fmt.duration(span.duration), class_="num", title=said),
        href=f"{urls.trace(span.trace_id, span.span_id)}#span",
        aria_current="true" if chosen else None,
    )
