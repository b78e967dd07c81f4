from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.timelines.model import Money
from ui import format as fmt
from ui.format import DAY, HOUR, MILLISECOND, MINUTE, SECOND

LENGTHS = st.integers(0, 400 * DAY)


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (0, "0 s"),
        (999, "0 µs"),
        (640_000, "640 µs"),
        (340 * MILLISECOND, "340 ms"),
        (SECOND, "1 s"),
        (1_290 * MILLISECOND, "1.2 s"),
        (9_999 * MILLISECOND, "9.9 s"),
        (42 * SECOND + 900 * MILLISECOND, "42 s"),
        (90 * SECOND, "1 min 30 s"),
        (MINUTE, "1 min"),
        (4 * HOUR + 12 * MINUTE + 59 * SECOND, "4 h 12 min"),
        (3 * DAY + 4 * HOUR + 59 * MINUTE, "3 d 4 h"),
        (1_200 * DAY, "1,200 d"),
        (-90 * SECOND, "-1 min 30 s"),
    ],
)
def test_a_duration_has_at_most_two_units(length: int, said: str) -> None:
    assert fmt.duration(length) == said


@given(LENGTHS)
def test_a_duration_never_says_more_than_there_was(length: int) -> None:
    sizes = {"d": DAY, "h": HOUR, "min": MINUTE, "s": SECOND, "ms": MILLISECOND, "µs": 1_000}
    parts = fmt.duration(length).replace(",", "").split(" ")
    said = sum(float(number) * sizes[unit] for number, unit in zip(parts[::2], parts[1::2], strict=True))
    assert len(parts) in (2, 4)
    assert said <= length + 1
    assert length - said < max(sizes[parts[-1]] * 1.001, 60 * sizes[parts[-1]] if len(parts) == 2 else 0)


@given(LENGTHS, LENGTHS)
def test_times_say_which_side_of_now_they_are_on(now: int, at: int) -> None:
    said = fmt.relative(at, now)
    if abs(now - at) < 5 * SECOND:
        assert said == "just now"
    else:
        assert said.endswith(" ago") == (at < now)
        assert said.startswith("in ") == (at > now)


def test_times_name_their_zone() -> None:
    at = 1_772_529_342 * SECOND + 120 * MILLISECOND
    assert fmt.absolute(at) == "2026-03-03 09:15:42 UTC"
    assert fmt.exact(at) == "2026-03-03 09:15:42.120 UTC"
    assert fmt.iso(at) == "2026-03-03T09:15:42.120Z"
    assert fmt.day(at) == "3 Mar"


@pytest.mark.parametrize("at", [-(2**63), 2**63 - 1, 10**30])
def test_times_beyond_the_calendar_are_no_error(at: int) -> None:
    assert fmt.absolute(at).endswith(" UTC")


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (1.0, "100 %"),
        (0.9996, "99.9 %"),
        (0.99, "99 %"),
        (0.9908, "99 %"),
        (0.991, "99.1 %"),
        (0.0, "0 %"),
        (0.995, "99.5 %"),
    ],
)
def test_a_share_is_never_rounded_up(share: float, said: str) -> None:
    assert fmt.percent(share) == said


@given(st.decimals(-(10**12), 10**12, places=2))
def test_amounts_keep_every_digit(value: Decimal) -> None:
    said = fmt.money(Money(value, "EUR"))
    assert said.startswith("EUR ")
    assert Decimal(said[4:].replace(",", "")) == value


@pytest.mark.parametrize(
    ("value", "currency", "said"),
    [
        ("84310", "EUR", "EUR 84,310.00"),
        ("84310", "JPY", "JPY 84,310"),
        ("-1250.5", "USD", "USD -1,250.50"),
        ("0.005", "USD", "USD 0.005"),
        ("1", "KWD", "KWD 1.000"),
    ],
)
def test_amounts_have_their_currency_and_its_decimals(value: str, currency: str, said: str) -> None:
    assert fmt.money(Money(Decimal(value), currency)) == said


def test_sums_are_never_added_across_currencies() -> None:
    assert fmt.sums({"USD": Decimal(5), "EUR": Decimal("1.5")}) == ["EUR 1.50", "USD 5.00"]
    assert fmt.sums(None) == []


@given(st.text(max_size=80))
def test_a_shortened_id_still_holds_the_whole(text: str) -> None:
    short = fmt.shorten(text)
    assert "".join(short) == text
    assert not short.middle or len(short.middle) >= 4
