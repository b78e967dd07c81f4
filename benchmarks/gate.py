"""The gate under load: fifty questions a second over HTTP, each about another document, with the shipped policies at work.

A server of its own process holds the example's schemas, mappings and workflows, and the policies of the house profile. Asked
about are new versions of the example's schemas (1.6 to 18 KB of JSON) and, every fifth time, of an OpenAPI document of
27 KB; every other one breaks something. No two questions are alike, so that no answer is remembered. Questions come at their
time whether or not the ones before are answered, and latency counts from that time. Milliseconds. Beside it, in the
generator's own process once the server is gone: what parsing and comparing the same documents takes alone, a question.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import orjson
import yaml

from benchmarks.openapi_generator import generate, next_version
from benchmarks.serving import Server
from registry.compat.engine import check
from registry.compat.model import Format, Options

RATE = 50
_ALONE = 500  # questions
_EVERY = 5  # questions, of which one is about OpenAPI
_RESOURCES = 2
_OPENAPI = "benchmark-api"
_EXAMPLES = Path(__file__).parents[1] / "examples"


def run(seconds: float) -> dict[str, float | str]:
    """Measure on this machine.

    Args:
        seconds: how long questions come, beside some for warming up.

    Returns:
        Latencies in milliseconds, how many verdicts of which kind, the server's share of one core, and its memory in MiB.
    """
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        server.start()
        try:
            url = f"http://127.0.0.1:{server.ports[0]}"
            headers = {"Authorization": "Bearer cp-benchmark"}
            _prepare(url, headers)
            questions = _questions()
            asyncio.run(_ask(url, headers, questions, 3.0))
            cpu, began = server.cpu, time.perf_counter()
            found = asyncio.run(_ask(url, headers, questions, seconds))
            took, used = time.perf_counter() - began, server.cpu - cpu
            resident = server.resident
        finally:
            server.stop()
    return _figures(found, took, used, resident) | _alone()


def _figures(found: list[tuple[float, str, int]], took: float, used: float, resident: float) -> dict[str, float | str]:
    times = sorted(one for one, _, _ in found)
    verdicts = Counter(verdict for _, verdict, _ in found)
    sizes = [size for _, _, size in found]
    figures: dict[str, float | str] = {
        "questions": float(len(found)),
        "per_second": round(len(found) / took, 1),
        "median_document_bytes": float(median(sizes)),
        "p50_ms": round(_at(times, 0.5), 1),
        "p90_ms": round(_at(times, 0.9), 1),
        "p99_ms": round(_at(times, 0.99), 1),
        "worst_ms": round(times[-1], 1),
        "server_cpu_of_one_core": round(used / took, 2),
        "server_cpu_ms_a_question": round(used / len(found) * 1000, 1),
        "server_resident_mib": round(resident, 0),
    }
    return figures | {f"verdict_{name}": float(count) for name, count in sorted(verdicts.items())}


def _alone() -> dict[str, float | str]:
    """CPU milliseconds a question: parsing both documents, and comparing them as `controlplane check` does, no more."""
    olds = {name: orjson.dumps(schema).decode() for name, schema in _schemas()}
    olds[_OPENAPI] = orjson.dumps(generate(_RESOURCES)).decode()
    asked = [orjson.loads(one) for one in islice(_questions(), _ALONE)]
    options = Options(as_of=datetime.now(UTC).date(), witnesses=False)
    began = time.process_time()
    for one in asked:
        orjson.loads(olds[one["subject"]])
        orjson.loads(one["document"])
    parsed = time.process_time()
    for one in asked:
        of = Format.OPENAPI if one["subject"] == _OPENAPI else Format.JSON_SCHEMA
        check(of, olds[one["subject"]], one["document"], options=options)
    compared = time.process_time()
    return {
        "parse_both_alone_ms": round((parsed - began) / _ALONE * 1000, 2),
        "compare_alone_ms": round((compared - parsed) / _ALONE * 1000, 2),
    }


def _at(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))]


def _prepare(url: str, headers: dict[str, str]) -> None:
    """Apply the OpenAPI document, then the policies."""
    document = generate(_RESOURCES)
    manifest = {
        "apiVersion": "controlplane/v1",
        "kind": "Schema",
        "metadata": {"name": _OPENAPI, "owner": "finance-systems"},
        "spec": {"format": "openapi", "definition": orjson.dumps(document).decode()},
    }
    pack = subprocess.run(
        [sys.executable, "-m", "controlplane", "policy", "pack", "--profile", "house"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for body, kind in ((json.dumps(manifest), "application/json"), (pack, "application/yaml")):
        sent = httpx.post(f"{url}/api/v1/apply", content=body, headers=headers | {"Content-Type": kind}, timeout=120)
        sent.raise_for_status()


def _questions() -> Iterator[bytes]:
    """Endlessly, no two alike."""
    schemas = list(_schemas())
    api = next_version(generate(_RESOURCES))
    number = 0
    while True:
        number += 1
        if number % _EVERY == 0:
            document = {**api, "info": {**api["info"], "description": f"build {number}"}}
            yield _question(_OPENAPI, document, number)
            continue
        name, schema = schemas[number % len(schemas)]
        yield _question(name, _changed(schema, number), number)


def _question(subject: str, document: dict[str, Any], number: int) -> bytes:
    context = {"repository": "billing", "branch": "main", "commit": f"{number:040x}"}
    return orjson.dumps({"subject": subject, "document": orjson.dumps(document).decode(), "context": context})


def _changed(schema: dict[str, Any], number: int) -> dict[str, Any]:
    """A new version: a property more, and in every other one a property of another type."""
    properties = dict(schema["properties"])
    properties["added_lately"] = {"type": "string", "description": f"since build {number}"}
    if number % 2:
        first = next(iter(properties))
        properties[first] = {"type": "boolean"}
    return {**schema, "properties": properties}


def _schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """The example's schemas with the names under which they are declared."""
    for file in sorted(_EXAMPLES.rglob("*.yaml")):
        if file.parent.name == "docker":
            continue
        for manifest in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            if not isinstance(manifest, dict) or manifest.get("kind") != "Schema" or "file" not in manifest["spec"]:
                continue
            if file.parent.name not in {"canonical", "mappings"}:
                continue
            document = orjson.loads((file.parent / manifest["spec"]["file"]).read_bytes())
            if manifest["spec"]["format"] == "json-schema" and "properties" in document:
                yield manifest["metadata"]["name"], document


async def _ask(
    url: str, headers: dict[str, str], questions: Iterator[bytes], seconds: float
) -> list[tuple[float, str, int]]:
    """Milliseconds, verdict and size of each question."""
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60, limits=limits, trust_env=False) as client:
        began = time.perf_counter()
        tasks: list[asyncio.Task[tuple[float, str, int]]] = []
        for number in range(int(seconds * RATE)):
            due = began + number / RATE
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(_one(client, next(questions), due)))
        return await asyncio.gather(*tasks)


async def _one(client: httpx.AsyncClient, body: bytes, due: float) -> tuple[float, str, int]:
    answer = await client.post("/api/v1/policy/evaluations", content=body, headers={"Content-Type": "application/json"})
    took = (time.perf_counter() - due) * 1000
    verdict = orjson.loads(answer.content).get("verdict") if answer.is_success else None
    return took, str(verdict or f"status_{answer.status_code}"), len(body)
