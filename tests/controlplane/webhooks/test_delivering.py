"""Events reach a real receiver over HTTP, in order, at least once, under the same id, by one server at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from controlplane.settings import Settings
from controlplane.webhooks.delivering import Deliveries
from registry.audit import chain
from registry.catalogue.apply import apply
from registry.database import Database
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText
from registry.waivers.service import decide
from registry.webhooks import outbox, service
from tests.receiver import KEY, SECRET, Receiver, receiving

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def deliveries(database: Database, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deliveries:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    settings = Settings(data_dir=tmp_path, public_url="https://cp.example.com/")
    return Deliveries(settings, database, clock)


def hook(url: str, events: str = "{}", secret: str | None = "env:HOOK_SECRET", name: str = "chat") -> str:
    place = f", secret: '{secret}'" if secret else ""
    return (
        "apiVersion: controlplane/v1\nkind: Webhook\n"
        f"metadata: {{name: {name}}}\nspec: {{url: '{url}', events: {events}{place}}}\n---\n"
    )


def team(name: str) -> str:
    return f"apiVersion: controlplane/v1\nkind: Team\nmetadata: {{name: {name}}}\n---\n"


def system(name: str, owner: str) -> str:
    return (
        "apiVersion: controlplane/v1\nkind: System\n"
        f"metadata: {{name: {name}, owner: {owner}}}\nspec: {{category: erp}}\n---\n"
    )


def declare(database: Database, text: str, now: datetime = START) -> None:
    with database.writing() as session:
        apply(session, parse_manifests([SourceText("", text.encode())]), actor="ada", now=now)


def rounds(deliveries: Deliveries) -> int:
    return asyncio.run(deliveries.round())


def test_what_happens_arrives_signed_as_a_cloud_event(
    database: Database, deliveries: Deliveries, receiver: Receiver
) -> None:
    declare(database, team("erp") + hook(receiver.url))
    declare(database, system("netsuite", "erp"))
    assert rounds(deliveries) == 1
    (one,) = receiver.got
    assert one.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert one.signed_by(KEY)
    assert not one.signed_by(b"another key")
    event = one.event
    assert event["id"] == one.headers["webhook-id"]
    assert (event["specversion"], event["source"]) == ("1.0", "https://cp.example.com")
    assert (event["type"], event["subject"]) == ("controlplane.system.create", "System/netsuite")
    assert (event["time"], event["data"]["actor"]) == ("2026-03-01T09:00:00Z", "ada")
    assert event["data"]["teams"] == ["erp"]
    assert event["data"]["after"]["metadata"] == {"name": "netsuite", "owner": "erp"}
    assert event["data"]["url"].startswith("https://cp.example.com/audit/")
    assert rounds(deliveries) == 0
    with database.reading() as session:
        (row,) = service.log(session, "chat")
        assert (row.state, row.status, row.attempts, row.event) == ("delivered", 204, 1, event["id"])
        assert service.hooks(session)[0].standing == "idle"


def test_each_webhook_gets_what_it_asked_for_and_nothing_from_before_it_was_there(
    database: Database, deliveries: Deliveries, receiver: Receiver
) -> None:
    declare(database, team("erp") + team("crm") + system("before", "erp"))
    mine = receiver.url.replace("/hook", "/erp")
    declare(
        database,
        hook(mine, "{teams: [erp], kinds: [System]}", name="erp")
        + hook(receiver.url, "{actions: [delete], names: ['net*']}", name="gone"),
    )
    declare(database, system("netsuite", "erp") + system("hubspot", "crm") + team("billing"))
    # Who takes a system over and who gives it away are both concerned.
    declare(database, system("netsuite", "crm"))
    rounds(deliveries)
    assert [(one.path, one.event["type"], one.event["subject"]) for one in receiver.got] == [
        ("/erp", "controlplane.system.create", "System/netsuite"),
        ("/erp", "controlplane.system.update", "System/netsuite"),
    ]
    with database.reading() as session:
        assert {one.manifest.name: one.behind for one in service.hooks(session)} == {"erp": 0, "gone": 0}


def test_what_is_not_taken_is_tried_again_later_under_the_same_id_and_in_order(
    database: Database, deliveries: Deliveries, receiver: Receiver, clock: Clock
) -> None:
    declare(database, hook(receiver.url))
    declare(database, team("one"))
    declare(database, team("two"))
    receiver.answers = [500, 503]
    rounds(deliveries)
    assert len(receiver.got) == 1
    assert rounds(deliveries) == 0, "it waits"
    with database.reading() as session:
        (found,) = service.hooks(session)
        assert (found.standing, found.state.attempts) == ("failing", 1)
        assert found.last is not None
        assert (found.last.state, found.last.error) == ("retrying", "answered 500 Internal Server Error")
    clock.now += timedelta(seconds=5)
    rounds(deliveries)
    clock.now += timedelta(seconds=20)
    rounds(deliveries)
    assert len(receiver.got) == 4
    assert receiver.ids[0] == receiver.ids[1] == receiver.ids[2] != receiver.ids[3]
    assert receiver.got[0].body == receiver.got[2].body
    assert [one.event["subject"] for one in receiver.got[2:]] == ["Team/one", "Team/two"]
    assert int(receiver.got[2].headers["webhook-timestamp"]) - int(receiver.got[0].headers["webhook-timestamp"]) == 25
    assert deliveries.counts == {"refused": 2, "taken": 2}


def test_a_receiver_may_ask_for_more_time(
    database: Database, deliveries: Deliveries, receiver: Receiver, clock: Clock
) -> None:
    declare(database, hook(receiver.url))
    declare(database, team("one"))
    receiver.answers = [(429, {"Retry-After": "600"})]
    rounds(deliveries)
    clock.now += timedelta(seconds=599)
    assert rounds(deliveries) == 0
    clock.now += timedelta(seconds=1)
    assert rounds(deliveries) == 1
    assert len(receiver.got) == 2


def test_an_event_that_is_not_understood_does_not_hold_up_the_others_for_ever(
    database: Database, deliveries: Deliveries, receiver: Receiver, clock: Clock
) -> None:
    declare(database, hook(receiver.url))
    declare(database, team("one"))
    declare(database, team("two"))
    receiver.answers = [422] * 6
    for _ in range(6):
        rounds(deliveries)
        clock.now += timedelta(hours=4)
    assert [one.event["subject"] for one in receiver.got] == ["Team/one"] * 6 + ["Team/two"]
    with database.reading() as session:
        assert {row.subject: (row.state, row.attempts) for row in service.log(session, "chat")} == {
            "Team/one": ("refused", 6),
            "Team/two": ("delivered", 1),
        }


def test_who_takes_nothing_for_days_is_paused_and_gets_all_of_it_when_a_person_resumes(
    database: Database, deliveries: Deliveries, receiver: Receiver, clock: Clock
) -> None:
    declare(database, hook(receiver.url))
    declare(database, team("one"))
    receiver.answers = [500] * 1_000
    tries = 0
    while tries < 60:
        tries += rounds(deliveries)
        clock.now += timedelta(hours=4)
        with database.reading() as session:
            (found,) = service.hooks(session)
        if found.standing == "paused":
            break
    assert found.standing == "paused"
    assert found.state.note == "nothing was taken for 3 days; last: answered 500 Internal Server Error"
    assert tries < 25, "the waits grow"
    declare(database, team("two"))
    assert rounds(deliveries) == 0
    with database.reading() as session:
        entry = chain.entries(session, kind="Webhook", action="pause")[0]
        assert (entry.actor, entry.name) == ("webhooks", "chat")
        assert chain.verify(session).holds
    receiver.answers = []
    with database.writing() as session:
        service.steer(session, "chat", "resume", actor="bo", now=clock.now)
    receiver.got.clear()
    rounds(deliveries)
    assert receiver.types == [
        "controlplane.team.create",
        "controlplane.webhook.pause",
        "controlplane.team.create",
        "controlplane.webhook.resume",
    ]


def test_a_receiver_that_is_gone_is_paused_at_once_and_an_event_can_be_passed_over(
    database: Database, deliveries: Deliveries, receiver: Receiver, clock: Clock
) -> None:
    declare(database, hook(receiver.url, "{kinds: [Team]}"))
    declare(database, team("one"))
    declare(database, team("two"))
    receiver.answers = [410, 500]
    rounds(deliveries)
    with database.reading() as session:
        assert service.hooks(session)[0].standing == "paused"
    with database.writing() as session:
        service.steer(session, "chat", "resume", actor="bo", now=clock.now)
    rounds(deliveries)
    with database.writing() as session:
        service.steer(session, "chat", "skip", actor="bo", now=clock.now)
    rounds(deliveries)
    assert [one.event["subject"] for one in receiver.got] == ["Team/one", "Team/one", "Team/two"]
    with database.writing() as session, pytest.raises(service.WebhookError, match="no event waits"):
        service.steer(session, "chat", "skip", actor="bo", now=clock.now)


def test_another_manifest_ends_a_pause_that_no_person_asked_for(
    database: Database, deliveries: Deliveries, receiver: Receiver
) -> None:
    declare(database, hook(receiver.url.replace("/hook", "/old"), "{kinds: [Team]}"))
    declare(database, team("one"))
    receiver.answers = [410]
    rounds(deliveries)
    declare(database, hook(receiver.url, "{kinds: [Team]}"))
    rounds(deliveries)
    assert [(one.path, one.event["subject"]) for one in receiver.got] == [("/old", "Team/one"), ("/hook", "Team/one")]
    with database.writing() as session:
        service.steer(session, "chat", "pause", actor="bo", now=START)
    declare(database, hook(receiver.url, "{kinds: [Team, System]}"))
    with database.reading() as session:
        assert service.hooks(session)[0].standing == "paused"


def test_two_servers_never_send_the_same_at_the_same_moment(
    database: Database, deliveries: Deliveries, receiver: Receiver, clock: Clock
) -> None:
    other = Deliveries(deliveries.settings, database, clock)
    declare(database, hook(receiver.url))
    declare(database, team("one"))
    receiver.hold.clear()

    async def both() -> tuple[int, int]:
        sending = asyncio.create_task(deliveries.round())
        await asyncio.to_thread(receiver.arrived.wait, 30)
        found = await other.round()
        receiver.hold.set()
        return await sending, found

    assert asyncio.run(both()) == (1, 0)
    assert len(receiver.got) == 1

    # A server that dies lets its claim run out; what it sent comes again under its id.
    declare(database, team("two"))
    with database.writing() as session:
        (held,) = outbox.claim(session, clock.now)
    assert rounds(other) == 0
    clock.now += outbox.CLAIM
    assert rounds(other) == 1
    with database.writing() as session:
        found = service.event_at(session, 3)
        assert found is not None
        assert outbox.settle(session, held, found, outbox.Outcome(204, None, 1), clock.now) == "lost"
    assert [one.event["subject"] for one in receiver.got] == ["Team/one", "Team/two"]


def test_a_webhook_without_a_secret_waits_for_one(
    database: Database, deliveries: Deliveries, receiver: Receiver
) -> None:
    declare(database, hook(receiver.url, secret=None))
    declare(database, team("one"))
    rounds(deliveries)
    assert receiver.got == []
    with database.reading() as session:
        (found,) = service.hooks(session)
        assert found.secret == "missing"
        assert found.last is not None
        assert found.last.error is not None
        assert "it has no secret yet" in found.last.error


def test_a_webhook_that_is_removed_leaves_nothing_to_send(
    database: Database, deliveries: Deliveries, receiver: Receiver
) -> None:
    declare(database, hook(receiver.url))
    declare(database, team("one"))
    with database.writing() as session:
        (held,) = outbox.claim(session, START)
        service.end(session, "chat")
    with database.writing() as session:
        assert outbox.waiting(session, held) is None
        outbox.release(session, held)
    assert rounds(deliveries) == 0


def test_a_decision_about_a_waiver_concerns_the_team_of_its_subject(
    database: Database, deliveries: Deliveries, receiver: Receiver
) -> None:
    declare(database, team("erp") + system("netsuite", "erp") + hook(receiver.url, "{teams: [erp], kinds: [Waiver]}"))
    asked = (
        "apiVersion: controlplane/v1\nkind: Waiver\nmetadata: {name: old-field}\n"
        "spec: {subject: netsuite, fingerprints: [c3f3f187466e7d3f], reason: it ends, expires: 2026-05-01}\n"
    )
    declare(database, asked)
    with database.writing() as session:
        decide(session, "old-field", "approved", actor="grace", now=START)
    rounds(deliveries)
    assert [one.event["type"] for one in receiver.got] == [
        "controlplane.waiver.create",
        "controlplane.waiver.approve",
    ]
