"""Messages join the spans that sent them with those that received them, where no link says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from collectors.ingest import insert_settings
from collectors.store import migrate
from collectors.store.client import Store
from collectors.store.files import migrations
from collectors.timelines import messages
from collectors.timelines.links import Links, chain, links_of
from tests.collectors.conftest import Insert
from tests.collectors.spans import SpanData, body

STORES = ("chdb", "cluster")
PRODUCER, CONSUMER, CLIENT = 4, 5, 3
DAY = 86_400.0
SQS = {"messaging.system": "aws_sqs", "messaging.message.id": "5f2c1d7e-0b1a-4c5d-9e8f-001122334455"}


def trace(number: int) -> str:
    return f"{number:032x}"


def span(ident: int, kind: int, attributes: dict[str, object], **more: object) -> SpanData:
    return SpanData("x", ident, attributes=attributes, kind=kind, trace=ident, **more)  # type: ignore[arg-type]


def ways(store: Store, number: int) -> tuple[list[str], list[str]]:
    """The spans (one a trace here) before and behind a trace, and by what."""
    found = links_of(store, trace(number))
    before, behind = (
        [f"{int(one.trace_id, 16)} by {one.by}" for one in way] for way in (found.comes_from, found.continues_in)
    )
    return before, behind


@pytest.mark.parametrize(
    ("sent", "received", "kinds"),
    [
        # One id of its own, whatever either side calls the queue or the system.
        (SQS | {"messaging.destination.name": "invoices"}, SQS | {"messaging.system": "AmazonSQS"}, (PRODUCER, CONSUMER)),
        ({"messaging.system": "rabbitmq", "messaging.message_id": "a" * 16}, {"messaging.system": "rabbitmq", "messaging.message.id": "a" * 16}, (PRODUCER, CONSUMER)),
        # A short one within its queue; the name of the queue by the old convention and by the new.
        ({"messaging.system": "rabbitmq", "messaging.message.id": "7", "messaging.destination": "q"}, {"messaging.system": "rabbitmq", "messaging.message.id": "7", "messaging.destination.name": "q"}, (PRODUCER, CONSUMER)),
        # A place in a log, likewise.
        (
            {"messaging.system": "kafka", "messaging.destination.name": "t", "messaging.destination.partition.id": "3", "messaging.kafka.offset": 42},
            {"messaging.system": "kafka", "messaging.destination": "t", "messaging.kafka.partition": 3, "messaging.kafka.message.offset": 42},
            (PRODUCER, CONSUMER),
        ),
        # The operation says what the kind does not.
        (SQS | {"messaging.operation.type": "send"}, SQS | {"messaging.operation": "receive"}, (CLIENT, CLIENT)),
        (SQS | {"messaging.operation": "publish"}, SQS | {"messaging.operation.name": "poll"}, (CLIENT, CLIENT)),
    ],
)  # fmt: skip
def test_two_that_name_one_message_are_neighbours(
    store: Store, insert: Insert, sent: dict[str, object], received: dict[str, object], kinds: tuple[int, int]
) -> None:
    # The one that received it comes first, and by its clock before it was sent.
    insert([span(2, kinds[1], received, start=-30)])
    insert([span(1, kinds[0], sent)])
    assert ways(store, 1) == ([], ["2 by message"])
    assert ways(store, 2) == (["1 by message"], [])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"messaging.system": "rabbitmq", "messaging.message.id": "7", "messaging.destination.name": "q"}, {"messaging.system": "rabbitmq", "messaging.message.id": "7", "messaging.destination.name": "r"}),
        ({"messaging.system": "kafka", "messaging.destination.name": "t"}, {"messaging.system": "kafka", "messaging.destination.name": "t"}),
        ({"messaging.message.id": "b" * 20}, {"messaging.message.id": "b" * 20}),
    ],
)  # fmt: skip
def test_what_names_no_message_or_another_one_is_no_neighbour(
    store: Store, insert: Insert, one: dict[str, object], other: dict[str, object]
) -> None:
    insert([span(1, PRODUCER, one), span(2, CONSUMER, other)])
    assert ways(store, 1) == ways(store, 2) == ([], [])


def test_a_place_that_is_used_again_weeks_later_is_another_message(store: Store, insert: Insert) -> None:
    place = {
        "messaging.system": "kafka",
        "messaging.destination.name": "t",
        "messaging.kafka.destination.partition": 0,
        "messaging.kafka.message.offset": 1,
    }
    insert([span(1, PRODUCER, place), span(2, CONSUMER, place, start=60), span(3, CONSUMER, place, start=30 * DAY)])
    assert ways(store, 1) == ([], ["2 by message"])
    assert ways(store, 3) == ([], [])


def test_two_senders_are_not_each_others_neighbours_and_a_link_says_it_once(store: Store, insert: Insert) -> None:
    insert([span(1, PRODUCER, SQS), span(2, PRODUCER, SQS), span(3, CONSUMER, SQS, links=((1, 1),))])
    assert ways(store, 1) == ([], ["3 by link"])
    assert ways(store, 3) == (["1 by link", "2 by message"], [])


def test_a_batch_of_many_messages_tells_all_of_them_and_counts_those_that_it_does_not_show(
    store: Store, insert: Insert
) -> None:
    senders = [span(number, PRODUCER, {}) for number in range(1, 121)]
    insert([*senders, span(500, CONSUMER, SQS, links=tuple((one, one) for one in range(1, 121)))])
    found = links_of(store, trace(500))
    assert (len(found.comes_from), found.came, found.went) == (100, 120, 0)
    assert links_of(store, trace(7)).went == 1


def test_a_chain_of_queues_is_followed_and_other_readers_are_not(store: Store, insert: Insert) -> None:
    """1 -> 2 -> 3 -> 4, and 2 also reads from 9; 5 reads what 1 sent; 6 and 7 are a ring."""
    insert(
        [
            span(1, PRODUCER, SQS),
            span(9, PRODUCER, {}),
            span(2, CONSUMER, SQS, links=((9, 9),)),
            span(3, CONSUMER, {}, links=((2, 2),)),
            span(4, CONSUMER, {}, links=((3, 3), (77, 77))),
            span(5, CONSUMER, SQS),
            span(6, CONSUMER, {}, links=((7, 7),)),
            span(7, CONSUMER, {}, links=((6, 6),)),
        ]
    )

    def around(number: int) -> list[int]:
        found = chain(store, trace(number), links_of(store, trace(number)))
        return sorted(int(one, 16) for one in found)

    assert around(1) == [2, 3, 4, 5]
    assert around(4) == [1, 2, 3, 9, 77]
    assert around(9) == [2, 3, 4]
    assert around(5) == [1]
    assert around(6) == [7]
    assert chain(store, trace(8), Links((), ())) == set()


def test_messages_that_were_stored_before_are_joined_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    all_of_them = list(migrate.migrations())
    with Store(f"chdb://{tmp_path}/chdb") as store:
        monkeypatch.setattr(migrate, "migrations", lambda: [one for one in all_of_them if one.number < 15])
        migrate.migrate(store)
        spans = [span(1, PRODUCER, SQS), span(2, CONSUMER, SQS)]
        store.insert_raw("otlp_landing", body(spans), "ProtobufSingle", insert_settings(store))
        monkeypatch.setattr(migrate, "migrations", lambda: all_of_them)
        assert "0015_messages" in migrate.migrate(store)
        assert ways(store, 1) == ([], ["2 by message"])


def test_the_view_and_the_question_read_the_same_names() -> None:
    (migration,) = (one for one in migrations() if one.number == 15)
    asked = f"{messages.IDENTITY} {messages.SIDE}"
    names = set(re.findall(r"attributes\['([^']+)'\]", asked))
    assert {"messaging.message.id", "messaging.kafka.offset", "messaging.operation.type"} < names
    for statement in migration.statements:
        assert set(re.findall(r"attributes\['([^']+)'\]", statement)) == names
        assert all(f"'{value}'" in statement for value in (*messages.SENDING, *messages.RECEIVING))
