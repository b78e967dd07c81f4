"""A workflow's flow: steps in their order, a lane per system, hops as wide as many took them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ui import format as fmt
from ui.charts import svg
from ui.charts.flow_places import COLUMN, LANE, NODE_HEIGHT, NODE_WIDTH, TOP, Box, Curve, curve, place_label, place_of

_LINE = 14
_THINNEST, _WIDEST = 1.5, 24.0
#: What a letter of a label is wide, about; labels must not touch, so a little more than it is.
_LETTER = 6.4
#: Between these widths a picture fits itself to the page.
_LEAST, _MOST = 980, 1_600
#: For the label of an arc that rises above all steps.
_ROOM_ABOVE = 30


@dataclass(frozen=True, slots=True)
class Stay:
    """Some objects of a step that have gone no further: their state, words and list."""

    state: str
    words: str
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Node:
    """A step: its title, how many reached it, the list of these, and who stopped there."""

    name: str
    title: str
    system: str
    count: int
    href: str
    stays: Sequence[Stay]


@dataclass(frozen=True, slots=True)
class Link:
    """A hop from one step to another: how many took it, p50 and p90 in nanoseconds, and the list of these."""

    start: str
    end: str
    count: int
    p50: int
    p90: int
    href: str
    title: str


def draw(nodes: Sequence[Node], links: Sequence[Link]) -> Markup:
    """The picture; nodes in their declared order, lanes in the order in which systems first appear."""
    lanes = list(dict.fromkeys(node.system for node in nodes))
    boxes = {node.name: place_of(number, lanes.index(node.system)) for number, node in enumerate(nodes)}
    largest = max((link.count for link in links), default=1)
    drawn = [(link, curve(boxes[link.start], boxes[link.end])) for link in links]
    width, bottom = COLUMN * len(nodes) + COLUMN // 2, TOP + LANE * len(lanes)
    top = min(0, *(way.top - _ROOM_ABOVE for _, way in drawn)) if drawn else 0
    taken = [box for node in nodes for box in (boxes[node.name], *_stay_boxes(node, boxes[node.name]))]
    labels = [_label(link, way, taken) for link, way in sorted(drawn, key=lambda one: -one[0].count)]
    return svg.element(
        "svg",
        svg.element("title", "Flow from step to step; the same figures stand in the tables below"),
        *(_lane(system, number, width) for number, system in enumerate(lanes)),
        # The widest lie lowest, so that a thin one is never hidden.
        *(_band(link, way, largest) for link, way in sorted(drawn, key=lambda one: -one[0].count)),
        *(_node(node, boxes[node.name]) for node in nodes),
        svg.group([label for label in labels if label], aria_hidden="true"),
        class_=f"flow {_size(width)}".strip(),
        view_box=f"0 {svg.plain(top)} {width} {svg.plain(bottom - top)}",
        width=width,
        height=bottom - top,
        role="group",
        aria_label="Flow",
    )


def _size(width: float) -> str:
    """Whether it keeps its size: a picture of one step is not blown up, nor one of thirty shrunk until none can read it."""
    if width < _LEAST:
        return "few"
    return "many" if width > _MOST else ""


def _lane(system: str, number: int, width: float) -> Markup:
    y = TOP + LANE * number
    return svg.group(
        [
            svg.line(0, y - 34, width, y - 34, class_="lane") if number else Markup(""),
            svg.text(system, 0, y - 16, class_="lane-name"),
        ]
    )


def _band(link: Link, way: Curve, largest: int) -> Markup:
    width = _THINNEST + (_WIDEST - _THINNEST) * link.count / largest
    return svg.element(
        "a",
        svg.element("title", link.title),
        svg.element("path", d=way.path, class_="reach"),
        svg.element("path", d=way.path, class_="band", stroke_width=width),
        href=link.href,
        class_="hop",
        aria_label=link.title,
    )


def _label(link: Link, way: Curve, taken: list[Box]) -> Markup:
    """How many and how long, where it covers nothing; else the hop is told by hover and in the table."""
    lines = (fmt.count(link.count), f"{fmt.duration(link.p50)} · {fmt.duration(link.p90)}")
    width = max(map(len, lines)) * _LETTER
    spot = place_label(way, width, 2 * _LINE, taken)
    if spot is None:
        return Markup("")
    taken.append(spot)
    middle = spot.x + spot.width / 2
    return svg.group(
        [
            svg.text(lines[0], middle, spot.y + 11, class_="mid strong"),
            svg.text(lines[1], middle, spot.y + 11 + _LINE, class_="mid took"),
        ]
    )


def _node(node: Node, box: Box) -> Markup:
    middle = box.x + box.width / 2
    words = f"{node.title}: {fmt.count(node.count)}"
    title = [svg.text(line, middle, box.y + 15 + _LINE * n, class_="mid") for n, line in enumerate(_broken(node.title))]
    link = svg.element(
        "a",
        svg.element("title", words),
        svg.element("rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=3, class_="step"),
        *title,
        svg.text(fmt.count(node.count), middle, box.y + box.height - 6, class_="mid strong"),
        href=node.href,
        aria_label=words,
        class_="node",
    )
    stays = (
        svg.element(
            "a",
            svg.element("title", stay.title),
            svg.text(stay.words, middle, box.y + box.height + 13 + _LINE * number, class_=f"mid stay {stay.state}"),
            href=stay.href,
            aria_label=stay.title,
        )
        for number, stay in enumerate(node.stays)
    )
    return svg.group([link, *stays])


def _stay_boxes(node: Node, box: Box) -> list[Box]:
    return [Box(box.x, box.y + box.height + 2 + _LINE * number, NODE_WIDTH, _LINE) for number in range(len(node.stays))]


def _broken(title: str) -> list[str]:
    """A title in at most two lines that fit a node, the rest cut."""
    room = int((NODE_WIDTH - 8) / _LETTER)
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) > room and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    kept = lines[: (NODE_HEIGHT - 20) // _LINE]
    if len(lines) > len(kept):
        kept[-1] += " …"
    return [line if len(line) <= room + 1 else f"{line[: room - 1]}…" for line in kept]
