"""Columns over time, split by SLA state: how many were on time, late, overdue or not due yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ui import format as fmt
from ui.charts import frame, scales, svg
from ui.charts.frame import HEIGHT, Span
from ui.charts.scales import Scale

_AIR = 0.12
_THINNEST = 1.5


@dataclass(frozen=True, slots=True)
class Part:
    """One state: its word, its class, and the count per bucket (its beginning in nanoseconds)."""

    name: str
    class_: str
    counts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Chart:
    """All that a column chart shows; ``parts`` are stacked from the base line up."""

    title: str
    subtitle: str
    span: Span
    parts: Sequence[Part]
    links: Mapping[int, str] | None = None


def draw(chart: Chart) -> Markup:
    """The figure. A bucket that nothing was counted in has no column."""
    buckets = sorted({bucket for part in chart.parts for bucket in part.counts})
    totals = {bucket: sum(part.counts.get(bucket, 0) for part in chart.parts) for bucket in buckets}
    scale = scales.numbers(list(totals.values()))
    body = [frame.y_axis(scale, lambda value: f"{value:,.0f}"), frame.x_axis(chart.span)]
    body.extend(column for bucket in buckets for column in _stack(chart, bucket, scale))
    body.append(frame.end_labels(list(_names(chart, scale, buckets))[::-1]))
    body.extend(_read_outs(chart, buckets, totals))
    drawing = svg.element(
        "svg", *body, width="100%", height=HEIGHT, role="group", aria_label=f"{chart.title}, {chart.subtitle}"
    )
    rows = [
        [chart.span.label(bucket), *(fmt.count(part.counts.get(bucket, 0)) for part in chart.parts)]
        for bucket in buckets
    ]
    table = frame.table(["From (UTC)", *(part.name for part in chart.parts)], rows)
    return frame.figure(chart.title, chart.subtitle, drawing, table, "columns")


def _stack(chart: Chart, bucket: int, scale: Scale) -> Iterator[Markup]:
    width = chart.span.width()
    left = min(chart.span.share(bucket), 1 - width) + width * _AIR
    base = float(HEIGHT)
    for part in chart.parts:
        counted = part.counts.get(bucket, 0)
        if not counted:
            continue
        # A single late invoice among thousands must still be seen.
        height = max(_THINNEST, HEIGHT * scale.share(counted))
        base -= height
        yield svg.element(
            "rect", x=svg.percent(left), y=base, width=svg.percent(width * (1 - 2 * _AIR)), height=height,
            class_=f"column {part.class_}",
        )  # fmt: skip


def _names(chart: Chart, scale: Scale, buckets: Sequence[int]) -> Iterator[tuple[float, str, str]]:
    below = 0
    for part in chart.parts:
        total = sum(part.counts.values())
        if total:
            last = part.counts.get(buckets[-1], 0) if buckets else 0
            yield frame.y_of(scale, below + last / 2), f"{part.name} {fmt.count(total)}", part.class_
            below += last


def _read_outs(chart: Chart, buckets: Sequence[int], totals: Mapping[int, int]) -> Iterator[Markup]:
    for index, bucket in enumerate(buckets):
        known = [f"{fmt.count(part.counts[bucket])} {part.name}" for part in chart.parts if part.counts.get(bucket)]
        said = " · ".join(known) if totals[bucket] else "none"
        href = (chart.links or {}).get(bucket)
        yield frame.read_out(chart.span, bucket, f"{chart.span.label(bucket)}: {said}", (), href=href, first=index == 0)
