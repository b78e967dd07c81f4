"""A trace's waterfall: a row per span, its bar where it lay in time; what lies below a span can be folded away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collectors.timelines.traces import Span
from ui import format as fmt
from ui import urls, words
from ui.charts import svg

_INDENT, _DEEPEST = 12, 14
_NARROWEST = 0.004
#: Below so many spans all is unfolded. Of very many beside one another the first are shown, the rest by hundreds.
_ALL_OPEN, _FIRST, _PORTION = 300, 50, 100


@dataclass(frozen=True, slots=True)
class Bar:
    """A span, how deep it lies, and the step of a workflow that it is, "" if none."""

    span: Span
    depth: int
    step: str


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Rows in the order of the tree, where the subtree of each ends, and the places of those that are chosen."""

    bars: Sequence[Bar]
    ends: Sequence[int]
    chosen: frozenset[int]
    start: int
    length: int

    def opened(self, begin: int, end: int) -> bool:
        return len(self.bars) <= _ALL_OPEN or any(begin <= place < end for place in self.chosen)


def draw(bars: Sequence[Bar], start: int, length: int, chosen: str) -> Markup:
    """The list, each row a link that chooses its span. Times are nanoseconds; parents come before their children."""
    places = frozenset(place for place, bar in enumerate(bars) if bar.span.span_id == chosen)
    drawing = _Drawing(bars, _ends(bars), places, start, max(1, length))
    items = _items(drawing, 0, len(bars), nested=True)
    return svg.element("ol", *items, class_="waterfall", aria_label="Spans")


def _ends(bars: Sequence[Bar]) -> list[int]:
    ends = [len(bars)] * len(bars)
    above: list[int] = []
    for place, bar in enumerate(bars):
        while above and bars[above[-1]].depth >= bar.depth:
            ends[above.pop()] = place
        above.append(place)
    return ends


def _items(drawing: _Drawing, begin: int, end: int, *, nested: bool) -> Iterator[Markup]:
    """The spans beside one another in a stretch of rows, each with what lies below it."""
    places = []
    place = begin
    while place < end:
        places.append(place)
        place = drawing.ends[place] if nested else place + 1
    if len(places) <= _FIRST + _PORTION:
        yield from (_item(drawing, one, nested=nested) for one in places)
        return
    yield from (_item(drawing, one, nested=nested) for one in places[:_FIRST])
    for first in range(_FIRST, len(places), _PORTION):
        some = places[first : first + _PORTION]
        after = places[first + _PORTION] if first + _PORTION < len(places) else end
        summary = svg.element(
            "summary", f"{fmt.count(first + 1)} to {fmt.count(first + len(some))}", _about(drawing, some[0], after)
        )
        items = (_item(drawing, one, nested=nested) for one in some)
        folded = svg.element(
            "details", summary, svg.element("ol", *items), open="" if drawing.opened(some[0], after) else None
        )
        yield svg.element("li", folded, class_="portion")


def _about(drawing: _Drawing, begin: int, end: int) -> str:
    """What is remarkable about rows that are folded away."""
    rows = drawing.bars[begin:end]
    failed, steps = sum(bar.span.status == "error" for bar in rows), sum(bool(bar.step) for bar in rows)
    told = [f"{fmt.count(failed)} failed"] if failed else []
    told += [words.quantity(steps, "milestone")] if steps else []
    return f": {', '.join(told)}" if told else ""


def _item(drawing: _Drawing, place: int, *, nested: bool) -> Markup:
    bar, end, row = drawing.bars[place], drawing.ends[place], _row(drawing, place)
    if not nested or end == place + 1:
        return svg.element("li", row)
    deeper = bar.depth < _DEEPEST
    below = svg.element("ol", *_items(drawing, place + 1, end, nested=deeper))
    count = fmt.count(end - place - 1)
    summary = svg.element(
        "summary",
        svg.element("svg", width=_INDENT * min(bar.depth, _DEEPEST), height=8, aria_hidden="true"),
        svg.element("span", f"{count} below {bar.span.name}{_about(drawing, place + 1, end)}", class_="hidden-words"),
    )
    folded = svg.element("details", summary, below, open="" if drawing.opened(place, end) else None)
    return svg.element("li", row, folded)


#: One form for all rows, since a trace has thousands: put together element by element they would take seconds.
_ROW = Markup(
    '<a href="{href}"{id}{current}><span class="name" title="{title}"><svg width="{indent}" height="8" class="indent" '
    'aria-hidden="true"></svg><b>{name}</b>{below}<span class="service">{told}</span></span>'
    '<svg width="100%" height="14" aria-hidden="true"><line x1="0" y1="7" x2="100%" y2="7" class="track"></line>'
    '<rect x="{left}" y="2" width="{width}" height="10" class="bar{kind}"></rect></svg>'
    '<span class="num" title="after {after}">{took}</span></a>'
)
_CURRENT, _PLACE = Markup(' aria-current="true"'), Markup(' id="chosen"')
_BELOW = Markup('<span class="below" aria-hidden="true">+ {}</span>')


def _row(drawing: _Drawing, place: int) -> Markup:
    bar, length = drawing.bars[place], drawing.length
    span, chosen = bar.span, place in drawing.chosen
    failed = span.status == "error"
    below = drawing.ends[place] - place - 1
    left = min(1.0, (span.start - drawing.start) / length)
    width = max(_NARROWEST, min(1.0 - left, span.duration / length))
    return _ROW.format(
        href=urls.trace(span.trace_id, span.span_id),
        id=_PLACE if chosen and place == min(drawing.chosen) else "",
        current=_CURRENT if chosen else "",
        title=f"{span.name}, {span.service}" if span.service else span.name,
        indent=_INDENT * (min(bar.depth, _DEEPEST) + 1),
        name=f"✕ {span.name}" if failed else span.name or "without a name",
        below=_BELOW.format(fmt.count(below)) if below else "",
        told=f"{bar.step} · {span.service}" if bar.step else span.service,
        left=svg.percent(min(left, 1 - width)),
        width=svg.percent(width),
        kind=" error" if failed else " milestone" if bar.step else "",
        after=fmt.duration(span.start - drawing.start),
        took=fmt.duration(span.duration),
    )
