"""How long the registry takes to answer over HTTP with 10,000 schemas of five versions each, and to take a 7 MB document.

On SQLite, and on PostgreSQL where TEST_POSTGRES_URL names a server. Documents are put into the tables by themselves, since
50,000 applies would take longer than what is measured; everything that is timed goes through the running server.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
import orjson
import psycopg
from sqlalchemy import insert, make_url

from benchmarks.openapi_generator import generate, next_version
from controlplane.demo.ports import free
from registry.catalogue.models import Resource, ResourceRevision
from registry.compat.model import Format
from registry.database import Database
from registry.migrate import migrate
from registry.schemas.content import content_hash
from registry.schemas.models import SchemaContent, SchemaOperation, SchemaSubject, SchemaVersion
from registry.schemas.operations import described

SCHEMAS, VERSIONS, APIS = 10_000, 5, 200
_TOKEN = "cp-benchmark"  # noqa: S105  of a server that lives for this run on a loopback address
_START = datetime(2026, 1, 1, tzinfo=UTC)
_SYSTEMS = ("salesforce", "hubspot", "stripe", "chargebee", "zuora", "netsuite", "dynamics", "sap", "oracle", "custom")
_OBJECTS = (
    "account",
    "customer",
    "product",
    "price",
    "subscription",
    "amendment",
    "order",
    "invoice",
    "payment",
    "credit",
)
_LARGE = 480  # resources: about 7 MB of JSON
_AT_ONCE = 500


def run(seconds: float) -> dict[str, float]:
    """Measure on this machine.

    Args:
        seconds: how long to ask on each database, shared between the questions.

    Returns:
        Medians and 95th percentiles in milliseconds for each question; seconds for filling and for the large document.
    """
    figures = {"schemas": float(SCHEMAS), "versions": float(SCHEMAS * VERSIONS)}
    with tempfile.TemporaryDirectory() as folder:
        figures |= _measure("sqlite", f"sqlite:///{folder}/controlplane.sqlite", Path(folder), seconds)
    server = os.environ.get("TEST_POSTGRES_URL")
    if server:
        with _postgres(server) as url, tempfile.TemporaryDirectory() as folder:
            figures |= _measure("postgres", url, Path(folder), seconds)
    return figures


def _measure(name: str, url: str, folder: Path, seconds: float) -> dict[str, float]:
    started = time.perf_counter()
    database = Database(url)
    migrate(database)
    fill(database)
    database.close()
    figures = {f"{name}_fill_s": round(time.perf_counter() - started, 1)}
    with _server(folder, url) as client:
        asked = _questions(client)
        for question, ask in asked.items():
            ask()
            taken = _timed(ask, seconds / len(asked))
            figures[f"{name}_{question}_ms"] = round(median(taken) * 1000, 1)
            figures[f"{name}_{question}_p95_ms"] = round(quantiles(taken, n=20)[-1] * 1000, 1)
        figures |= {f"{name}_{key}": value for key, value in _large(client).items()}
    return figures


def _questions(client: httpx.Client) -> dict[str, Callable[[], object]]:
    numbers = random.Random(7)

    def get(address: Callable[[], str]) -> Callable[[], object]:
        return lambda: client.get(address()).raise_for_status()

    def subject() -> str:
        return _name(numbers.randrange(SCHEMAS))

    def register() -> None:
        name = _name(numbers.randrange(APIS, SCHEMAS))
        text = client.get(f"/api/v1/schemas/{name}").json()["definition"]
        value = json.loads(text)
        value["properties"][f"added_{uuid.uuid4().hex[:8]}"] = True
        start = time.perf_counter()
        client.post(f"/api/v1/schemas/{name}/versions", content=json.dumps(value)).raise_for_status()
        register.taken = time.perf_counter() - start  # type: ignore[attr-defined]

    return {
        "list": get(lambda: "/api/v1/schemas?limit=50"),
        "list_of_format": get(lambda: "/api/v1/schemas?limit=50&format=openapi"),
        "search": get(lambda: f"/api/v1/schemas?q={numbers.choice(_OBJECTS)}+{numbers.randrange(SCHEMAS)}"),
        "search_nothing": get(lambda: "/api/v1/schemas?q=nothing-like-it"),
        "list_page": get(lambda: "/catalogue/schemas"),
        "search_page": get(lambda: f"/catalogue/schemas?q={numbers.choice(_SYSTEMS)}+{numbers.randrange(SCHEMAS)}"),
        "subject_page": get(lambda: f"/catalogue/schemas/{subject()}"),
        "version_page": get(lambda: f"/catalogue/schemas/{subject()}/versions/3"),
        "changes_page": get(lambda: f"/catalogue/schemas/{subject()}/changes?from=1&to=5"),
        "operations_search": get(lambda: f"/api/v1/operations?q=post+{numbers.choice(_OBJECTS)}"),
        "by_id": get(lambda: f"/ccompat/schemas/ids/{numbers.randrange(APIS * VERSIONS + 1, SCHEMAS * VERSIONS)}"),
        "latest": get(lambda: f"/ccompat/subjects/{_name(numbers.randrange(APIS, SCHEMAS))}/versions/latest"),
        "subjects": get(lambda: "/ccompat/subjects?limit=1000"),
        "register": register,
    }


def _timed(ask: Callable[[], object], seconds: float) -> list[float]:
    taken: list[float] = []
    ends = time.perf_counter() + seconds
    while len(taken) < 5 or time.perf_counter() < ends:
        start = time.perf_counter()
        ask()
        taken.append(getattr(ask, "taken", time.perf_counter() - start))
    return taken


def _large(client: httpx.Client) -> dict[str, float]:
    """A large OpenAPI document by an apply, its next version by itself, and the page of it."""
    document = generate(_LARGE)
    text = orjson.dumps(document).decode()
    manifest = {"apiVersion": "controlplane/v1", "kind": "Schema", "metadata": {"name": "large"},
                "spec": {"format": "openapi", "definition": text, "compatibility": "NONE"}}  # fmt: skip
    start = time.perf_counter()
    client.post("/api/v1/apply", content=orjson.dumps(manifest)).raise_for_status()
    applied = time.perf_counter()
    client.post("/api/v1/schemas/large/versions", content=orjson.dumps(next_version(document))).raise_for_status()
    registered = time.perf_counter()
    client.get("/catalogue/schemas/large").raise_for_status()
    shown = time.perf_counter()
    client.get("/catalogue/schemas/large/versions/2").raise_for_status()
    read = time.perf_counter()
    client.get("/catalogue/schemas/large/changes").raise_for_status()
    compared = time.perf_counter()
    return {
        "large_bytes": float(len(text)),
        "large_apply_s": round(applied - start, 2),
        "large_register_next_s": round(registered - applied, 2),
        "large_subject_page_s": round(shown - registered, 2),
        "large_version_page_s": round(read - shown, 2),
        "large_changes_page_s": round(compared - read, 2),
    }


def _name(number: int) -> str:
    return f"{_SYSTEMS[number % 10]}-{_OBJECTS[number // 10 % 10]}-{number}"


def _document(number: int, version: int) -> tuple[Format, str]:
    if number < APIS:
        return Format.OPENAPI, orjson.dumps(generate(2, seed=number * 10 + version, prose=0)).decode()
    chance = random.Random(number)
    properties: dict[str, Any] = {
        f"{chance.choice(_OBJECTS)}_{field}": {"type": chance.choice(["string", "integer", "boolean"]), "description": f"Field {field}"}
        for field in range(14 + version)
    }  # fmt: skip
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": _name(number), "type": "object"}
    return Format.JSON_SCHEMA, json.dumps(schema | {"properties": properties}, indent=1)


def fill(database: Database) -> None:
    """10,000 schemas with five versions each, 200 of them OpenAPI documents with ten operations."""
    for start in range(0, SCHEMAS, _AT_ONCE):
        tables: dict[type, list[dict[str, Any]]] = {
            table: [] for table in (Resource, ResourceRevision, SchemaContent, SchemaVersion, SchemaSubject, SchemaOperation)
        }  # fmt: skip
        for number in range(start, min(start + _AT_ONCE, SCHEMAS)):
            _add(tables, number)
        with database.writing() as session:
            for table, rows in tables.items():
                if rows:
                    session.execute(insert(table), rows)


def _add(tables: dict[type, list[dict[str, Any]]], number: int) -> None:
    name, text, of = _name(number), "", Format.JSON_SCHEMA
    common = {"created_by": "bench", "created_at": _START}
    for version in range(1, VERSIONS + 1):
        of, text = _document(number, version)
        digest = content_hash(of, text)
        tables[SchemaContent].append({"hash": digest})
        tables[SchemaVersion].append(
            {"subject": name, "version": version, "format": of, "hash": digest, "text": text, **common}
        )
    found = described(of, text)
    spec, owner, at = {"format": of, "definition": text}, f"team-{number % 40}", _START + timedelta(seconds=number)
    about = {"title": None, "owner": owner, "labels": {}, "spec": spec, "revision": VERSIONS}
    tables[Resource].append(
        {"kind": "Schema", "name": name, **about, **common, "updated_at": at, "updated_by": "bench"}
    )
    document = {"apiVersion": "controlplane/v1", "kind": "Schema", "metadata": {"name": name}, "spec": spec}
    tables[ResourceRevision].append({"kind": "Schema", "name": name, "revision": VERSIONS, "document": document, "at": at, "by": "bench"})  # fmt: skip
    tables[SchemaSubject].append(
        {"name": name, "alias": name, "title": None, "owner": owner, "format": of, "compatibility": "BACKWARD",
         "versions": VERSIONS, "current": VERSIONS, "described": found.title, "described_version": found.version,
         "search": f"{name}\n{owner}", "updated_at": at}
    )  # fmt: skip
    for position, one in enumerate(found.operations):
        tables[SchemaOperation].append(
            {"subject": name, "position": position, "version": VERSIONS, "action": one.action, "address": one.address,
             "operation_id": one.operation_id, "summary": one.summary, "deprecated": one.deprecated, "sunset": one.sunset,
             "security": list(one.security), "pointer": one.pointer, "search": f"{one.action} {one.address}".lower()}
        )  # fmt: skip


@contextmanager
def _server(folder: Path, url: str) -> Iterator[httpx.Client]:
    port = free("127.0.0.1")
    own = {"DATA_DIR": str(folder), "DATABASE_URL": url, "PORT": str(port), "OTLP_HTTP_PORT": "0", "OTLP_GRPC_PORT": "0",
           "BOOTSTRAP_TOKEN": _TOKEN, "LOG_LEVEL": "warning"}  # fmt: skip
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CONTROLPLANE_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "controlplane", "serve"],
        env=plain | {f"CONTROLPLANE_{name}": value for name, value in own.items()},
    )
    base, headers = f"http://127.0.0.1:{port}", {"authorization": f"Bearer {_TOKEN}"}
    try:
        with httpx.Client(base_url=base, headers=headers, timeout=120, trust_env=False) as client:
            _wait(client)
            yield client
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait(client: httpx.Client) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if client.get("/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the server did not get ready within a minute")


@contextmanager
def _postgres(server: str) -> Iterator[str]:
    """A database of this run's own."""
    address = make_url(server)
    name = f"controlplane_bench_{uuid.uuid4().hex[:8]}"
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield address.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


if __name__ == "__main__":
    for figure, value in run(20).items():
        print(f"{figure:36}{value:>14,.2f}")
