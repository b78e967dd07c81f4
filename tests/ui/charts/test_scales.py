from hypothesis import given
from hypothesis import strategies as st

from ui.charts import scales
from ui.format import DAY, HOUR

POSITIVE = st.floats(0.001, 1e8)


@given(st.lists(POSITIVE, min_size=1, max_size=20), POSITIVE)
def test_every_value_and_the_limit_lie_on_the_scale_in_order(values: list[float], limit: float) -> None:
    scale = scales.lengths(values, limit)
    places = [scale.share(value) for value in sorted([*values, limit])]
    assert places == sorted(places)
    assert scale.low <= min(*values, limit) or not scale.log
    assert scale.high >= max(*values, limit) * 0.999
    assert all(0 <= scale.share(tick) <= 1 for tick in scale.ticks)


def test_a_wide_spread_asks_for_a_log_scale_and_a_narrow_one_does_not() -> None:
    assert scales.lengths([2.0, 3_600.0], 900.0).log
    assert not scales.lengths([300.0, 400.0], 900.0).log
    assert scales.lengths([]).ticks == (0, 1)


def test_ticks_of_lengths_are_round() -> None:
    assert scales.lengths([300.0, 400.0], 900.0).ticks == (0, 300, 600, 900)
    assert scales.lengths([1.0, 80_000.0]).ticks[0] == 1


@given(st.lists(st.integers(0, 10**9), max_size=20))
def test_counts_begin_at_zero_and_step_by_whole_numbers(values: list[int]) -> None:
    scale = scales.numbers(values)
    assert scale.low == 0
    assert scale.high >= max([*values, 0])
    assert all(float(tick).is_integer() for tick in scale.ticks)
    assert 2 <= len(scale.ticks) <= 6


def test_attainment_shows_the_lowest_value_and_ends_at_all() -> None:
    scale = scales.shares([0.82, 1.0], 0.99)
    assert (scale.low, scale.high) == (0.8, 1.0)
    assert scales.shares([0.3], 0.99).low == 0
    assert scales.shares([], 0.999).low == 0.99


@given(st.integers(0, 10**18), st.integers(HOUR, 4_000 * DAY))
def test_time_ticks_are_few_and_within(start: int, length: int) -> None:
    ticks = scales.time_ticks(start, start + length)
    assert len(ticks) <= 8
    assert all(start <= tick < start + length for tick in ticks)
