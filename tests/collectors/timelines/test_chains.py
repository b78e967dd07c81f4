"""The way from one id to another over events that name two."""

from __future__ import annotations

from collectors.timelines.chains import chain
from collectors.timelines.model import Key

A, B, C, D = (Key("k", value) for value in "abcd")


def test_the_shortest_way_is_told_and_the_first_by_name_of_equal_ones() -> None:
    assert chain([(A, C), (C, B), (B, D)], A, D) == (A, C, B, D)
    assert chain([(A, C), (C, B), (B, D), (A, D)], A, D) == (A, D)
    assert chain([(A, C), (C, D), (A, B), (B, D)], A, D) == (A, B, D)
    assert chain([(A, B, D)], A, D) == (A, D)


def test_what_nothing_joins_has_no_way() -> None:
    assert chain([(A, B), (C, D)], A, D) == ()
    assert chain([], A, D) == ()
