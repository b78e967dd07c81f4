"""The map: systems and interfaces as boxes in layers, what flows between them as lines as thick as much of it there is."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ui.charts import svg
from ui.charts.layers import Pass, layers

_WIDTH, _HEIGHT = 172, 48
_ACROSS, _DOWN = 292, 74
#: Room for a line that passes a layer.
_PASS = 34
_MARGIN = 12
_THINNEST, _WIDEST = 1.2, 7.0
_LETTERS = 20
#: How far below its ends a line bends that leads back.
_BELOW = 46


@dataclass(frozen=True, slots=True)
class Box:
    """A node: what is written in it, where it leads ("" nowhere), its look (``system``, ``api``, ``unknown``)."""

    key: Hashable
    title: str
    note: str
    href: str
    look: str
    hover: str


@dataclass(frozen=True, slots=True)
class Line:
    """A flow between two nodes: ``calls`` make it thick, ``look`` is its class, ``label`` is written at its middle."""

    start: Hashable
    end: Hashable
    calls: int
    label: str
    look: str
    hover: str


Point = tuple[float, float]


def draw(boxes: Sequence[Box], lines: Sequence[Line]) -> Markup:
    """The picture, in pixels; it scrolls within its place."""
    columns = layers([box.key for box in boxes], [(line.start, line.end) for line in lines])
    heights = [sum(_room(key) for key in column) for column in columns]
    tallest = max(heights, default=0)
    corner: dict[Hashable, Point] = {}
    for across, (column, high) in enumerate(zip(columns, heights, strict=True)):
        down = _MARGIN + (tallest - high) / 2
        for key in column:
            corner[key] = (_MARGIN + across * _ACROSS, down)
            down += _room(key)
    most = max((line.calls for line in lines), default=0)
    width = 2 * _MARGIN + max(0, len(columns) - 1) * _ACROSS + _WIDTH
    height = 2 * _MARGIN + tallest + (_BELOW if any(_back(line, corner) for line in lines) else 0)
    spread = _spread(lines, corner)
    drawn = [_line(line, corner, most, spread[number]) for number, line in enumerate(lines)]
    return svg.element(
        "svg",
        svg.group([part for part, _ in drawn], class_="flows"),
        svg.group(_box(box, corner[box.key]) for box in boxes),
        svg.group([label for _, label in drawn], class_="labels"),
        class_="landscape",
        width=width,
        height=height,
        view_box=f"0 0 {svg.plain(width)} {svg.plain(height)}",
        role="group",
        aria_label="Systems, interfaces and what flows between them; the same stands in the table below",
    )


def _room(key: Hashable) -> float:
    return _PASS if isinstance(key, Pass) else _DOWN


def _back(line: Line, corner: Mapping[Hashable, Point]) -> bool:
    return corner[line.end][0] <= corner[line.start][0]


def _spread(lines: Sequence[Line], corner: Mapping[Hashable, Point]) -> dict[int, tuple[float, float]]:
    """For each line how far from the middle of its boxes' sides it begins and ends, so that lines don't share a point."""
    found: dict[int, list[float]] = {number: [0.0, 0.0] for number in range(len(lines))}
    for side, name in enumerate(("start", "end")):
        at: dict[Hashable, list[int]] = {}
        for number, line in enumerate(lines):
            at.setdefault(getattr(line, name), []).append(number)
        other = "end" if name == "start" else "start"
        for numbers in at.values():
            numbers.sort(key=lambda number: corner[getattr(lines[number], other)][1])
            room = (_HEIGHT - 16) / max(len(numbers) - 1, 1)
            step = min(room, 9.0)
            for position, number in enumerate(numbers):
                found[number][side] = (position - (len(numbers) - 1) / 2) * step
    return {number: (pair[0], pair[1]) for number, pair in found.items()}


def _line(line: Line, corner: Mapping[Hashable, Point], most: int, off: tuple[float, float]) -> tuple[Markup, Markup]:
    points = _way(line, corner, off)
    end = points[-1]
    shape = f"M{_at(points[0])}" + "".join(
        f"C{_at(one)} {_at(other)} {_at(to)}"
        for one, other, to in zip(points[1::3], points[2::3], points[3::3], strict=True)
    )
    drawn = svg.group(
        [
            svg.element("title", line.hover),
            svg.element("path", d=shape, stroke_width=_thick(line.calls, most)),
            svg.element("path", d=f"M{_at(end)}l-7 -4v8z", class_="tip"),
        ],
        class_=f"flow {line.look}",
    )
    # In the first gap between layers, where no box can be in the way.
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = points[:4]
    middle = ((x1 + 3 * x2 + 3 * x3 + x4) / 8, (y1 + 3 * y2 + 3 * y3 + y4) / 8)
    label = svg.text(line.label, middle[0], middle[1] - 5, class_=line.look) if line.label else Markup("")
    return drawn, label


def _way(line: Line, corner: Mapping[Hashable, Point], off: tuple[float, float]) -> list[Point]:
    """The points of cubic curves, four for the first and three for each other; a line back runs below its ends."""
    x1, y1 = corner[line.start][0] + _WIDTH, corner[line.start][1] + _HEIGHT / 2 + off[0]
    x2, y2 = corner[line.end][0], corner[line.end][1] + _HEIGHT / 2 + off[1]
    if _back(line, corner):
        low = max(y1, y2) + _BELOW
        return [(x1, y1), (x1 + 70, low), (x2 - 70, low), (x2, y2)]
    passes = sorted(
        (key.layer, at)
        for key, at in corner.items()
        if isinstance(key, Pass) and (key.start, key.end) == (line.start, line.end)
    )
    points: list[Point] = [(x1, y1)]
    for x, y in [place for _, place in passes]:
        middle = y + _PASS / 2
        points += _bent(points[-1], (x, middle))
        points += _bent(points[-1], (x + _WIDTH, middle))
    return points + _bent(points[-1], (x2, y2))


def _bent(start: Point, end: Point) -> list[Point]:
    bend = (end[0] - start[0]) * 0.45
    return [(start[0] + bend, start[1]), (end[0] - bend, end[1]), end]


def _at(point: Point) -> str:
    return f"{svg.plain(point[0])} {svg.plain(point[1])}"


def _thick(calls: int, most: int) -> float:
    if not calls or most <= 1:
        return _THINNEST
    return _THINNEST + (_WIDEST - _THINNEST) * math.log1p(calls) / math.log1p(most)


def _box(box: Box, at: Point) -> Markup:
    x, y = at
    inside = svg.group(
        [
            svg.element("title", box.hover),
            svg.element("rect", x=x, y=y, width=_WIDTH, height=_HEIGHT, rx=14 if box.look.startswith("api") else 3),
            svg.text(_short(box.title), x + 12, y + 20, class_="name"),
            svg.text(_short(box.note), x + 12, y + 37, class_="note"),
        ],
        class_=f"site {box.look}",
    )
    return svg.element("a", inside, href=box.href) if box.href else inside


def _short(text: str) -> str:
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…"
