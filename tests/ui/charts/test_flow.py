"""The flow's picture: everything named, everything a link, nothing on top of anything else."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.reading import Reader
from ui.charts import flow
from ui.charts.flow_places import Box, curve, place_label, place_of

NAMES = ["won", "billed", "posted", "paid", "closed"]


def node(name: str, system: str) -> flow.Node:
    stay = flow.Stay("running", "3 waiting", f"/stay/{name}", f"{name}: 3 waiting here, EUR 5.00")
    return flow.Node(name, f"A rather long title of the step {name}", system, 9, f"/step/{name}", [stay])


def link(start: str, end: str, count: int) -> flow.Link:
    return flow.Link(
        start, end, count, 90 * 10**9, 3_600 * 10**9, f"/hop/{start}/{end}", f"{start} to {end}: {count} <b>"
    )


hops = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), unique=True, max_size=12)


@given(hops, st.lists(st.sampled_from(["crm", "billing", "erp"]), min_size=5, max_size=5))
def test_every_figure_is_a_named_link_and_labels_keep_clear(pairs: list[tuple[str, str]], systems: list[str]) -> None:
    nodes = [node(name, system) for name, system in zip(NAMES, systems, strict=True)]
    links = [link(start, end, number + 1) for number, (start, end) in enumerate(pairs) if start != end]
    page = Reader(str(flow.draw(nodes, links)))
    assert page.faults == []
    anchors = page.all("a")
    assert all(one["href"] and one["aria-label"] for one in anchors)
    assert {one["href"] for one in anchors} == {
        *(f"/step/{name}" for name in NAMES), *(f"/stay/{name}" for name in NAMES), *(one.href for one in links),
    }  # fmt: skip
    widths = [float(one["stroke-width"]) for one in page.all("path") if "stroke-width" in one]
    assert all(1.5 <= width <= 24 for width in widths)


def test_the_widest_hop_is_the_one_that_most_took() -> None:
    drawn = str(
        flow.draw([node("won", "crm"), node("paid", "erp")], [link("won", "paid", 90), link("paid", "won", 30)])
    )
    assert re.findall(r'stroke-width="([\d.]+)"', drawn) == ["24", "9"]
    assert "won to paid: 90 &lt;b&gt;" in drawn


def test_nothing_hopped_is_still_a_picture() -> None:
    page = Reader(str(flow.draw([node("won", "crm")], [])))
    assert [one["class"] for one in page.all("rect")] == ["step"]


def test_a_hop_back_runs_below_and_one_over_others_above() -> None:
    first, third = place_of(0, 0), place_of(2, 0)
    assert curve(third, first).at(0.5)[1] > first.y + first.height
    assert curve(first, third).at(0.5)[1] < first.y
    assert curve(first, place_of(1, 1)).points[0] == (first.x + first.width, first.y + first.height / 2)


def test_labels_never_touch_and_give_up_where_there_is_no_room() -> None:
    taken: list[Box] = [place_of(0, 0), place_of(1, 0)]
    way = curve(*taken)
    while spot := place_label(way, 90, 28, taken):
        taken.append(spot)
    assert len(taken) > 2
    assert not any(one.meets(other) for one, other in combinations(taken, 2))


@pytest.mark.parametrize(("steps", "classes"), [(1, "flow few"), (5, "flow few"), (8, "flow"), (9, "flow many")])
def test_a_picture_of_few_or_many_steps_keeps_its_size(steps: int, classes: str) -> None:
    nodes = [node(f"s{number}", "crm") for number in range(steps)]
    (picture,) = Reader(str(flow.draw(nodes, []))).all("svg")
    assert picture["class"] == classes
