"""The marks of the timeline: one shape per kind, so that none relies on its colour."""

from __future__ import annotations

from markupsafe import Markup

from ui import format as fmt
from ui.charts import svg
from ui.charts.timeline.model import Dot, Kind, Lane

RADIUS = 6.5
SMALL = 4.0
#: What each kind is called, in a title or read aloud.
SAID: dict[Kind, str] = {
    "done": "",
    "met": "in time",
    "late": "late",
    "failed": "failed",
    "again": "reported again",
    "more": "once more",
    "part": "a part",
    "attempt": "attempt failed",
    "awaited": "not due yet",
    "overdue": "overdue",
}


def mark(dot: Dot, lane: Lane, x: float, y: float) -> Markup:
    """The dot at a place, with its words as a title; a link to its span where there is one."""
    said = spoken(dot, lane)
    shape = (svg.element("title", said), *_shape(dot.kind, x, y))
    if dot.href:
        return svg.element("a", *shape, href=dot.href, class_=f"mark {dot.kind}", aria_label=said)
    return svg.element("g", *shape, class_=f"mark {dot.kind}", role="img", aria_label=said)


def spoken(dot: Dot, lane: Lane) -> str:
    """The dot in words: "Posted in NetSuite, late, 2026-03-03 09:15:42.120 UTC"."""
    when = f"due {fmt.absolute(dot.at)}" if dot.kind in ("awaited", "overdue") else fmt.exact(dot.at)
    parts = [f"{dot.title} in {lane.title}", SAID[dot.kind], when, dot.error_type, dot.message]
    return ", ".join(part for part in parts if part)


def _shape(kind: Kind, x: float, y: float) -> tuple[Markup, ...]:
    """Disc; disc with a tick; with a cross; ring; ring in a ring; bare cross; ring with clock hands; small disc."""
    small = kind in ("attempt", "again", "more", "part")
    radius = SMALL if small else RADIUS
    target = svg.element("circle", cx=x, cy=y, r=12, class_="target")
    disc = svg.element("circle", cx=x, cy=y, r=radius, class_="disc")
    if kind == "attempt":
        return (target, _path(x, y, "M-3.5-3.5L3.5 3.5M-3.5 3.5L3.5-3.5", "cross"))
    if kind == "again":
        return (target, disc, svg.element("circle", cx=x, cy=y, r=1.5, class_="core"))
    if kind == "met":
        return (target, disc, _path(x, y, "M-3 0L-.8 2.4L3.2-2.4", "glyph"))
    if kind in ("late", "failed"):
        return (target, disc, _path(x, y, "M-2.6-2.6L2.6 2.6M-2.6 2.6L2.6-2.6", "glyph"))
    if kind == "overdue":
        return (target, disc, _path(x, y, "M0-3.4V.4L2.6 1.9", "hands"))
    return (target, disc)


def _path(x: float, y: float, d: str, class_: str) -> Markup:
    return svg.element("path", d=d, transform=f"translate({svg.plain(x)} {svg.plain(y)})", class_=class_)


def zigzag(x: float, y: float, length: float, *, down: bool) -> str:
    """The path of a torn edge, down the page or across it."""
    tooth, steps = 4.0, max(2, round(length / 8))
    size = length / steps
    parts = [f"M{svg.plain(x)} {svg.plain(y)}"]
    for step in range(1, steps + 1):
        aside = tooth if step % 2 else 0.0
        along = size * step
        here = (x + aside, y + along) if down else (x + along, y + aside)
        parts.append(f"L{svg.plain(here[0])} {svg.plain(here[1])}")
    return "".join(parts)
