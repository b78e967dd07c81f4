from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlplane.demo.company import ENTITIES
from controlplane.demo.dice import Dice
from controlplane.demo.model import DAY, HOUR, SECOND, Sender
from controlplane.demo.rhythm import days, orders, renewals
from controlplane.demo.world import HUB, World, day_of_month, weekday, workday_before


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


NOW = at("2026-11-24T10:30:00")


def test_the_calendar_is_the_usual_one() -> None:
    assert weekday(at("2026-11-24T00:00:00")) == 1
    assert weekday(at("2026-11-29T23:59:59")) == 6
    assert day_of_month(at("2024-02-29T12:00:00")) == 29
    assert workday_before(at("2026-11-23T10:00:00"), 1) == at("2026-11-20T00:00:00")


def test_all_incidents_lie_within_a_month_of_history() -> None:
    world = World.of(1, NOW, 30)
    for window in (world.outage, world.tax_gap, world.wrong_clock):
        assert world.start < window.start < window.end < NOW
        assert weekday(window.start) < 5
    assert NOW - world.outage.start > 13 * DAY


@given(now=st.integers(NOW - 40 * DAY, NOW), days_back=st.floats(0.1, 90))
def test_no_incident_lasts_until_now(now: int, days_back: float) -> None:
    world = World.of(1, now, days_back)
    for window in (world.outage, world.tax_gap, world.wrong_clock):
        assert window.start < window.end <= now


def test_in_the_outage_nothing_gets_through_and_outside_nearly_all() -> None:
    world = World.of(1, NOW, 30)
    dice = Dice.of("erp")
    inside = [world.erp_failure(dice, world.outage.start + HOUR) for _ in range(50)]
    outside = [world.erp_failure(dice, world.outage.end) for _ in range(500)]
    assert set(inside) == {"timeout", "503"}
    assert 0 < sum(failure is not None for failure in outside) < 50


def test_one_machine_is_eight_seconds_behind_for_three_days() -> None:
    world = World.of(1, NOW, 30)
    inside = world.wrong_clock.start
    assert world.clock_error(Sender(HUB, 2), inside) == -8 * SECOND
    assert world.clock_error(Sender(HUB, 1), inside) == 0
    assert world.clock_error(Sender(HUB, 2), world.wrong_clock.end) == 0


@pytest.mark.parametrize("code", ENTITIES)
def test_deals_are_won_on_working_days_in_office_hours(code: str) -> None:
    entity = ENTITIES[code]
    times = [
        moment
        for day in days(at("2026-10-05T00:00:00"), at("2026-11-30T00:00:00"))
        for moment in orders(Dice.of("orders", day, code), entity, day)
    ]
    office = [moment for moment in times if 6 <= (moment // HOUR + entity.utc_offset) % 24 <= 20]
    assert len(office) == len(times) > 100
    weekend = sum(weekday(moment) > 4 for moment in times)
    assert weekend < len(times) * 0.1


def test_most_invoices_come_on_the_first() -> None:
    entity = ENTITIES["US01"]
    count = {
        text: len(list(renewals(Dice.of("renewals", text), entity, at(f"2026-11-{text}T00:00:00"))))
        for text in ("01", "10", "15")
    }
    assert count["01"] > count["15"] > count["10"]
