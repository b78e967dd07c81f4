import itertools

from hypothesis import given
from hypothesis import strategies as st

from ui.charts.timeline import axis
from ui.format import DAY, HOUR, MINUTE, SECOND

MOMENTS = st.lists(st.integers(0, 400 * DAY), min_size=1, max_size=25, unique=True).map(sorted)


@given(MOMENTS, st.data())
def test_time_only_runs_to_the_right_and_there_is_room_for_what_is_written(
    moments: list[int], data: st.DataObject
) -> None:
    ends = st.tuples(st.integers(0, len(moments) - 1), st.integers(0, len(moments) - 1)).map(sorted)
    needs = [(moments[a], moments[b], 90.0) for a, b in data.draw(st.lists(ends, max_size=6))]
    laid = axis.lay_out(moments, 900.0, needs)
    places = [laid.x[moment] for moment in moments]
    assert all(right - left >= 12 - 1e-6 for left, right in itertools.pairwise(places))
    assert all(laid.x[end] - laid.x[start] >= pixels - 1e-6 for start, end, pixels in needs if start < end)
    assert places[-1] == laid.width


@given(MOMENTS)
def test_folds_are_longer_than_what_is_not_folded(moments: list[int]) -> None:
    folds = axis.find_folds(moments)
    folded = {(fold.start, fold.end) for fold in folds}
    open_gaps = [end - start for start, end in itertools.pairwise(moments) if (start, end) not in folded]
    assert all(fold.end - fold.start > max(open_gaps) for fold in folds)
    assert len(folds) < max(len(moments) - 1, 1)


def test_seconds_and_weeks_stand_on_one_page() -> None:
    moments = [0, 2 * SECOND, 5 * SECOND, 14 * DAY, 14 * DAY + 3 * SECOND]
    laid = axis.lay_out(moments, 900.0, [])
    assert [(fold.start, fold.end) for fold in laid.folds] == [(5 * SECOND, 14 * DAY)]
    assert abs(laid.width - 900) < 1e-6
    assert (
        abs((laid.x[5 * SECOND] - laid.x[2 * SECOND]) / (laid.x[14 * DAY + 3 * SECOND] - laid.x[14 * DAY]) - 1) < 0.01
    )


def test_even_stretches_are_not_folded() -> None:
    assert axis.find_folds([0, DAY, 3 * DAY, 4 * DAY + HOUR]) == ()
    assert axis.find_folds([0, SECOND, MINUTE]) == ()
    assert axis.find_folds([0]) == ()
