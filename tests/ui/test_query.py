import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.sample import NOW, WORKFLOW, company
from ui import query
from ui.format import DAY, HOUR


def test_nothing_asked_is_the_usual_period_up_to_now() -> None:
    assert query.period({}, NOW, "P7D") == query.Period(NOW - 7 * DAY, NOW, "P7D")
    assert query.period({}, NOW, "P7D").words == "in the last 7 days"
    assert query.period({}, NOW).whole
    assert query.period({}, NOW).parameters == {}


def test_a_day_as_the_end_counts_in_whole() -> None:
    asked = query.period({"from": "2026-03-01", "to": "2026-03-02"}, NOW)
    assert asked.end - asked.start == 2 * DAY
    assert asked.words == "from 1 Mar 2026 to 2 Mar 2026"
    assert asked.parameters == {"from": "2026-03-01", "to": "2026-03-02"}


def test_times_are_taken_to_the_second() -> None:
    asked = query.period({"from": "2026-03-01T10:00:00Z", "to": "2026-03-01T13:00:00+01:00"}, NOW)
    assert asked.end - asked.start == 2 * HOUR


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"from": "tomorrow"}, "“tomorrow” is no date; write one like 2026-03-31"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "The period ends before it begins"),
        ({"period": "P1M"}, "counts years or months"),
        ({"period": "PT0S"}, "is no length of time"),
        ({"to": "9999-12-31"}, "outside the years 1970 to 2261"),
        ({"to": "0001-01-01"}, "outside the years 1970 to 2261"),
    ],
)
def test_what_makes_no_sense_is_said_and_the_usual_period_shown(asked: dict[str, str], said: str) -> None:
    found = query.period(asked, NOW, "P30D")
    assert said in found.trouble
    assert found.trouble.endswith("This shows the last 30 days instead.")
    assert (found.start, found.end) == (NOW - 30 * DAY, NOW)


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_no_text_breaks_the_period(since: str, until: str, name: str) -> None:
    found = query.period({"from": since, "to": until, "period": name}, NOW, "P30D")
    assert found.start < found.end


def test_only_declared_dimensions_filter() -> None:
    pairs = [("entity", " DE01 "), ("region", ""), ("planet", "Mars")]
    assert query.dimensions(pairs, ["entity", "region"]) == {"entity": "DE01"}


def test_known_values_come_from_what_is_shown() -> None:
    assert query.known_values(WORKFLOW, company()) == {"entity": ["DE01", "US01"], "region": ["AMER", "EMEA"]}
    assert query.known_values(WORKFLOW, []) == {"entity": [], "region": []}
