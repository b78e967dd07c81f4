from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from ui.views.source import MOST_LINES, Line, folded, readable, source
from ui.views.text_diff import MOST_LINES as MOST_COMPARED
from ui.views.text_diff import difference


def every(lines: list[Line]) -> list[Line]:
    return [*chain.from_iterable((line, *every(line.below)) for line in lines)]


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["", "a", "b:", "}"]))))
def test_folding_keeps_every_line_in_its_order(shape: list[tuple[int, str]]) -> None:
    lines = [" " * depth + text for depth, text in shape]
    shown = every(folded(lines))
    assert [line.text for line in shown] == lines
    assert [line.number for line in shown] == [*range(1, len(lines) + 1)]


def test_long_blocks_fold_and_short_ones_stay() -> None:
    long, short = folded(["a:", *(f"  {number}" for number in range(6)), "b:", "  1"])[0:2]
    assert (long.text, len(long.below)) == ("a:", 6)
    assert (short.text, short.below) == ("b:", [])


def test_a_line_without_end_is_laid_out_and_a_long_text_is_cut() -> None:
    assert readable('{"a": "' + "1" * 500 + '"}').startswith('{\n  "a": "111')
    assert readable("{" + "x" * 500) == "{" + "x" * 500
    assert source("\n" * (MOST_LINES + 7)).hidden == 7
    assert not source("a").laid_out


@given(st.lists(st.sampled_from("abcd"), max_size=30), st.lists(st.sampled_from("abcd"), max_size=30))
def test_the_two_sides_say_what_stands_in_each_text(old: list[str], new: list[str]) -> None:
    found = difference("\n".join(old), "\n".join(new))
    for row in found.rows:
        assert row.old_number is None or old[row.old_number - 1] == row.old
        assert row.new_number is None or new[row.new_number - 1] == row.new
        assert row.kind != "same" or row.old == row.new
    assert bool(found.rows) == (old != new)


def test_what_nobody_reads_is_not_compared() -> None:
    assert difference("a\n" * (MOST_COMPARED + 1), "b").too_long
    assert difference("\n".join(map(str, range(3000))), "x").cut
