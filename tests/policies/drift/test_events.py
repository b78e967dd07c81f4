"""Samples of events against registered schemas, on each database."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.events.model import CloudEvent
from collectors.events.sampling import Kind, Sample
from collectors.events.spans import ids
from policies.drift.events import KEPT, event_findings, forget, look, write
from policies.drift.schemas import EventSchemas
from registry.catalogue.apply import apply
from registry.database import Database
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText

NOW = datetime(2026, 5, 16, 12, tzinfo=UTC)
MANIFESTS = """
apiVersion: controlplane/v1
kind: Team
metadata: {name: billing}
---
apiVersion: controlplane/v1
kind: System
metadata: {name: billing-platform, owner: billing}
spec: {category: billing, services: ["https://billing.example.com*"]}
---
apiVersion: controlplane/v1
kind: Schema
metadata: {name: money, owner: billing}
spec: {format: json-schema, definition: {type: string, pattern: "^[0-9]+[.][0-9]{2}$"}}
---
apiVersion: controlplane/v1
kind: Schema
metadata: {name: invoice-event, owner: billing, labels: {event-type: "invoice.paid, invoice.voided"}}
spec:
  format: json-schema
  definition:
    type: object
    required: [number]
    properties: {number: {type: string}, amount: {$ref: "controlplane:money/1"}}
---
apiVersion: controlplane/v1
kind: Schema
metadata: {name: queue, owner: billing}
spec:
  format: asyncapi
  definition:
    asyncapi: 3.0.0
    info: {title: Queue, version: "1"}
    components:
      messages:
        refund: {name: refund.made, payload: {type: object, required: [id]}}
"""


@pytest.fixture
def declared(database: Database) -> Database:
    with database.writing() as session:
        apply(session, parse_manifests([SourceText("", MANIFESTS.encode())]), actor="ada", now=NOW)
    return database


def event(ident: str, data: Any, **more: Any) -> CloudEvent:
    return CloudEvent(
        ident, **{"source": "https://billing.example.com/live", "type": "invoice.paid", **more}, data=data
    )


def taken(database: Database, *events: CloudEvent, now: datetime = NOW, seen: int = 1) -> None:
    kinds = Counter(Kind(one.source, one.type) for one in events)
    sample = Sample(events, Counter({kind: count * seen for kind, count in kinds.items()}), kinds)
    with database.writing() as session:
        write(session, sample, look(session, EventSchemas(), events), now)


def test_payloads_that_no_schema_allows_are_findings(declared: Database) -> None:
    good = event("1", {"number": "INV-1", "amount": "12.50"})
    bad = [event(str(one), {"number": "INV-1", "amount": f"{one},50 Ada"}) for one in (2, 3)]
    voided = event("4", {}, type="invoice.voided")
    refund = event("5", {}, type="refund.made")
    taken(declared, good, bad[0], voided, refund, seen=10)
    taken(declared, bad[1], now=NOW + timedelta(hours=1))
    with declared.reading() as session:
        found = {(one.name, one.message): one for one in event_findings(session, NOW)}
    source = "of https://billing.example.com/live don't fit version 1:"
    expected = [
        (
            "invoice-event",
            (
                f'events invoice.paid {source} /amount does not meet pattern "^[0-9]+[.][0-9]{{2}}$"; '
                "3 of 21 such events were looked at (14.3 %)"
            ),
        ),
        (
            "invoice-event",
            f"events invoice.voided {source} / lacks number; 1 of 10 such events were looked at (10 %)",
        ),
        ("queue", f"events refund.made {source} / lacks id; 1 of 10 such events were looked at (10 %)"),
    ]
    assert sorted(found) == expected
    one = found[expected[0]]
    assert (one.check, one.level, one.kind, one.owner) == ("payload-not-allowed", "warning", "Schema", "billing")
    assert one.seen is not None
    assert (one.seen.count, one.seen.first_at, one.seen.last_at) == (2, NOW, NOW + timedelta(hours=1))
    assert one.seen.traces == (ids(bad[1])[0].hex(),)
    assert one.seen.example == '"9,99 Aaa"'


def test_types_that_nobody_registered_are_findings(declared: Database) -> None:
    taken(
        declared, event("1", {"a": "Ada"}, type="dunning.sent"), event("2", None, type="dunning.sent", source="/other")
    )
    with declared.reading() as session:
        found = sorted(event_findings(session, NOW), key=lambda one: one.message)
    assert [(one.check, one.kind, one.name, one.owner) for one in found] == [
        ("unknown-event-type", "Event", "dunning.sent", None),
        ("unknown-event-type", "Event", "dunning.sent", "billing"),
    ]
    assert found[1].message.startswith(
        "source https://billing.example.com/live sends it and no schema is registered for it; 1 of 1"
    )
    assert "event-type: dunning.sent" in found[1].advice


@pytest.mark.parametrize(
    ("data_schema", "fits"),
    [
        ("controlplane:money/1", False),
        ("https://registry.example/api/v1/schemas/money/versions/1", False),
        ("controlplane:money/7", True),
        ("https://elsewhere.example/money", True),
    ],
)
def test_an_event_may_name_its_schema(declared: Database, data_schema: str, fits: bool) -> None:
    one = event("1", {"number": "INV-1"}, data_schema=data_schema)
    with declared.reading() as session:
        faults = look(session, EventSchemas(), [one])
    assert [fault.rule for fault in faults] == ([] if fits else ["type"])


def test_what_is_declared_anew_counts_at_once(declared: Database) -> None:
    schemas, one = EventSchemas(), event("1", {}, type="dunning.sent")
    with declared.reading() as session:
        assert [fault.kind for fault in look(session, schemas, [one])] == ["unknown-event-type"]
    label = MANIFESTS.replace("invoice.voided", "dunning.sent")
    with declared.writing() as session:
        apply(session, parse_manifests([SourceText("", label.encode())]), actor="ada", now=NOW)
    with declared.reading() as session:
        assert [fault.sentence for fault in look(session, schemas, [one])] == ["lacks number"]


def test_what_is_over_is_forgotten(declared: Database) -> None:
    taken(declared, event("1", {}), event("2", {}, type="dunning.sent"))
    later = NOW + KEPT + timedelta(seconds=1)
    taken(declared, event("3", {}), now=later)
    with declared.writing() as session:
        assert [one.check for one in event_findings(session, later)] == ["payload-not-allowed"]
        forget(session, later)
        assert len(event_findings(session, NOW)) == 1
