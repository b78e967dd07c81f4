"""The event log against the rules of OCEL 2.0: its schema, and that every relation leads somewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jsonschema
import orjson
from hypothesis import given
from hypothesis import strategies as st

from collectors.timelines.abridged import BOUND
from collectors.timelines.fold import fold
from collectors.timelines.model import Instance, Key
from collectors.timelines.ocel import each_once, write
from collectors.workflows.definition import Definition, Settles
from tests.collectors.timelines.history import DEFINITION, HOUR, NOW, STEPS, invoice, milestone


def _strict(kind: str, **properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "properties": properties, "required": list(properties), "additionalProperties": False}


def _many(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_TEXT = {"type": "string", "minLength": 1}
_TIME = {"type": "string", "format": "date-time"}
#: Values are texts, whatever type is declared for them.
_VALUE: dict[str, Any] = {"type": "string"}
_TYPE = _strict(
    "object",
    name=_TEXT,
    attributes=_many(_strict("object", name=_TEXT, type={"enum": ["string", "time", "integer", "float", "boolean"]})),
)
_RELATIONS = _many(_strict("object", objectId=_TEXT, qualifier=_TEXT))
#: OCEL 2.0's JSON form: four lists, types first, every relation qualified.
SCHEMA = _strict(
    "object",
    objectTypes=_many(_TYPE),
    eventTypes=_many(_TYPE),
    objects=_many(
        _strict(
            "object",
            id=_TEXT,
            type=_TEXT,
            attributes=_many(_strict("object", name=_TEXT, time=_TIME, value=_VALUE)),
            relationships=_RELATIONS,
        )
    ),
    events=_many(
        _strict(
            "object",
            id=_TEXT,
            type=_TEXT,
            time=_TIME,
            attributes=_many(_strict("object", name=_TEXT, value=_VALUE)),
            relationships=_RELATIONS,
        )
    ),
)


def check(log: Any) -> None:
    """It fits the schema, ids are unique, types and attributes are declared, and relations lead to objects."""
    jsonschema.validate(log, SCHEMA, format_checker=jsonschema.FormatChecker())
    declared = {
        kind: {one["name"]: {each["name"] for each in one["attributes"]} for one in log[f"{kind}Types"]}
        for kind in ("object", "event")
    }
    ids = {one["id"] for one in log["objects"]}
    assert len(ids) == len(log["objects"])
    assert len({one["id"] for one in log["events"]}) == len(log["events"])
    for kind in ("object", "event"):
        assert len(declared[kind]) == len(log[f"{kind}Types"])
        for one in log[f"{kind}s"]:
            assert {each["name"] for each in one["attributes"]} <= declared[kind][one["type"]]
            assert {each["objectId"] for each in one["relationships"]} <= ids


#: Invoices that name a subscription and an order, which are objects of their own.
RELATING = replace(DEFINITION, links=(("subscription", "subscription.id"), ("order", "order.id")))


def relating(number: int, *links: Key) -> Instance:
    return fold(RELATING, [milestone(number, "finalized", NOW, links=links), milestone(number, "posted", NOW + HOUR)])


def log_of(*portions: list[Instance], definition: Definition = DEFINITION) -> Any:
    log = orjson.loads(b"".join(write(definition, portions)))
    check(log)
    return log


def test_an_invoice_with_its_ids_and_steps() -> None:
    one = invoice(1, NOW, [("finalized", 0), ("posted", HOUR)], "12.50")
    log = log_of([one], [])
    assert [(found["type"], found["id"]) for found in log["objects"]] == [
        ("invoice", f"invoice-to-cash/{one.id}"),
        ("invoice id", "invoice:in_1"),
        ("number", "number:INV-0001"),
    ]
    assert {"name": "amount", "time": "1970-01-01T00:00:00Z", "value": "12.50"} in log["objects"][0]["attributes"]
    finalized, posted = log["events"]
    assert (finalized["type"], finalized["time"]) == ("finalized", "2026-05-16T08:00:00Z")
    assert posted["relationships"] == [
        {"objectId": f"invoice-to-cash/{one.id}", "qualifier": "of"},
        {"objectId": "invoice:in_1", "qualifier": "names"},
        {"objectId": "number:INV-0001", "qualifier": "names"},
    ]
    assert {"name": "trace_id", "value": f"{1:032x}"} in posted["attributes"]


def test_ids_of_other_objects_are_objects_however_many_share_them() -> None:
    shared, own = Key("subscription", "sub_1"), Key("order", "o_1")
    one, two, three = relating(1, shared, own), relating(2, shared), relating(3)
    log = log_of([one], [two, three], definition=RELATING)
    assert [kind["name"] for kind in log["objectTypes"]] == [
        "invoice", "invoice id", "number", "subscription", "order",
    ]  # fmt: skip
    relations = {found["id"]: found["relationships"] for found in log["objects"]}
    assert relations["subscription:sub_1"] == relations["order:o_1"] == []
    belongs = {"objectId": "subscription:sub_1", "qualifier": "belongs-to"}
    assert belongs in relations[f"invoice-to-cash/{one.id}"]
    assert belongs in relations[f"invoice-to-cash/{two.id}"]
    assert belongs not in relations[f"invoice-to-cash/{three.id}"]
    finalized, posted = log["events"][:2]
    named = {"objectId": "order:o_1", "qualifier": "names"}
    assert named in finalized["relationships"]
    assert named not in posted["relationships"]


def test_an_object_has_every_turn_of_its_state_with_its_time() -> None:
    one = invoice(1, NOW, [("finalized", 0), ("paid", HOUR), ("voided", 2 * HOUR)])
    told = [each for each in log_of([one])["objects"][0]["attributes"] if "state" in each["name"]]
    assert [(each["name"], each["time"], each["value"]) for each in told] == [
        ("state", "2026-05-16T08:00:00Z", "running"),
        ("state", "2026-05-16T09:00:00Z", "completed"),
        ("state", "2026-05-16T10:00:00Z", "failed"),
        ("latest-state", "2026-05-16T10:00:00Z", "failed"),
    ]


def test_an_object_says_what_is_settled_and_what_is_open() -> None:
    steps = tuple(
        replace(step, settles=Settles("payment.amount")) if step.name == "paid" else step for step in DEFINITION.steps
    )
    settling = replace(DEFINITION, steps=steps)
    facts = [milestone(1, "finalized", NOW, amount="100", currency="EUR")]
    facts.append(milestone(1, "paid", NOW + HOUR, amount="40.5", currency="EUR"))
    unknown = milestone(2, "paid", NOW, amount="1", currency="EUR")
    log = log_of([fold(settling, facts), fold(settling, [unknown])], definition=settling)
    at = "2026-05-16T09:00:00Z"
    told = [
        [(each["time"], each["value"]) for each in one["attributes"] if each["name"] in ("settled", "open")]
        for one in log["objects"]
        if one["type"] == "invoice"
    ]
    assert told == [[(at, "40.50"), (at, "59.50")], []]
    assert {"name": "open", "type": "string"} in log["objectTypes"][0]["attributes"]
    assert "open" not in str(log_of([invoice(1, NOW, [("paid", 0)], "1")]))


def test_of_what_is_very_long_all_events_are_read_and_all_its_ids_are_there() -> None:
    facts = [
        replace(milestone(1, "posted", NOW + place), span_id=f"{place:016x}", keys=(Key("number", f"N-{place:05}"),))
        for place in range(BOUND + 1)
    ]
    one = fold(DEFINITION, facts)
    assert len(one.milestones) < len(facts)
    log = orjson.loads(b"".join(write(DEFINITION, [[one]], lambda _: iter(facts))))
    check(log)
    assert len(log["events"]) == len(facts)
    assert len(log["objects"][0]["relationships"]) == len(facts)


def test_what_was_joined_to_something_that_is_written_is_not_written_again() -> None:
    by_id = sorted((invoice(number, NOW, [("finalized", 0)]) for number in range(6)), key=lambda one: one.id)
    # While the second portion was read, an event joined its first to one of the first portion.
    portions = [(by_id[2].id, by_id[:3]), (by_id[5].id, [by_id[0], *by_id[4:]])]
    assert [one for portion in each_once(portions) for one in portion] == [*by_id[:3], *by_id[4:]]


def test_lengths_are_exact_texts() -> None:
    one = fold(DEFINITION, [replace(milestone(1, "posted", NOW), duration=1_500_001)])
    assert {"name": "duration_ms", "value": "1.500001"} in log_of([one])["events"][0]["attributes"]


def test_nothing_is_a_log_too() -> None:
    log = log_of()
    assert (log["objects"], log["events"]) == ([], [])
    assert [kind["name"] for kind in log["eventTypes"]] == list(STEPS)


def test_what_senders_wrote_is_no_json_of_theirs() -> None:
    odd = 'a"},{\u2028\\'
    fact = replace(milestone(1, "posted", NOW, status="error", message=odd), keys=(Key("invoice", odd),))
    log = log_of([fold(DEFINITION, [fact])])
    assert {"name": "message", "value": odd} in log["events"][0]["attributes"]


@given(st.lists(st.integers(0, 40), unique=True, max_size=12), st.integers(1, 5))
def test_any_portions_give_one_valid_log(numbers: list[int], size: int) -> None:
    instances = [invoice(number, NOW, [(step, HOUR) for step in STEPS[: number % 4 + 1]]) for number in numbers]
    portions = [instances[start : start + size] for start in range(0, len(instances), size)]
    assert log_of(*portions) == log_of(instances)
