"""The states of an object as a drawing: columns by how many steps from the beginning, arrows for what may follow what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from registry.canon.states import Machine
from ui.charts.svg import element, group, text
from ui.words import title

WIDTH, HEIGHT, ACROSS, DOWN, MARGIN = 128, 28, 72, 18, 10


@dataclass(frozen=True, slots=True)
class Box:
    """Where a state stands: its left upper corner and its column."""

    x: float
    y: float
    column: int

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.y + HEIGHT / 2


def columns(machine: Machine) -> list[list[str]]:
    """The states by their distance from the beginning; what can't be reached comes last."""
    depth = dict.fromkeys(machine.initial, 0)
    todo = list(machine.initial)
    while todo:
        state = todo.pop(0)
        for after in machine.transitions.get(state, ()):
            if after not in depth:
                depth[after] = depth[state] + 1
                todo.append(after)
    beyond = max(depth.values(), default=0) + 1
    # An end that everything leads to stands behind what leads to it.
    for state in machine.final:
        before = [depth.get(one, 0) for one, after in machine.transitions.items() if state in after and one != state]
        if before and not machine.transitions.get(state):
            depth[state] = max(depth.get(state, 0), min(max(before) + 1, beyond))
    found: dict[int, list[str]] = {}
    for state in machine.states:
        found.setdefault(depth.get(state, beyond), []).append(state)
    return [found[at] for at in sorted(found)]


def drawing(machine: Machine) -> Markup:
    """The whole drawing, in its own size; it scrolls where there is no room."""
    places = _places(columns(machine))
    width = max((box.x for box in places.values()), default=0) + WIDTH + MARGIN + 34
    bottom = max((box.y for box in places.values()), default=0) + HEIGHT
    back = [
        (state, after)
        for state, following in machine.transitions.items()
        for after in following
        if after in places and places[after].column < places[state].column
    ]
    height = bottom + MARGIN + 12 * len(back)
    arrows = _arrows(machine.transitions, places, bottom, back)
    boxes = [_box(machine, state, box) for state, box in places.items()]
    name = f"States of {machine.path}: {_words(machine.transitions)}"
    return element(
        "svg",
        group(arrows),
        group(boxes),
        width=width,
        height=height,
        view_box=f"0 0 {width:g} {height:g}",
        class_="machine",
        role="img",
        aria_label=name,
    )


def _places(found: Sequence[Sequence[str]]) -> dict[str, Box]:
    tallest = max((len(states) for states in found), default=0)
    places: dict[str, Box] = {}
    for column, states in enumerate(found):
        first = (tallest - len(states)) * (HEIGHT + DOWN) / 2
        for row, state in enumerate(states):
            x, y = MARGIN + column * (WIDTH + ACROSS), MARGIN + first + row * (HEIGHT + DOWN)
            places[state] = Box(x, y, column)
    return places


def _box(machine: Machine, state: str, box: Box) -> Markup:
    kind = "initial" if state in machine.initial else "final" if state in machine.final else "between"
    return group(
        [
            element("rect", x=box.x, y=box.y, width=WIDTH, height=HEIGHT, rx=HEIGHT / 2 if kind != "between" else 3),
            text(title(state), box.x + WIDTH / 2, box.middle + 4, class_="mid"),
        ],
        class_=f"state-box {kind}",
    )


def _arrows(
    transitions: Mapping[str, Sequence[str]],
    places: Mapping[str, Box],
    bottom: float,
    back: Sequence[tuple[str, str]],
) -> list[Markup]:
    found: list[Markup] = []
    for state, following in transitions.items():
        for after in following:
            if after not in places or after == state or (state, after) in back:
                continue
            start, end = places[state], places[after]
            if start.column != end.column:
                found += _forward(start, end)
            elif state not in transitions.get(after, ()):
                found += _aside(start, end, both=False)
            elif start.y < end.y:
                found += _aside(start, end, both=True)
    for depth, (state, after) in enumerate(back):
        found += _backward(places[state], places[after], bottom + 8 + 12 * depth)
    return found


def _forward(start: Box, end: Box) -> list[Markup]:
    x, y = start.x + WIDTH, start.middle
    reach = (end.x - x) / 2
    path = f"M{x:g} {y:g}C{x + reach:g} {y:g} {end.x - reach:g} {end.middle:g} {end.x - 6:g} {end.middle:g}"
    return [_line(path), _head(end.x, end.middle, 1)]


def _aside(start: Box, end: Box, *, both: bool) -> list[Markup]:
    """Between two of one column: the further apart, the wider the bow, so that bows don't lie on one another."""
    rows = abs(end.y - start.y) / (HEIGHT + DOWN)
    x = start.x + WIDTH
    down = 6 if end.y > start.y else -6
    one, other, bulge = start.middle + down, end.middle - down, x + 12 + 15 * rows
    path = f"M{x + (6 if both else 0):g} {one:g}C{bulge:g} {one:g} {bulge:g} {other:g} {x + 6:g} {other:g}"
    heads = [_head(x, other, -1), *([_head(x, one, -1)] if both else [])]
    return [_line(path), *heads]


def _backward(start: Box, end: Box, low: float) -> list[Markup]:
    x, target = start.x + WIDTH / 2 + 14, end.x + WIDTH / 2 - 14
    from_, to = start.y + HEIGHT, end.y + HEIGHT
    path = f"M{x:g} {from_:g}V{low - 6:g}Q{x:g} {low:g} {x - 6:g} {low:g}H{target + 6:g}Q{target:g} {low:g} {target:g} {low - 6:g}V{to + 6:g}"
    head = element("path", d=f"M{target:g} {to:g}l-3.5 7h7z", class_="arrow-head")
    return [_line(path, " back"), head]


def _line(path: str, more: str = "") -> Markup:
    return element("path", d=path, class_=f"arrow{more}")


def _head(x: float, y: float, way: int) -> Markup:
    return element("path", d=f"M{x:g} {y:g}l{-7 * way} -3.5v7z", class_="arrow-head")


def _words(transitions: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(
        f"{title(state)} may become {', '.join(title(one).lower() for one in after)}"
        if after
        else f"{title(state)} ends"
        for state, after in transitions.items()
    )
