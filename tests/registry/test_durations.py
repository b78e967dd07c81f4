from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.durations import format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("PT15M", timedelta(minutes=15)),
        ("PT4H", timedelta(hours=4)),
        ("P1DT12H30M", timedelta(days=1, hours=12, minutes=30)),
        ("P2W", timedelta(weeks=2)),
        ("P30D", timedelta(days=30)),
        ("PT0.5S", timedelta(milliseconds=500)),
        ("PT1.5H", timedelta(minutes=90)),
        ("P0D", timedelta(0)),
        ("PT90M", timedelta(minutes=90)),
    ],
)
def test_reads(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no ISO 8601 duration"),
        ("P", "no ISO 8601 duration"),
        ("PT", "no ISO 8601 duration"),
        ("P1DT", "no ISO 8601 duration"),
        ("15m", "no ISO 8601 duration"),
        ("PT15m", "no ISO 8601 duration"),
        ("-PT15M", "no ISO 8601 duration"),
        ("PT15M ", "no ISO 8601 duration"),
        ("P1W2D", "no ISO 8601 duration"),
        ("P1Y", "years or months"),
        ("P3M", "years or months"),
        ("P1Y2M3D", "years or months"),
        ("PT1.5H30M", "fraction before its last part"),
        ("PT0.0000001S", "finer than a microsecond"),
        ("P999999999999D", "longer than 100 years"),
    ],
)
def test_refuses(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_duration(text)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=36_500)))
def test_reads_what_it_writes(length: timedelta) -> None:
    assert parse_duration(format_duration(length)) == length


@given(st.text(max_size=30))
def test_any_other_text_is_refused_in_words(text: str) -> None:
    try:
        parse_duration(text)
    except ValueError as error:
        assert repr(text) in str(error)  # noqa: PT017  most texts are refused, a few are right


def test_a_negative_length_has_no_text() -> None:
    with pytest.raises(ValueError, match="negative"):
        format_duration(timedelta(seconds=-1))
