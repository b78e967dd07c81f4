"""The timeline for wide places: time runs to the right, a lane per system, due times stand upright."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from ui import format as fmt
from ui.charts import svg
from ui.charts.timeline import axis, glyphs
from ui.charts.timeline.labels import Label, level_count, place_labels, text_width
from ui.charts.timeline.model import Dot, Hop, Story

WIDTH = 1180.0
_HEAD, _TAIL = 136.0, 112.0
_ABOVE, _LEVEL, _BELOW, _TRIES = 26.0, 15.0, 26.0, 20.0
_DUE_ROW, _FOLD_ROWS, _AXIS = 18.0, 30.0, 38.0
#: Dots of one lane and one moment stand so far apart, else the last would cover the others.
_BESIDE = 15.0
_CLEAR = 26.0
_MESSAGE, _LANE_NAME = 40, 28
#: A drawing that is wider by so much is drawn smaller; one that is wider still is scrolled.
_SHRINKS = 1.15


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where everything stands: the axis' beginning added, a y per lane, labels by lane, by how much a dot stands aside."""

    story: Story
    axis: axis.Axis
    lane_y: tuple[float, ...]
    labels: dict[int, list[Label]]
    aside: Mapping[Dot, float]
    top: float
    bottom: float

    @property
    def head(self) -> float:
        return _head(self.story)

    def x(self, at: int) -> float:
        return self.head + self.axis.x[at]

    def place(self, dot: Dot) -> float:
        return self.x(dot.at) + self.aside.get(dot, 0.0)

    @property
    def width(self) -> float:
        last = max((aside for dot, aside in self.aside.items() if dot.at == self.story.moments[-1]), default=0.0)
        return self.head + self.axis.width + last + _TAIL

    @property
    def right(self) -> float:
        return self.width - _TAIL + 24


def draw(story: Story) -> Markup:
    """The drawing; it is wider than ``WIDTH`` if what there is to say asks for it."""
    plan = _plan(story)
    parts = [
        *_lanes(plan),
        *_folds(plan),
        *_dues(plan),
        *_hops(plan),
        *_waits(plan),
        *_labels(plan),
        *_marks(plan),
        *_axis(plan),
    ]
    height = plan.bottom + _AXIS
    long = " long" if plan.width > WIDTH * _SHRINKS else ""
    return svg.element(
        "svg", *parts, width=plan.width, height=height, view_box=f"0 0 {svg.plain(plan.width)} {svg.plain(height)}",
        class_=f"timeline wide{long}", role="group", aria_label="Timeline, a lane per system; the same as a list below",
    )  # fmt: skip


def _plan(story: Story) -> _Plan:
    needs = [
        (story.path[hop.start].at, story.path[hop.end].at, text_width(_hop_words(hop)) + 22)
        for hop in story.hops
        if hop.length
    ]
    if story.now is not None:
        needs += [(dot.at, story.now, 96.0) for dot in story.awaited if dot.at < story.now]
        needs += [(story.now, dot.at, 72.0) for dot in story.awaited if dot.at > story.now]
    head, aside = _head(story), _asides(story)
    moments = story.moments
    following = dict(pairwise(moments))
    needs += [(dot.at, following[dot.at], away + _BESIDE) for dot, away in aside.items() if dot.at in following]
    end = max((away for dot, away in aside.items() if dot.at == moments[-1]), default=0.0)
    laid = axis.lay_out(moments, WIDTH - head - end - _TAIL, needs)
    limit = head + laid.width + end + _TAIL - 4
    labels = {
        place: place_labels(
            [
                (dot, head + laid.x[dot.at] + aside.get(dot, 0.0))
                for dot in (*story.path, *story.awaited)
                if dot.lane == place
            ],
            limit,
        )
        for place in range(len(story.lanes))
    }
    top = y = 10.0 + _DUE_ROW * (len(story.drawn_dues) + (story.now is not None))
    y += _FOLD_ROWS if laid.folds else 0.0
    lane_y: list[float] = []
    for place in range(len(story.lanes)):
        y += _ABOVE + _LEVEL * (level_count(labels[place]) - 1)
        lane_y.append(y)
        y += _BELOW + (_TRIES if any(dot.lane == place for dot in story.beside) else 0.0)
    return _Plan(story, laid, tuple(lane_y), labels, aside, top, y)


