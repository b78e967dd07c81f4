"""Where the parts of a flow's picture lie: boxes of steps, curves between them, room for labels. Pure geometry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ui.charts.svg import plain

COLUMN, LANE, TOP = 178, 148, 50
NODE_WIDTH, NODE_HEIGHT = 112, 54
#: How far a hop over other steps rises above them, and one back falls below, for the first step and each further one.
_ARC, _ARC_STEP = 56, 16
_ALONG = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)
#: A straight hop between neighbours has no room on itself, so labels may stand above or below the steps too.
_BESIDE = (0.0, -16.0, 16.0, -44.0, 44.0)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in pixels."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Box) -> bool:
        """Whether they share any room."""
        across = self.x < other.x + other.width and other.x < self.x + self.width
        return across and self.y < other.y + other.height and other.y < self.y + self.height


@dataclass(frozen=True, slots=True)
class Curve:
    """A cubic curve by its four points."""

    points: tuple[tuple[float, float], ...]

    @property
    def top(self) -> float:
        """The highest point of an arc, about."""
        return min(y for _, y in (self.at(share) for share in (0.25, 0.5, 0.75)))

    @property
    def path(self) -> str:
        """As the ``d`` of an SVG path."""
        first, *rest = (f"{plain(x)} {plain(y)}" for x, y in self.points)
        return f"M{first}C{' '.join(rest)}"

    def at(self, t: float) -> tuple[float, float]:
        """The point at a share of the way, 0 to 1."""
        u = 1 - t
        weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
        x, y = (sum(w * p[axis] for w, p in zip(weights, self.points, strict=True)) for axis in (0, 1))
        return x, y


def place_of(column: int, lane: int) -> Box:
    """The box of a step."""
    return Box(COLUMN * column + COLUMN / 4, TOP + LANE * lane, NODE_WIDTH, NODE_HEIGHT)


def curve(start: Box, end: Box) -> Curve:
    """The way of a hop: straight on, above the steps that it passes over in its lane, or back below them."""
    columns = round((end.x - start.x) / COLUMN)
    if columns <= 0:
        low = max(start.y, end.y) + NODE_HEIGHT + _ARC + _ARC_STEP * abs(columns)
        left, right = end.x + NODE_WIDTH * 0.4, start.x + NODE_WIDTH * 0.6
        return Curve(((right, start.y + NODE_HEIGHT), (right, low), (left, low), (left, end.y + NODE_HEIGHT)))
    if columns > 1 and start.y == end.y:
        high = start.y - _ARC - _ARC_STEP * (columns - 2)
        left, right = start.x + NODE_WIDTH * 0.7, end.x + NODE_WIDTH * 0.3
        return Curve(((left, start.y), (left, high), (right, high), (right, end.y)))
    left, right = start.x + NODE_WIDTH, end.x
    near, far = start.y + NODE_HEIGHT / 2, end.y + NODE_HEIGHT / 2
    bend = (right - left) / 2
    return Curve(((left, near), (left + bend, near), (right - bend, far), (right, far)))


def place_label(way: Curve, width: float, height: float, taken: Sequence[Box]) -> Box | None:
    """A place for a label on its curve that covers nothing else; None if there is no room."""
    for x, y in _spots(way):
        box = Box(x - width / 2, y - height / 2, width, height)
        if box.x >= 0 and not any(box.meets(other) for other in taken):
            return box
    return None


def _spots(way: Curve) -> Iterator[tuple[float, float]]:
    for beside in _BESIDE:
        for share in _ALONG:
            x, y = way.at(share)
            yield x, y + beside
