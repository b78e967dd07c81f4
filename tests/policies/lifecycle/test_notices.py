"""Reminders before a sunset, and telling people by hand: each once, and on record."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.lifecycle import notices
from policies.lifecycle.leaving import Leaving, leaving
from policies.lifecycle.notices import REMINDER_DAYS, due
from registry.audit import chain
from registry.catalogue.apply import apply
from registry.database import Database
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText
from tests.policies.lifecycle.test_leaving import NEW, NOW, OLD, api, seen

HEAD = "---\napiVersion: controlplane/v1\n"
CATALOGUE = (
    f"{HEAD}kind: Team\nmetadata: {{name: sales}}\n"
    f"{HEAD}kind: System\nmetadata: {{name: crm, owner: sales}}\nspec: {{category: crm, services: ['crm-*']}}\n"
    f"{HEAD}kind: Webhook\nmetadata: {{name: sales-chat}}\n"
    "spec: {url: 'https://hooks.example.com/', events: {teams: [sales], actions: [notify]}}\n"
)


@pytest.fixture
def catalogue(database: Database) -> Database:
    with database.writing() as session:
        apply(session, parse_manifests([SourceText("", CATALOGUE.encode())]), actor="ada", now=NOW)
    return database


def on_the_way_out(now: datetime = NOW, sunset: str = "2026-06-10") -> Leaving:
    manifest = api({**OLD, "sunset": sunset, "replacement": {"version": "v2"}}, NEW)
    calls = seen(
        ("crm-sync", "v1", {2: 5, 40: 7}), ("stray", "v1", {3: 1}), ("gone", "v1", {60: 9}), ("unsure", "", {1: 4})
    )
    return leaving(manifest, manifest.spec.versions[0], calls, now)


def test_those_still_there_are_told_once_for_each_occasion_and_it_is_on_record(catalogue: Database) -> None:
    with catalogue.writing() as session:
        found = notices.remind(session, [on_the_way_out()], NOW)
        assert [(one.caller, one.teams, one.webhooks, one.occasion) for one in found] == [
            ("crm-sync", ("sales",), ("sales-chat",), "30"),
            ("stray", (), (), "30"),
        ]
    with catalogue.writing() as session:
        assert notices.remind(session, [on_the_way_out()], NOW + timedelta(hours=3)) == []
    with catalogue.reading() as session:
        entry = chain.entries(session, action="notify")[-1]
        assert (entry.kind, entry.name, entry.actor) == ("API", "hub-orders", "lifecycle")
        assert {name: entry.after[name] for name in ("caller", "calls", "last_call", "sunset", "system", "teams")} == {
            "caller": "crm-sync",
            "calls": 12,
            "last_call": "2026-05-14T12:00:00Z",
            "sunset": "2026-06-10",
            "system": "crm",
            "teams": ["sales"],
        }
        assert entry.after["replacement"] == {"api": "hub-orders", "version": "v2"}
        given_ = notices.given(session, "hub-orders")
        assert [one.caller for one in notices.told_of(given_, "hub-orders", "v1", "crm-sync")] == ["crm-sync"]
    # Another sunset is another end, of which they are told anew.
    with catalogue.writing() as session:
        assert len(notices.remind(session, [on_the_way_out(sunset="2026-06-12")], NOW)) == 2


def test_by_hand_nobody_is_told_twice_on_one_day(catalogue: Database) -> None:
    with catalogue.writing() as session:
        told, earlier = notices.tell_by_hand(session, on_the_way_out(), "ada", NOW, ["crm-sync"])
        assert ([(one.caller, one.by, one.occasion) for one in told], earlier) == ([("crm-sync", "ada", "by hand")], [])
        told, earlier = notices.tell_by_hand(session, on_the_way_out(), "ada", NOW)
        assert ([one.caller for one in told], earlier) == (["stray"], ["crm-sync"])
        told, _ = notices.tell_by_hand(session, on_the_way_out(), "ada", NOW + timedelta(days=1))
        assert len(told) == 2


def test_what_is_retired_has_nobody_to_remind() -> None:
    manifest = api({"version": "v1", "lifecycle": "retired", "dates": {"retired": "2026-05-01"}}, NEW)
    found = leaving(manifest, manifest.spec.versions[0], seen(("crm-sync", "v1", {2: 5})), NOW)
    assert found.incident
    assert notices.addressees(found) == []


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(0, 400))
def test_walking_through_the_days_each_reminder_is_given_once(sunset: date, ahead: int) -> None:
    told: list[str] = []
    for left in range(ahead, -30, -1):
        occasion = due(sunset, told, sunset - timedelta(days=left))
        if occasion is not None:
            told.append(occasion)
            assert due(sunset, told, sunset - timedelta(days=left)) is None
    first = min(days for days in REMINDER_DAYS if ahead <= days) if ahead <= max(REMINDER_DAYS) else max(REMINDER_DAYS)
    assert [int(one) for one in told] == [days for days in REMINDER_DAYS if days <= first]


def test_whoever_was_away_gives_the_nearest_reminder_and_not_all_that_were_missed() -> None:
    sunset = date(2026, 6, 10)
    assert due(sunset, [], date(2026, 6, 5)) == "7"
    assert due(sunset, ["90", "by hand"], date(2026, 6, 5)) == "7"
    assert due(sunset, ["7"], date(2026, 6, 5)) is None
    assert due(sunset, [], date(2026, 1, 1)) is None
    assert due(sunset, [], date(2026, 8, 1)) == "0"
    assert due(None, [], date(2026, 8, 1)) is None