def _asides(story: Story) -> dict[Dot, float]:
    """How far dots stand from their moment where others of their lane and row have the same."""
    aside: dict[Dot, float] = {}
    for row in ((*story.path, *story.awaited), story.beside):
        taken = Counter[tuple[int, int]]()
        for dot in row:
            if taken[dot.lane, dot.at]:
                aside[dot] = _BESIDE * taken[dot.lane, dot.at]
            taken[dot.lane, dot.at] += 1
    return aside


def _head(story: Story) -> float:
    """The room for the lanes' names."""
    return max(_HEAD, *(text_width(fmt.cut(lane.title, _LANE_NAME)) + 40 for lane in story.lanes))


def _lanes(plan: _Plan) -> Iterator[Markup]:
    for lane, y in zip(plan.story.lanes, plan.lane_y, strict=True):
        yield svg.line(plan.head - 16, y, plan.right, y, class_="lane")
        yield svg.text(fmt.cut(lane.title, _LANE_NAME), 0, y + 4, class_="lane-name")


def _folds(plan: _Plan) -> Iterator[Markup]:
    for fold in plan.axis.folds:
        left, right = plan.x(fold.start) + 10, plan.x(fold.end) - 10
        height = plan.bottom - plan.top
        parts = [
            svg.element("rect", x=left, y=plan.top, width=right - left, height=height, class_="fold"),
            svg.element("path", d=glyphs.zigzag(left, plan.top, height, down=True), class_="tear"),
            svg.element("path", d=glyphs.zigzag(right, plan.top, height, down=True), class_="tear"),
            svg.text("idle", (left + right) / 2, plan.top + 13, class_="fold-name mid"),
            svg.text(fmt.duration(fold.end - fold.start), (left + right) / 2, plan.top + 26, class_="fold-name mid"),
        ]
        yield svg.group(parts)


def _dues(plan: _Plan) -> Iterator[Markup]:
    for row, due in enumerate(plan.story.drawn_dues):
        x, y = plan.x(due.at), 14.0 + _DUE_ROW * row
        yield _upright(plan, x, y, due.words, f"due {due.state}")
    if plan.story.now is not None:
        yield _upright(plan, plan.x(plan.story.now), 14.0 + _DUE_ROW * len(plan.story.drawn_dues), "now", "now")


def _upright(plan: _Plan, x: float, y: float, content: str, class_: str) -> Markup:
    turned = x + text_width(content) + 8 > plan.width
    name = svg.text(content, x - 6 if turned else x + 6, y, class_="end" if turned else None)
    return svg.group([svg.line(x, y - 9, x, plan.bottom, class_="upright"), name], class_=class_)


def _hops(plan: _Plan) -> Iterator[Markup]:
    for hop in plan.story.hops:
        start, end = plan.story.path[hop.start], plan.story.path[hop.end]
        x1, x2, y1, y2 = plan.place(start), plan.place(end), plan.lane_y[start.lane], plan.lane_y[end.lane]
        turn = 0.0 if y1 == y2 else min(7.0, max(0.0, x2 - x1) / 2)
        down = turn if y2 > y1 else -turn
        path = f"M{_n(x1)} {_n(y1)}H{_n(x2 - turn)}"
        path += f"Q{_n(x2)} {_n(y1)} {_n(x2)} {_n(y1 + down)}V{_n(y2)}" if turn else ""
        if not turn and y1 != y2:
            path += f"V{_n(y2)}"
        yield svg.element("path", d=path, class_="hop slow" if hop.slow else "hop")
        if hop.length:
            middle = _free(plan, start.lane, x1, x2)
            yield svg.text(_hop_words(hop), middle, y1 + 16, class_="hop-name mid slow" if hop.slow else "hop-name mid")


def _free(plan: _Plan, lane: int, x1: float, x2: float) -> float:
    """Where between two dots the length of the hop is written: where nothing that is awaited stands, if there is room."""
    taken = [plan.place(dot) for dot in plan.story.awaited if dot.lane == lane]
    shares = (0.5, 0.25, 0.75)
    tried = [x1 + (x2 - x1) * share for share in shares]
    return next((x for x in tried if all(abs(x - other) > _CLEAR for other in taken)), tried[0])


