"""Ingest: from OTLP on the socket to rows that queries see, with milestones and correlation on, and what it costs.

A fresh server reads the example's workflows; a process of its own sends requests over gRPC and HTTP, in which no id comes
twice and one span in 33 is a milestone. At the end all that was acknowledged is compared with all that is stored.
Beside it: decoding the same requests by a loop in Python, and copying the same rows inside ClickHouse, which is the limit.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from benchmarks import python_decoding
from benchmarks.serving import Server
from benchmarks.telemetry import Requests
from collectors.store.client import Store
from controlplane.cli.errors import UserError

#: Programs that receive OTLP too; none of them is needed.
PEERS = ("otelcol", "otelcol-contrib", "rotel", "jaeger", "jaeger-all-in-one", "tempo", "vector")
_REQUEST_SPANS, _SENDERS = 1_000, 48
#: With a rate, requests are small; a quiet collector gets ten of them a second.
_RATED_SPANS, _QUIET_REQUESTS, _QUIET_SPANS = 50, 10.0, 10
_COMPARED_SECONDS = 5.0


def run(
    seconds: float,
    *,
    rate: str = "full",
    protocol: Literal["grpc", "http", "both"] = "both",
    spans: int = 0,
    senders: int = _SENDERS,
) -> dict[str, float | str]:
    """Measure on this machine.

    Args:
        seconds: how long requests are sent.
        rate: "full" for as fast as possible, "quiet" for ten requests a second, or spans a second.
        protocol: the way they go; "both" lets the senders divide themselves.
        spans: in each request; 0 for a usual number.
        senders: how many wait for an answer at once.

    Returns:
        Figures; seconds of CPU are for a million spans, sizes in bytes where the name does not say MiB.
    """
    each, spans = _pace(rate, spans)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data")
        try:
            server.start()
            figures, sent = _drive(server, seconds, protocol, spans, senders if each == 0 else min(senders, 8), each)
        finally:
            server.stop()
        with Store(f"chdb://{server.folder.resolve()}/chdb") as store:
            figures |= _stored(store, sent)
            if each == 0:
                figures |= _beside(store, spans, figures)
    installed = [name for name in PEERS if shutil.which(name)]
    return figures | {"peers": ", ".join(installed) or "none installed"}


def _pace(rate: str, spans: int) -> tuple[float, int]:
    """Seconds between two requests (0: as fast as possible) and how many spans each has."""
    if rate == "full":
        return 0.0, spans or _REQUEST_SPANS
    if rate == "quiet":
        return 1 / _QUIET_REQUESTS, spans or _QUIET_SPANS
    if not rate.isdigit() or int(rate) == 0:
        raise UserError(f"--rate must be full, quiet or a number of spans a second, but is {rate!r}")
    spans = spans or _RATED_SPANS
    return spans / int(rate), spans


def _drive(
    server: Server, seconds: float, protocol: str, spans: int, senders: int, each: float
) -> tuple[dict[str, float | str], dict[str, Any]]:
    ports = {"http": server.ports[1], "grpc": server.ports[2]}
    chosen = ["grpc", "http"] if protocol == "both" else [protocol]
    arguments = [argument for name in chosen for argument in ("--protocol", name, "--port", str(ports[name]))]
    time.sleep(3)
    cpu, began = server.cpu, time.monotonic()
    time.sleep(3)
    idle = (server.cpu - cpu) / (time.monotonic() - began)
    cpu = server.cpu
    out = subprocess.run(
        [
            sys.executable, "-m", "benchmarks.load", *arguments, "--seconds", str(seconds), "--spans", str(spans),
            "--senders", str(senders), "--each", str(each),
        ],
        check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    used = server.cpu - cpu
    sent: dict[str, Any] = json.loads(out.stdout)
    began = time.monotonic()
    server.look()
    metrics = server.metrics()
    lag = metrics["controlplane_correlation_lag_seconds"]
    while metrics["controlplane_correlation_milestones_total"] < sent["milestones"] and time.monotonic() - began < 60:
        time.sleep(0.05)
        metrics = server.metrics()
    caught_up = time.monotonic() - began
    millions = sent["spans"] / 1e6
    waits = statistics.quantiles(sent["acknowledged"], n=100)
    return {
        "seconds": sent["seconds"],
        "requests": float(len(sent["acknowledged"])),
        "spans_acknowledged": float(sent["spans"]),
        "spans_per_second": sent["spans"] / sent["seconds"],
        "requests_refused": float(sum(sent["refused"].values())),
        "server_cores_used": used / sent["seconds"],
        "server_cores_used_idle": idle,
        "server_cpu_seconds_per_million": used / millions,
        "generator_cpu_seconds_per_million": sent["cpu"] / millions,
        "acknowledged_ms_p50": waits[49] * 1e3,
        "acknowledged_ms_p90": waits[89] * 1e3,
        "acknowledged_ms_p99": waits[98] * 1e3,
        "resident_mib_max": server.peak,
        "resident_mib_end": server.resident,
        "inserts": metrics["controlplane_inserts_total"],
        "correlation_lag_seconds_end": lag,
        "correlation_caught_up_seconds": caught_up,
    }, sent


def _stored(store: Store, sent: dict[str, Any]) -> dict[str, float | str]:
    """What is there, held against what was acknowledged; what nobody heard about may be there or not."""
    count, distinct, size = store.query(
        "SELECT count(), uniqExact(trace_id, span_id), (SELECT sum(bytes_on_disk) FROM system.parts WHERE active "
        "AND database = currentDatabase()) FROM spans"
    )[0]
    milestones = store.query("SELECT count() FROM milestones")[0][0]
    instances = store.query("SELECT count() FROM instances_by_week FINAL WHERE gone = 0")[0][0]
    lost = sent["spans"] - distinct if not sent["unknown_spans"] else max(0, sent["spans"] - distinct)
    if lost or count != distinct:
        raise UserError(f"{sent['spans']} spans were acknowledged, but {distinct} are stored, in {count} rows")
    return {
        "spans_stored": float(count),
        "milestones_stored": float(milestones),
        "milestones_sent": float(sent["milestones"]),
        "instances": float(instances),
        "bytes_per_span_sent": sent["bytes"] / sent["spans"],
        "bytes_per_span_on_disk": size / count,
    }


def _beside(store: Store, spans: int, figures: dict[str, float | str]) -> dict[str, float | str]:
    """The same requests decoded in Python, and the same rows copied, both by this process into the same store."""
    requests = Requests(spans)
    store.command("CREATE TABLE copied AS spans")

    def decode() -> int:
        bodies = [requests.next(time.time_ns()).body for _ in range(max(1, 20_000 // spans))]
        before = time.perf_counter(), time.process_time()
        decoded = [row for body in bodies for row in python_decoding.rows(body)]
        store.insert("spans", decoded, python_decoding.COLUMNS)
        taken.append((len(decoded), time.perf_counter() - before[0], time.process_time() - before[1]))
        return len(decoded)

    def copy() -> int:
        before = time.perf_counter(), time.process_time()
        rows = min(1_000_000, int(float(figures["spans_stored"])))
        store.command(f"INSERT INTO copied SELECT * FROM spans LIMIT {rows}")
        taken.append((rows, time.perf_counter() - before[0], time.process_time() - before[1]))
        store.command("TRUNCATE TABLE copied")
        return rows

    found: dict[str, float | str] = {}
    ways: dict[str, Callable[[], int]] = {"python_decoding": decode, "insert_select": copy}
    for name, way in ways.items():
        taken: list[tuple[int, float, float]] = []
        end = time.monotonic() + _COMPARED_SECONDS
        while time.monotonic() < end:
            way()
        done = sum(rows for rows, _, _ in taken)
        rate = done / sum(wall for _, wall, _ in taken)
        found[f"{name}_spans_per_second"] = rate
        found[f"{name}_cpu_seconds_per_million"] = sum(cpu for _, _, cpu in taken) / done * 1e6
        found[f"times_{name}"] = float(figures["spans_per_second"]) / rate
    return found
