"""Lines over time: percentiles on a scale of durations, or attainment against its objective."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ui import format as fmt
from ui.charts import frame, svg
from ui.charts.frame import HEIGHT, WIDE, Span
from ui.charts.scales import Scale


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name at its end, and its value per bucket (its beginning in nanoseconds); None is a gap."""

    name: str
    class_: str
    values: Mapping[int, float | None]


@dataclass(frozen=True, slots=True)
class Threshold:
    """The value that should not be passed, and what it is called: "limit 15 min"."""

    value: float
    name: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All that a line chart shows. ``label`` writes a value; ``notes`` and ``links`` belong to buckets."""

    title: str
    subtitle: str
    span: Span
    lines: Sequence[Line]
    scale: Scale
    label: Callable[[float], str]
    threshold: Threshold | None = None
    links: Mapping[int, str] | None = None


def draw(chart: Chart) -> Markup:
    """The figure. A bucket without a value breaks the line; a value between two gaps is a dot."""
    buckets = sorted({bucket for line in chart.lines for bucket in line.values})
    parts = [frame.y_axis(chart.scale, chart.label), frame.x_axis(chart.span)]
    if chart.threshold:
        parts.append(_threshold(chart.threshold, chart.scale))
    parts.append(_curves(chart, buckets))
    parts.extend(_dots(chart, buckets))
    parts.append(frame.end_labels(list(_names(chart, buckets))))
    parts.extend(_read_outs(chart, buckets))
    drawing = svg.element(
        "svg", *parts, width="100%", height=HEIGHT, role="group", aria_label=f"{chart.title}, {chart.subtitle}"
    )
    rows = [
        [chart.span.label(bucket), *(_text(chart, line.values.get(bucket)) for line in chart.lines)]
        for bucket in buckets
    ]
    table = frame.table(["From (UTC)", *(line.name for line in chart.lines)], rows)
    return frame.figure(chart.title, chart.subtitle, drawing, table, "lines")


def runs(values: Mapping[int, float | None], buckets: Sequence[int], step: int) -> Iterator[list[tuple[int, float]]]:
    """Stretches of known values; a missing bucket or a hole between two buckets ends a stretch."""
    run: list[tuple[int, float]] = []
    for bucket in buckets:
        value = values.get(bucket)
        if run and (value is None or bucket - run[-1][0] > step):
            yield run
            run = []
        if value is not None:
            run.append((bucket, value))
    if run:
        yield run


def _curves(chart: Chart, buckets: Sequence[int]) -> Markup:
    paths = [
        svg.element(
            "polyline",
            points=" ".join(
                f"{svg.plain(chart.span.middle(bucket) * WIDE)},{svg.plain(frame.y_of(chart.scale, value))}"
                for bucket, value in run
            ),
            class_=f"curve {line.class_}",
        )
        for line in chart.lines
        for run in runs(line.values, buckets, chart.span.bucket)
        if len(run) > 1
    ]
    return svg.element(
        "svg", *paths, view_box=f"0 0 {WIDE} {HEIGHT}", preserve_aspect_ratio="none", width="100%", height=HEIGHT,
        aria_hidden="true", class_="stretch",
    )  # fmt: skip


def _dots(chart: Chart, buckets: Sequence[int]) -> Iterator[Markup]:
    for line in chart.lines:
        for run in runs(line.values, buckets, chart.span.bucket):
            if len(run) == 1:
                yield _dot(chart, line, run[0][0], run[0][1], 2.5)


def _dot(chart: Chart, line: Line, bucket: int, value: float, radius: float) -> Markup:
    where = svg.percent(chart.span.middle(bucket))
    return svg.element("circle", cx=where, cy=frame.y_of(chart.scale, value), r=radius, class_=f"dot {line.class_}")


def _names(chart: Chart, buckets: Sequence[int]) -> Iterator[tuple[float, str, str]]:
    for line in chart.lines:
        known = [value for bucket in buckets if (value := line.values.get(bucket)) is not None]
        if known:
            yield frame.y_of(chart.scale, known[-1]), line.name, line.class_


def _threshold(threshold: Threshold, scale: Scale) -> Markup:
    y = frame.y_of(scale, threshold.value)
    name_y = y - 5 if y > HEIGHT / 6 else y + 13
    return svg.group(
        [svg.line(0, y, "100%", y, class_="threshold"), svg.text(threshold.name, 4, name_y, class_="threshold-name")],
        aria_hidden="true",
    )


def _read_outs(chart: Chart, buckets: Sequence[int]) -> Iterator[Markup]:
    for index, bucket in enumerate(buckets):
        known = [(line, value) for line in chart.lines if (value := line.values.get(bucket)) is not None]
        said = " · ".join(f"{line.name} {chart.label(value)}" for line, value in known) or "nothing to measure"
        marks = [_dot(chart, line, bucket, value, 3.5) for line, value in known]
        href = (chart.links or {}).get(bucket)
        yield frame.read_out(
            chart.span, bucket, f"{chart.span.label(bucket)}: {said}", marks, href=href, first=index == 0
        )


def _text(chart: Chart, value: float | None) -> str:
    return fmt.NOTHING if value is None else chart.label(value)
