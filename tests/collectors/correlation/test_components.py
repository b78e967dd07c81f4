from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from collectors.correlation.components import join, key_of, label

keys = st.integers(0, 12).map(lambda number: bytes([number]))
edges = st.lists(st.lists(keys, min_size=1, max_size=4).map(tuple), min_size=1, max_size=15)


def plain_components(edges: Sequence[tuple[bytes, ...]]) -> dict[bytes, bytes]:
    """Key -> smallest key of its component, by merging sets until nothing changes."""
    groups: list[set[bytes]] = []
    for edge in edges:
        touching = [group for group in groups if group & set(edge)]
        groups = [group for group in groups if group not in touching] + [set(edge).union(*touching)]
    return {key: min(group) for group in groups for key in group}


@given(edges)
def test_all_at_once_equals_plain_components(edges: list[tuple[bytes, ...]]) -> None:
    assert {key: key_of(root) for key, root in join(edges, {}).roots.items()} == plain_components(edges)


@given(edges, st.randoms(use_true_random=False), st.integers(1, 5))
def test_any_order_and_any_split_end_with_the_same_labels(
    edges: list[tuple[bytes, ...]], random: object, size: int
) -> None:
    shuffled = [*edges, *edges[: len(edges) // 3]]
    random.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    labels: dict[bytes, bytes] = {}
    for start in range(0, len(shuffled), size):
        batch = shuffled[start : start + size]
        known = {key: labels[key] for edge in batch for key in edge if key in labels}
        joined = join(batch, known)
        labels = {key: joined.lost.get(old, old) for key, old in labels.items()} | joined.roots
    assert {key: key_of(root) for key, root in labels.items()} == plain_components(edges)


@given(edges)
def test_labels_never_rise(edges: list[tuple[bytes, ...]]) -> None:
    first = join(edges[:1], {}).roots
    joined = join(edges, first)
    assert all(joined.roots[key] <= old for key, old in first.items())
    assert all(root < old for old, root in joined.lost.items())


@given(keys, keys, st.integers(0, 10**18), st.integers(1, 10**18))
def test_labels_of_a_later_era_win(one: bytes, other: bytes, era: int, later: int) -> None:
    assert label(one, era + later) < label(other, era)
    assert key_of(label(one, era)) == one
