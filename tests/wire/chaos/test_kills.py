"""The server is killed under load, again and again: what was acknowledged is stored, and counts once."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random
from signal import SIGKILL
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from collectors.journal import Journal
from collectors.store.client import Store
from tests.serving import LiveServer
from tests.wire.chaos import plan
from tests.wire.chaos.plan import Batch
from tests.wire.chaos.senders import Fleet
from tests.wire.test_end_to_end import INSTANCES, MANIFESTS

KILLS = 10


def stored(data_dir: Path) -> set[tuple[bytes, bytes]]:
    """The spans in a store that no server has open, and in the journal beside it."""
    with Store(f"chdb://{data_dir / 'chdb'}") as store:
        rows = store.query("SELECT DISTINCT trace_id, span_id FROM spans")
    found = {(bytes(trace), bytes(span)) for trace, span in rows}
    for left in Journal(data_dir / "chdb" / "journal").left():
        for one in left.kept:
            for resource_spans in ExportTraceServiceRequest.FromString(one.body).resource_spans:
                spans = (span for scope_spans in resource_spans.scope_spans for span in scope_spans.spans)
                found.update((span.trace_id, span.span_id) for span in spans)
    return found


def identities(batches: frozenset[Batch]) -> set[tuple[bytes, bytes]]:
    return {(span.trace_id, span.span_id) for batch in batches for span in plan.spans(batch)}


def documents(server: LiveServer) -> dict[str, dict[str, Any]]:
    """All instances, in the shape of the plan."""
    found: dict[str, dict[str, Any]] = {}
    cursor = None
    while cursor is not None or not found:
        page = server.get(INSTANCES, limit=500, **({"cursor": cursor} if cursor else {}))
        for item in page["items"]:
            item["milestones"] = [
                tuple(one[name] for name in ("step", "occurred_at", "status", "trace_id", "span_id"))
                for one in item["milestones"]
            ]
            slas = [(one["state"], one["seconds"] if one["state"] != "overdue" else None) for one in item.pop("slas")]
            item["sla"] = slas[0] if slas else None
            for name in ("id", "workflow", "definition"):
                item.pop(name)
            # One that is there twice must not hide behind the other.
            twice = " (again)" if plan.keys_text(item) in found else ""
            found[plan.keys_text(item) + twice] = dict(sorted(item.items()))
        cursor = page["next_cursor"]
        if not page["items"]:
            break
    return found


@pytest.mark.timeout(280)
def test_nothing_is_lost_and_nothing_counts_twice(own_server: LiveServer) -> None:
    chance = Random(5)
    own_server.start()
    own_server.apply(MANIFESTS)
    fleet = Fleet(own_server)
    fleet.start()
    try:
        for _ in range(KILLS):
            seen = len(fleet.known())
            deadline = time.monotonic() + 60
            while len(fleet.known()) < seen + 12:
                assert time.monotonic() < deadline, own_server.log[-3000:]
                time.sleep(0.02)
            time.sleep(chance.uniform(0, 0.25))
            acknowledged = fleet.known()
            assert own_server.end(SIGKILL) == -SIGKILL
            assert identities(acknowledged) <= stored(own_server.data_dir)
            own_server.start()
    finally:
        fleet.finish()
    batches = fleet.known()
    assert fleet.lost_answers >= KILLS
    expected = {key: dict(sorted(one.items())) for key, one in plan.expected(batches).items()}
    deadline = time.monotonic() + 60
    while (found := documents(own_server)) != expected:
        assert time.monotonic() < deadline, difference(found, expected)
        time.sleep(0.5)
    totals(own_server, expected)
    assert own_server.end() == 0
    assert stored(own_server.data_dir) == identities(batches)


def totals(server: LiveServer, expected: dict[str, dict[str, Any]]) -> None:
    """The report over all instances counts each once as well."""
    report = server.get("/api/v1/slas/invoice-posting/report", **{"from": "2026-05-16", "to": "2026-05-18"})
    states = [one["sla"][0] for one in expected.values() if one["sla"] is not None]
    assert report["count"] == len(states)
    assert {name: report[name] for name in ("met", "breached", "overdue")} == {
        name: states.count(name) for name in ("met", "breached", "overdue")
    }


def difference(found: dict[str, Any], expected: dict[str, Any]) -> str:
    missing = sorted(set(expected) - set(found))[:5]
    more = sorted(set(found) - set(expected))[:5]
    changed = [(found[key], expected[key]) for key in expected if key in found and found[key] != expected[key]][:3]
    return f"{len(found)} of {len(expected)}; missing {missing}; more {more}; changed {changed}"
