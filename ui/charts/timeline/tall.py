"""The timeline for narrow places: time runs down, systems are thin columns, words stand at the right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from markupsafe import Markup

from ui import format as fmt
from ui.charts import svg
from ui.charts.timeline import glyphs
from ui.charts.timeline.axis import find_folds
from ui.charts.timeline.model import Dot, Due, Story

WIDTH = 358.0
_FEWEST = 12
_COLUMN, _MARGIN, _TOP = 18.0, 12.0, 22.0
_ROW, _SMALL_ROW, _GAP, _FOLD = 42.0, 30.0, 22.0, 40.0
#: Pixels that a character may have beside the columns: of a name, of the smaller line below it, of a due time.
_NAME, _BELOW_NAME, _DUE = 6.8, 5.9, 7.1
#: How much wider a capital is; kinds of error are often written in them.
_CAPITAL = 1.4


@dataclass(frozen=True, slots=True)
class _Row:
    """One thing on the way down and where it stands."""

    at: int
    y: float
    thing: Dot | Due | None


def draw(story: Story) -> Markup:
    """The drawing, 358 pixels wide."""
    rows, breaks, height = _lay_out(story)
    indent = _MARGIN + _COLUMN * len(story.lanes) + 2
    parts = [*_lanes(story, height), *_breaks(breaks, indent), *_links(story, rows), *_rows(story, rows, indent)]
    return svg.element(
        "svg", *parts, width=WIDTH, height=height, view_box=f"0 0 {svg.plain(WIDTH)} {svg.plain(height)}",
        class_="timeline tall", role="group", aria_label="Timeline; the same as a list below",
    )  # fmt: skip


def _lay_out(story: Story) -> tuple[list[_Row], list[tuple[float, int, bool]], float]:
    """Rows from the top, and (y, length, folded) of each stretch between two of them."""
    folds = {(fold.start, fold.end) for fold in find_folds(story.moments)}
    things: list[tuple[int, int, Dot | Due | None]] = [
        *((dot.at, 0, dot) for dot in (*story.path, *story.beside)),
        *((due.at, 1, due) for due in story.drawn_dues),
        *((dot.at, 2, dot) for dot in story.awaited),
        *([(story.now, 3, None)] if story.now is not None else []),
    ]
    things.sort(key=lambda item: item[:2])
    y = _TOP
    rows: list[_Row] = []
    breaks: list[tuple[float, int, bool]] = []
    for place, (at, _, thing) in enumerate(things):
        rows.append(_Row(at, y, thing))
        y += _ROW if isinstance(thing, Dot) else _SMALL_ROW
        if place + 1 < len(things) and (length := things[place + 1][0] - at):
            folded = (at, things[place + 1][0]) in folds
            breaks.append((y - 6, length, folded))
            y += _FOLD if folded else _GAP
    return rows, breaks, y


def _column(lane: int) -> float:
    return _MARGIN + _COLUMN * lane


def _lanes(story: Story, height: float) -> Iterator[Markup]:
    for place in range(len(story.lanes)):
        yield svg.line(_column(place), 8, _column(place), height - 12, class_="lane")


def _breaks(breaks: list[tuple[float, int, bool]], indent: float) -> Iterator[Markup]:
    for y, length, folded in breaks:
        if not folded:
            yield svg.text(f"↓ {fmt.duration(length)}", indent, y + 6, class_="hop-name")
            continue
        yield svg.element("rect", x=2, y=y - 4, width=WIDTH - 4, height=26, class_="fold")
        for edge in (y - 4, y + 22):
            yield svg.element("path", d=glyphs.zigzag(2, edge, WIDTH - 4, down=False), class_="tear")
        yield svg.text(f"idle {fmt.duration(length)}", indent, y + 14, class_="fold-name")


def _links(story: Story, rows: list[_Row]) -> Iterator[Markup]:
    chain = [row for row in rows if isinstance(row.thing, Dot) and row.thing in story.path]
    for start, end in pairwise(chain):
        x1, x2 = _column(_lane(start)), _column(_lane(end))
        bend = 0.0 if x1 == x2 else min(9.0, abs(x2 - x1) / 2)
        aside = bend if x2 > x1 else -bend
        path = f"M{_n(x1)} {_n(start.y)}"
        path += f"V{_n(end.y - 22)}Q{_n(x1)} {_n(end.y - 13)} {_n(x1 + aside)} {_n(end.y - 13)}" if bend else ""
        path += (
            f"H{_n(x2 - aside)}Q{_n(x2)} {_n(end.y - 13)} {_n(x2)} {_n(end.y - 4)}V{_n(end.y)}"
            if bend
            else f"V{_n(end.y)}"
        )
        yield svg.element("path", d=path, class_="hop")


def _lane(row: _Row) -> int:
    return row.thing.lane if isinstance(row.thing, Dot) else 0


def _rows(story: Story, rows: list[_Row], indent: float) -> Iterator[Markup]:
    for row in rows:
        if row.thing is None:
            yield _across(row.y, "now", "now", indent)
        elif isinstance(row.thing, Due):
            told = f"{row.thing.title}: {row.thing.told}" if row.thing.state != "met" else row.thing.words
            yield _across(row.y, _cut(told, indent, _DUE), f"due {row.thing.state}", indent)
        else:
            yield from _dot(story, row.thing, row.y, indent)


def _across(y: float, content: str, class_: str, indent: float) -> Markup:
    return svg.group([svg.line(2, y, WIDTH - 2, y, class_="upright"), svg.text(content, indent, y + 14)], class_=class_)


def _dot(story: Story, dot: Dot, y: float, indent: float) -> Iterator[Markup]:
    lane = story.lanes[dot.lane]
    yield glyphs.mark(dot, lane, _column(dot.lane), y)
    named = dot.title + "".join(f" [{number}]" for number in dot.notes)
    yield svg.text(_cut(named, indent, _NAME), indent, y + 4, class_=f"dot-name {dot.kind}")
    waits = dot.kind in ("awaited", "overdue")
    said = glyphs.SAID[dot.kind]
    when = "was due here" if dot.kind == "overdue" else "due here" if waits else _when(dot.at)
    if dot.kind == "attempt":
        said = dot.message or said
        when = fmt.clock(dot.at)
    elif dot.kind == "part":
        said = dot.message or said
    parts = [when, said] if dot.kind == "attempt" else [lane.title, when, "" if waits else said]
    yield svg.text(_cut(" · ".join(filter(None, parts)), indent, _BELOW_NAME), indent, y + 19, class_="tick")


def _when(at: int) -> str:
    return f"{fmt.day(at)} {fmt.clock(at)}"


def _cut(text: str, indent: float, character: float) -> str:
    """What fits between the columns and the edge; the list below has the whole."""
    widths = accumulate(character * (_CAPITAL if one.isupper() else 1.0) for one in text)
    most = sum(width <= WIDTH - indent for width in widths)
    return fmt.cut(text, max(_FEWEST, most))


def _n(value: float) -> str:
    return svg.plain(value)
