"""A line the size of a word, for small multiples in a table."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from ui.charts import svg
from ui.charts.frame import Span
from ui.charts.lines import runs
from ui.charts.scales import Scale

WIDTH, HEIGHT = 132, 26
_INSET = 2


def draw(span: Span, values: Mapping[int, float | None], scale: Scale, threshold: float | None, said: str) -> Markup:
    """The line on a scale that all rows share; a gap where nothing is known, a dot where a value stands alone.

    Args:
        span: the time covered.
        values: bucket's beginning -> value.
        scale: shared by the rows, so that they may be compared.
        threshold: drawn as a hairline if given.
        said: the drawing in words.
    """
    parts: list[Markup] = []
    if threshold is not None:
        y = _y(scale, threshold)
        parts.append(svg.line(0, y, WIDTH, y, class_="threshold"))
    for run in runs(values, sorted(values), span.bucket):
        places = [(_INSET + span.middle(bucket) * (WIDTH - 2 * _INSET), _y(scale, value)) for bucket, value in run]
        if len(places) == 1:
            parts.append(svg.element("circle", cx=places[0][0], cy=places[0][1], r=1.5, class_="dot p90"))
        else:
            points = " ".join(f"{svg.plain(x)},{svg.plain(y)}" for x, y in places)
            parts.append(svg.element("polyline", points=points, class_="curve p90"))
    return svg.element(
        "svg", svg.element("title", said), *parts, width=WIDTH, height=HEIGHT, view_box=f"0 0 {WIDTH} {HEIGHT}",
        role="img", class_="sparkline",
    )  # fmt: skip


def _y(scale: Scale, value: float) -> float:
    return _INSET + (HEIGHT - 2 * _INSET) * (1 - scale.share(value))
