"""Operations that have reached their x-sunset, and who calls them all the same."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from collectors.usage.gone import LateCalls
from policies.lifecycle.ended import calls_of, ended, moments
from registry.catalogue import read
from registry.catalogue.apply import apply
from registry.database import Database
from registry.kinds.api import APIManifest
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText

NOW = datetime(2026, 5, 16, 12, tzinfo=UTC)
GONE = datetime(2026, 3, 1, tzinfo=UTC)


def operation(**more: object) -> dict[str, object]:
    return {"responses": {"200": {"description": "ok"}}} | more


DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Orders", "version": "1.0.0"},
    "servers": [{"url": "https://hub.example.com/api"}],
    "paths": {
        "/orders/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": operation(deprecated=True, **{"x-sunset": "2026-03-01"}),
            "delete": operation(),
        },
        "/orders/latest": {"get": operation()},
        "/carts": {"get": operation(deprecated=True, **{"x-sunset": "2026-09-01"})},
    },
}


def declared(database: Database, lifecycle: str = "active") -> APIManifest:
    head = {"apiVersion": "controlplane/v1"}
    version = {"version": "v1", "schema": "orders", "lifecycle": lifecycle, "calls": [{"service": "hub"}]}
    manifests = [
        head | {"kind": "System", "metadata": {"name": "hub"}, "spec": {"category": "middleware"}},
        head
        | {
            "kind": "Schema",
            "metadata": {"name": "orders"},
            "spec": {"format": "openapi", "compatibility": "NONE", "definition": DOCUMENT},
        },
        head
        | {
            "kind": "API",
            "metadata": {"name": "hub-orders"},
            "spec": {"system": "hub", "protocol": "rest", "versions": [version, {"version": "v2"}]},
        },
    ]
    text = "\n---\n".join(map(json.dumps, manifests))
    with database.writing() as session:
        apply(session, parse_manifests([SourceText("", text.encode())]), actor="ada", now=NOW)
        (found,) = read.every(session, APIManifest)
    return found


def late(service: str, name: str, calls: int = 1, version: str = "v1", at: int = 1) -> LateCalls:
    return LateCalls(service, version, calls, at, at, (name,), (f"{at:032x}",))


def test_an_operation_ends_on_its_day_and_not_with_its_version(database: Database) -> None:
    api = declared(database)
    with database.reading() as session:
        (one,) = ended(session, api, date(2026, 5, 16))
        assert (one.version, {str(name): at for name, at in one.since.items()}) == ("v1", {"GET /orders/{id}": GONE})
        assert moments([one]) == [GONE]
        assert ended(session, api, date(2026, 2, 28)) == []
        assert len(ended(session, api, date(2026, 9, 1))[0].since) == 2


def test_a_version_that_is_retired_as_a_whole_has_no_operations_of_its_own(database: Database) -> None:
    declared(database, "deprecated")
    api = declared(database, "retired")
    with database.reading() as session:
        assert ended(session, api, date(2026, 5, 16)) == []


def test_calls_are_of_the_operation_that_says_most_and_one_caller_is_one(database: Database) -> None:
    api = declared(database)
    with database.reading() as session:
        (one,) = ended(session, api, date(2026, 5, 16))
    calls = [
        late("crm", "GET /orders/{order}", 3, at=5),
        late("crm", "GET /api/orders/4711", 2, at=9),
        late("poster", "GET /orders/:id"),
        late("poster", "GET /orders/latest"),
        late("poster", "DELETE /orders/{id}"),
        late("poster", "GET"),
        late("poster", "GET /carts"),
        late("other", "GET /orders/{id}", version="v2"),
    ]
    ((operation_, found),) = calls_of(one, calls, GONE).items()
    assert str(operation_) == "GET /orders/{id}"
    assert [(each.service, each.calls, each.first_at, each.last_at) for each in found] == [
        ("crm", 5, 5, 9),
        ("poster", 1, 1, 1),
    ]
    assert found[0].traces[0] == f"{9:032x}"
    assert calls_of(one, calls, NOW) == {}
