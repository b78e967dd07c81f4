from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.timelines.times import TimeError, parse, rfc3339


@given(st.integers(0, 9_000_000_000_000_000_000))
def test_what_is_written_is_read_back_to_the_nanosecond(nanoseconds: int) -> None:
    assert parse(rfc3339(nanoseconds)) == nanoseconds


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-05-16", "2026-05-16T00:00:00Z"),
        ("2026-05-16T10:30:00+02:00", "2026-05-16T08:30:00Z"),
        ("2026-05-16T10:30:00 02:00", "2026-05-16T08:30:00Z"),
        ("2026-05-16T08:30:00.25Z", "2026-05-16T08:30:00.250Z"),
        ("2026-05-16T08:30:00.123456789Z", "2026-05-16T08:30:00.123456789Z"),
        ("2026-05-16T08:30Z", "2026-05-16T08:30:00Z"),
    ],
)
def test_zones_and_fractions(written: str, meant: str) -> None:
    assert rfc3339(parse(written)) == meant


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-13-01", "2026-05-16T08:30:00", "1969-12-31", "2262-01-02", "9999-12-31T23:59:59-10:00"],
)
def test_what_is_no_time_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(TimeError):
        parse(text)