def _hop_words(hop: Hop) -> str:
    if hop.slow and hop.usual is not None:
        return f"{fmt.duration(hop.length)} (usually {fmt.duration(hop.usual)})"
    return fmt.duration(hop.length)


def _waits(plan: _Plan) -> Iterator[Markup]:
    now = plan.story.now
    if now is None:
        return
    if plan.story.path:
        last = plan.story.path[-1]
        y = plan.lane_y[last.lane]
        yield svg.line(plan.place(last), y, plan.x(now), y, class_="waiting")
    first: dict[int, Dot] = {}
    for dot in sorted(plan.story.awaited, key=lambda dot: dot.at):
        first.setdefault(dot.lane, dot)
    for dot in first.values():
        if dot.at < now:
            y, x1, x2 = plan.lane_y[dot.lane], plan.x(dot.at), plan.x(now)
            yield svg.line(x1, y, x2, y, class_="overrun")
            yield svg.text(f"{fmt.duration(now - dot.at)} overdue", (x1 + x2) / 2, y + 18, class_="overrun-name mid")


def _labels(plan: _Plan) -> Iterator[Markup]:
    for lane, labels in plan.labels.items():
        for label in labels:
            y = plan.lane_y[lane] - 13 - _LEVEL * label.level
            if label.level:
                yield svg.line(label.x, y + 3, label.x, plan.lane_y[lane] - 8, class_="leader")
            name = svg.text(_named(label.dot), label.left, y, class_=f"dot-name {label.dot.kind}")
            # The mark carries the words for whoever can't see the name beside it.
            yield (
                svg.element("a", name, href=label.dot.href, tabindex=-1, aria_hidden="true") if label.dot.href else name
            )


def _named(dot: Dot) -> str:
    return dot.title + "".join(f" [{number}]" for number in dot.notes)


def _marks(plan: _Plan) -> Iterator[Markup]:
    for place, dot in enumerate(plan.story.beside):
        x, y = plan.place(dot), plan.lane_y[dot.lane] + _BELOW + 2
        yield glyphs.mark(dot, plan.story.lanes[dot.lane], x, y)
        said = _beside(dot)
        rivals = [plan.place(other) for other in plan.story.beside[place + 1 :] if other.lane == dot.lane]
        if x + 12 + text_width(said) < min([*rivals, plan.width]):
            yield svg.text(said, x + 10, y + 4, class_=f"aside {dot.kind}")
    for dot in (*plan.story.awaited, *plan.story.path):
        yield glyphs.mark(dot, plan.story.lanes[dot.lane], plan.place(dot), plan.lane_y[dot.lane])


def _beside(dot: Dot) -> str:
    """What is written beside an attempt, a repetition or a part, if there is room."""
    if dot.kind in ("again", "more"):
        return f"{dot.title} again"
    if dot.kind == "part":
        return f"{dot.title}: {dot.message or glyphs.SAID['part']}"
    said = dot.message or f"{dot.title} failed"
    return fmt.cut(said, _MESSAGE)


def _axis(plan: _Plan) -> Iterator[Markup]:
    """The clock under each dot of the path and each part where there is room, and the date where the day turns."""
    y = plan.bottom
    yield svg.line(plan.head - 16, y, plan.right, y, class_="base")
    taken = plan.head - 80.0
    day = ""
    parts = (dot for dot in plan.story.beside if dot.kind == "part")
    for dot in sorted((*plan.story.path, *parts), key=plan.place):
        x = plan.place(dot)
        if x - 29 < taken:
            yield svg.line(x, y, x, y + 3, class_="base")
            continue
        yield svg.line(x, y, x, y + 5, class_="base")
        yield svg.text(fmt.clock(dot.at), x, y + 17, class_="tick mid")
        if fmt.date(dot.at) != day:
            day = fmt.date(dot.at)
            yield svg.text(day, x, y + 31, class_="tick mid strong")
        taken = x + 29
    yield svg.text("UTC", 0, y + 17, class_="tick")


def _n(value: float) -> str:
    return svg.plain(value)
