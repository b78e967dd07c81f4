"""Nodes in layers: whoever leads to another stands before it, circles end, and the same graph looks the same."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ui.charts.layers import Pass, layers

NODES = st.integers(0, 8)
EDGES = st.lists(st.tuples(NODES, NODES), max_size=20)


def test_a_chain_and_a_fork() -> None:
    assert layers(["a", "b", "c", "d"], [("a", "b"), ("b", "c"), ("a", "d"), ("d", "c")]) == [["a"], ["b", "d"], ["c"]]
    assert layers([], []) == []
    assert layers(["a", "b"], []) == [["a", "b"]]


def test_an_edge_over_layers_has_a_place_in_each() -> None:
    found = layers(["a", "b", "c"], [("a", "b"), ("b", "c"), ("a", "c")])
    assert [set(layer) for layer in found] == [{"a"}, {"b", Pass("a", "c", 1)}, {"c"}]


def test_lines_that_need_not_cross_do_not() -> None:
    found = layers(["a", "b", "x", "y"], [("a", "y"), ("b", "x")])
    assert found in ([["a", "b"], ["y", "x"]], [["b", "a"], ["x", "y"]])


def test_a_circle_breaks_at_one_of_its_edges() -> None:
    found = layers(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a")])
    assert sorted(len(layer) for layer in found) == [1, 1, 1]


@given(st.lists(NODES, unique=True), EDGES)
def test_every_node_has_one_place_and_forward_edges_go_right(nodes: list[int], edges: list[tuple[int, int]]) -> None:
    known = [(start, end) for start, end in edges if start in nodes and end in nodes]
    found = layers(nodes, known)
    assert sorted(node for layer in found for node in layer if not isinstance(node, Pass)) == sorted(nodes)
    assert all(found)
    assert layers(nodes, known) == found
    depth = {node: at for at, layer in enumerate(found) for node in layer if not isinstance(node, Pass)}
    assert all(one.layer == at for at, layer in enumerate(found) for one in layer if isinstance(one, Pass))
    if not _circle(nodes, known):
        assert all(depth[start] < depth[end] for start, end in known if start != end)


def _circle(nodes: list[int], edges: list[tuple[int, int]]) -> bool:
    left = set(nodes)
    pairs = {(start, end) for start, end in edges if start != end}
    while free := {node for node in left if not any(end == node for start, end in pairs if start in left)}:
        left -= free
        pairs = {pair for pair in pairs if pair[0] in left}
    return bool(left)


def test_chains_of_any_length_are_laid_out() -> None:
    nodes = list(range(300))
    assert len(layers(nodes, pairwise(nodes))) == 300
