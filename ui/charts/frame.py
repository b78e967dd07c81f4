"""What every chart over time shares: the figure around it, the axes, and the read-out of one bucket.

A plot is as wide as its place: x runs in per cent, y in pixels. Curves live in a nested drawing of 1000 units that
stretches; text never stretches. What stands outside the axes (labels at their ends) lies in the plot's padding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ui import format as fmt
from ui.charts import svg
from ui.charts.scales import Scale, time_ticks

HEIGHT = 180
WIDE = 1000
_LABEL_GAP = 14
_MIDNIGHT = fmt.DAY


@dataclass(frozen=True, slots=True)
class Span:
    """The time that a chart covers, [start, end) in nanoseconds, cut into buckets of one length."""

    start: int
    end: int
    bucket: int

    def share(self, at: int) -> float:
        """Where a time lies between start (0) and end (1)."""
        return min(1.0, max(0.0, (at - self.start) / max(1, self.end - self.start)))

    def middle(self, bucket: int) -> float:
        """Where the middle of the bucket that begins at a time lies."""
        return self.share(min(bucket + self.bucket // 2, self.end))

    def width(self) -> float:
        """The share that one bucket takes."""
        return min(1.0, self.bucket / max(1, self.end - self.start))

    def label(self, bucket: int) -> str:
        """A bucket's name: its day, or its day and hour if it is shorter."""
        return fmt.day(bucket) if self.bucket >= fmt.DAY else f"{fmt.day(bucket)} {fmt.clock(bucket)[:5]}"


def y_of(scale: Scale, value: float) -> float:
    """Pixels from the top of the plot."""
    return HEIGHT * (1 - scale.share(value))


def figure(title: str, subtitle: str, drawing: Markup, table: Markup, kind: str) -> Markup:
    """The chart with its words above and its figures as a table behind a disclosure."""
    caption = svg.element(
        "figcaption", svg.element("b", title), " ", svg.element("span", subtitle, class_="muted"), class_="caption"
    )
    details = svg.element("details", svg.element("summary", "Figures as a table"), table, class_="figures")
    return svg.element(
        "figure", caption, svg.element("div", drawing, class_="plot"), details, class_=f"chart chart-{kind}"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    """A plain table: the first column names the row, the others are figures."""
    header = svg.element("tr", *(svg.element("th", name, scope="col") for name in head))
    body = (
        svg.element(
            "tr",
            svg.element("th", row[0], scope="row"),
            *(svg.element("td", cell, class_="num") for cell in row[1:]),
        )
        for row in rows
    )
    content = svg.element("table", svg.element("thead", header), svg.element("tbody", *body))
    return svg.element("div", content, class_="scroll", tabindex=0, role="group", aria_label="Figures")


def y_axis(scale: Scale, label: Callable[[float], str]) -> Markup:
    """Hairlines across and their values left of the plot."""
    parts: list[Markup] = []
    for tick in scale.ticks:
        y = y_of(scale, tick)
        parts.append(svg.line(0, y, "100%", y, class_="grid"))
        parts.append(svg.text(label(tick), -8, y + 4, class_="tick end"))
    return svg.group(parts, aria_hidden="true")


def x_axis(span: Span) -> Markup:
    """The base line with round times below it; every second one steps aside where there is little room."""
    parts = [svg.line(0, HEIGHT, "100%", HEIGHT, class_="base")]
    for index, tick in enumerate(time_ticks(span.start, span.end)):
        where = svg.percent(span.share(tick))
        minor = " minor" if index % 2 else ""
        parts.append(svg.line(where, HEIGHT, where, HEIGHT + 4, class_=f"base{minor}"))
        label = fmt.day(tick) if tick % _MIDNIGHT == 0 else fmt.clock(tick)[:5]
        parts.append(svg.text(label, where, HEIGHT + 17, class_=f"tick mid{minor}"))
    return svg.group(parts, aria_hidden="true")


def end_labels(labels: Sequence[tuple[float, str, str]]) -> Markup:
    """Names right of the plot at (y, text, class), moved apart where they would touch."""
    parts: list[Markup] = []
    ranked = sorted(labels, key=lambda label: label[0])
    placed = spread([y for y, _, _ in ranked], _LABEL_GAP, HEIGHT)
    for y, (_, content, class_) in zip(placed, ranked, strict=True):
        parts.append(svg.text(content, "100%", y + 4, dx=8, class_=f"name {class_}"))
    return svg.group(parts, aria_hidden="true")


def spread(places: Sequence[float], gap: float, limit: float) -> list[float]:
    """Sorted places moved down, then up, until neighbours are at least a gap apart and the last is within the limit."""
    out: list[float] = []
    for place in places:
        out.append(max(place, out[-1] + gap) if out else place)
    ceiling = limit
    for index in range(len(out) - 1, -1, -1):
        out[index] = min(out[index], ceiling)
        ceiling = out[index] - gap
    return out


def read_out(
    span: Span, bucket: int, content: str, marks: Sequence[Markup], *, href: str | None, first: bool
) -> Markup:
    """The invisible band over one bucket that shows its exact values on hover and focus, and leads to its rows."""
    middle = svg.percent(span.middle(bucket))
    left = min(span.share(bucket), 1 - span.width())
    inner = (
        svg.element("title", content),
        svg.element("rect", x=svg.percent(left), y=0, width=svg.percent(span.width()), height=HEIGHT, class_="band"),
        svg.line(middle, 0, middle, HEIGHT, class_="guide"),
        *marks,
        svg.text(content, "100%", -9, class_="readout end"),
    )
    shared: dict[str, svg.Value] = {"class_": "point", "tabindex": 0 if first else -1, "aria_label": content}
    return svg.element("a", *inner, href=href, **shared) if href else svg.element("g", *inner, role="img", **shared)
