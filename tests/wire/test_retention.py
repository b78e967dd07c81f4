from __future__ import annotations

import subprocess
import sys

import httpx
from opentelemetry.sdk.trace.export import SpanExportResult

from tests.collectors.spans import SpanData
from tests.serving import TOKEN, LiveServer
from tests.wire.exporting import exporters, readable
from tests.wire.test_end_to_end import INSTANCES, MANIFESTS

#: Seconds from the tests' day; the clock is the real one, so what is old is old by years.
AGES = {"old": -4_000 * 86_400, "running": -4_000 * 86_400, "new": 0}


def span(name: str, ident: int, invoice: str) -> SpanData:
    return SpanData(name, ident, AGES[invoice], 1, {"stripe.invoice.id": f"in_{invoice}"}, trace=ident)


HISTORY = [
    span("stripe.invoice.finalized", 1, "old"),
    span("stripe.invoice.paid", 2, "old"),
    span("stripe.invoice.finalized", 3, "running"),
    span("stripe.invoice.finalized", 4, "new"),
    span("stripe.invoice.paid", 5, "new"),
]


def test_a_server_that_is_told_for_how_long_lets_go_of_what_is_over_and_says_so(own_server: LiveServer) -> None:
    server = own_server.start()
    server.apply(MANIFESTS)
    assert server.get("/api/v1/retention") == {
        "days": None, "ended_before": None, "over": None, "last_run_at": None, "last_removed": None,
    }  # fmt: skip
    sender = exporters(server)[0]
    assert sender.export([readable(one) for one in HISTORY]) is SpanExportResult.SUCCESS
    sender.shutdown()
    server.until(INSTANCES, lambda answer: sum(len(one["milestones"]) for one in answer["items"]) == len(HISTORY))
    server.end()

    server.extra["RETENTION_DAYS"] = "3000"
    server.start()
    said = server.until("/api/v1/retention", lambda answer: answer["last_removed"] is not None)
    assert (said["days"], said["last_removed"], said["over"]) == (
        3000,
        {"instances": 1, "spans": 2},
        {"instances": 0, "spans": 0},
    )
    left = {key["value"] for one in server.get(INSTANCES)["items"] for key in one["keys"]}
    assert left == {"in_running", "in_new"}
    (entry,) = [one for one in server.get("/api/v1/audit")["items"] if one["actor"] == "retention"]
    assert (entry["action"], entry["after"]["instances"], entry["after"]["spans"]) == ("expire", 1, 2)

    told = subprocess.run(
        [sys.executable, "-m", "controlplane", "retention", "--server", server.url, "--token", TOKEN],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "kept for 3000 days" in told.stdout
    assert "1 instances and 2 spans removed" in told.stdout
    assert httpx.get(f"{server.url}/api/v1/retention").status_code == 401
