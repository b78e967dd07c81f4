"""Incidents open, go on, come back and end; one for each version and caller, by any number of servers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.usage.gone import LateCalls
from policies.lifecycle import keeping
from policies.lifecycle.incidents import STANDING, Before, Seen, ident, seen_of, step, with_untold
from policies.lifecycle.keeping import IncidentError
from policies.lifecycle.retired import retired_since
from registry.audit import chain
from registry.catalogue import read
from registry.catalogue.apply import apply
from registry.database import Database
from registry.kinds.api import APIManifest
from registry.kinds.system import SystemManifest
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText
from tests.policies.lifecycle.test_leaving import GONE, NEW, api

NOW = datetime(2026, 5, 16, 12, tzinfo=UTC)
RETIRED = datetime(2026, 1, 1, tzinfo=UTC)


def seen(caller: str = "crm", last: datetime = NOW, calls: int = 3, version: str = "v0") -> Seen:
    return Seen(
        "hub-orders",
        version,
        caller,
        RETIRED,
        calls,
        last - timedelta(days=1),
        last,
        ("GET /orders",),
        ("ab" * 16,),
        ("erp",),
    )


def note(database: Database, *found: Seen, at: datetime = NOW, watched: bool = True) -> list[str]:
    with database.writing() as session:
        return keeping.note(session, "hub-orders", {("v0", "")}, found, at, watched=watched)


def actions(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        assert chain.verify(session).holds
        return [(one.action, one.actor) for one in reversed(chain.entries(session, kind="Incident"))]


def test_one_incident_for_a_version_and_a_caller_however_often_it_is_seen(database: Database) -> None:
    first = note(database, seen(), seen("poster"))
    assert first == sorted([ident("hub-orders", "v0", "crm"), ident("hub-orders", "v0", "poster")])
    assert note(database, seen(calls=9, last=NOW + timedelta(hours=1)), at=NOW + timedelta(hours=1)) == []
    with database.reading() as session:
        row = keeping.one(session, ident("hub-orders", "v0", "crm"))
        assert row is not None
        assert (row.state, row.calls, row.last_call) == ("open", 9, NOW + timedelta(hours=1))
        assert (row.operations, row.traces, row.teams) == (["GET /orders"], ["ab" * 16], ["erp"])
        entry = chain.entries(session, kind="Incident", name=row.id)[0]
        assert (entry.after["caller"], entry.after["teams"], entry.after["calls"]) == ("crm", ["erp"], 3)
    assert actions(database) == [("open", "lifecycle")] * 2


def test_people_take_note_and_say_why_it_is_over_and_another_call_brings_it_back(database: Database) -> None:
    (one,) = note(database, seen())
    later = NOW + timedelta(days=1)
    with database.writing() as session:
        keeping.decide(session, one, "acknowledge", actor="ada", now=NOW, reason=None)
        with pytest.raises(IncidentError, match="acknowledged by ada already"):
            keeping.decide(session, one, "acknowledge", actor="bo", now=NOW, reason=None)
        with pytest.raises(IncidentError, match="say why"):
            keeping.decide(session, one, "resolve", actor="bo", now=NOW, reason=" ")
        row = keeping.decide(session, one, "resolve", actor="bo", now=later, reason="deployed 2.4")
        assert (row.state, row.comment, row.changed_by) == ("resolved", "deployed 2.4", "bo")
        with pytest.raises(IncidentError, match="resolved already"):
            keeping.decide(session, one, "resolve", actor="bo", now=later, reason="again")
        with pytest.raises(IncidentError, match="no incident"):
            keeping.decide(session, "none", "resolve", actor="bo", now=later, reason="x")
    # What was called before it was resolved was known when it was.
    assert note(database, seen(last=later - timedelta(minutes=1)), at=later + timedelta(hours=1)) == []
    assert note(database, seen(last=later + timedelta(minutes=1)), at=later + timedelta(hours=1)) == [one]
    assert [action for action, _ in actions(database)] == ["open", "acknowledge", "resolve", "reopen"]


def test_it_closes_by_itself_once_quiet_but_not_while_nothing_is_watched(database: Database) -> None:
    note(database, seen())
    quiet = NOW + timedelta(days=31)
    assert note(database, at=quiet, watched=False) == []
    with database.reading() as session:
        assert keeping.standing(session)[0].state == "open"
    note(database, at=quiet)
    note(database, at=quiet)
    with database.reading() as session:
        (row,) = keeping.standing(session)
        assert (row.state, row.comment) == ("closed", "no call was seen for 30 days")
    assert [action for action, _ in actions(database)] == ["open", "close"]


def test_what_is_not_retired_any_more_is_no_incident(database: Database) -> None:
    note(database, seen())
    with database.writing() as session:
        keeping.note(session, "hub-orders", set(), [], NOW, watched=True)
        assert keeping.standing(session)[0].comment == "it is not retired any more"
        assert keeping.standing(session, state="open") == []
        assert keeping.standing(session, api="other") == []


@given(
    st.one_of(st.none(), st.sampled_from(["open", "acknowledged", "resolved", "closed"])),
    st.timedeltas(timedelta(0), timedelta(days=60)),
    st.timedeltas(timedelta(0), timedelta(days=60)),
    st.one_of(st.none(), st.timedeltas(timedelta(0), timedelta(days=60))),
)
def test_a_step_taken_twice_is_taken_once(
    state: str | None, changed: timedelta, last: timedelta, called: timedelta | None
) -> None:
    before = None if state is None else Before(state, NOW - changed, NOW - last)  # type: ignore[arg-type]
    one = None if called is None else seen(last=NOW - called)
    what = step(before, one, NOW)
    if what in {"open", "reopen"}:
        assert one is not None
        assert step(Before("open", NOW, one.last_call), one, NOW) == "go-on"
    if what == "close":
        assert before is not None
        assert before.state in STANDING
        assert step(Before("closed", NOW, before.last_call), one, NOW) == "stay"


def test_calls_that_tell_no_version_count_only_where_all_are_retired() -> None:
    since = {"v0": RETIRED}
    assert with_untold(api(GONE, NEW), since) == since
    assert with_untold(api(GONE, {"version": "v9", "lifecycle": "proposed"}), since) == since | {"": RETIRED}
    assert with_untold(api(NEW), {}) == {}


def test_who_should_know_are_the_owners_of_the_api_its_system_and_the_caller() -> None:
    systems = [
        SystemManifest.model_validate(
            {
                "kind": "System",
                "metadata": {"name": name, "owner": owner},
                "spec": {"category": "erp", "services": services},
            }
        )
        for name, owner, services in (("hub", "platform", ["hub"]), ("crm", "sales", ["crm-*"]))
    ]
    at = int(NOW.timestamp()) * 10**9
    calls = [LateCalls(service, "v0", 1, at, at, ("GET /orders",), ()) for service in ("crm-sync", "stray", "")]
    found = seen_of(api(GONE, NEW), {"v0": RETIRED}, calls, systems)
    assert [(one.caller, one.teams) for one in found] == [
        ("crm-sync", ("integration", "platform", "sales")),
        ("stray", ("integration", "platform")),
        ("callers that send no traces", ("integration", "platform")),
    ]


def declared(database: Database, versions: str, now: datetime) -> None:
    text = (
        "apiVersion: controlplane/v1\nkind: System\nmetadata: {name: hub}\nspec: {category: middleware}\n---\n"
        "apiVersion: controlplane/v1\nkind: API\nmetadata: {name: hub-orders}\n"
        f"spec: {{system: hub, protocol: rest, versions: [{versions}, {{version: v2}}]}}\n"
    )
    with database.writing() as session:
        apply(session, parse_manifests([SourceText("", text.encode())]), actor="ada", now=now)


def test_retired_since_its_date_or_else_since_somebody_first_said_so(database: Database) -> None:
    day = timedelta(days=1)
    declared(database, "{version: v1, lifecycle: deprecated}", RETIRED)
    declared(database, "{version: v1, lifecycle: retired}", RETIRED + day)
    declared(database, "{version: v1, lifecycle: deprecated, reinstated: still needed}", RETIRED + 2 * day)
    declared(database, "{version: v1, lifecycle: retired}", RETIRED + 3 * day)
    declared(database, "{version: v1, lifecycle: retired, replacement: {version: v2}}", RETIRED + 4 * day)
    with database.reading() as session:
        (found,) = read.every(session, APIManifest)
        assert retired_since(session, found) == {"v1": RETIRED + 3 * day}
    declared(database, "{version: v1, lifecycle: retired, dates: {retired: 2025-12-24}}", RETIRED + 5 * day)
    with database.reading() as session:
        (found,) = read.every(session, APIManifest)
        assert retired_since(session, found) == {"v1": datetime(2025, 12, 24, tzinfo=UTC)}
