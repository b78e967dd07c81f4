"""Recording what runs where, and asking whether a version may join it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

Bearer = Callable[[str], dict[str, str]]
INVOICE = {"type": "object", "properties": {"id": {"type": "string"}, "total": {"type": "string"}}, "required": ["id"]}


def schema(document: object, mode: str = "NONE") -> str:
    return json.dumps(
        {
            "apiVersion": "controlplane/v1",
            "kind": "Schema",
            "metadata": {"name": "invoices"},
            "spec": {"format": "json-schema", "compatibility": mode, "definition": document},
        }
    )


@pytest.fixture
def asking(client: TestClient, bearer: Bearer) -> TestClient:
    """Someone of the pipeline, and a schema with three versions: the second adds a field, the third changes a type."""
    admin = bearer("admin")
    added = {**INVOICE, "properties": {**INVOICE["properties"], "note": {"type": "string"}}}
    changed = {**INVOICE, "properties": {"id": {"type": "integer"}, "total": {"type": "string"}}}
    for document in (INVOICE, added, changed):
        answer = client.post("/api/v1/apply", content=schema(document), headers=admin)
        assert answer.status_code == 200, answer.text
    client.headers.update(bearer("ci"))
    return client


def record(client: TestClient, application: str, version: str, **contract: list[tuple[str, int]]) -> int:
    told = {side: [{"subject": s, "version": v} for s, v in used] for side, used in contract.items()}
    return client.put(f"/api/v1/applications/{application}/versions/{version}", json=told).status_code


def deploy(client: TestClient, application: str, version: str, environment: str = "production") -> int:
    told = {"application": application, "version": version, "environment": environment}
    return client.post("/api/v1/deployments", json=told).status_code


def may(client: TestClient, *wanted: str, environment: str = "production") -> dict[str, object]:
    params = [("environment", environment), *(("deploy", one) for one in wanted)]
    answer = client.get("/api/v1/can-i-deploy", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_a_provider_is_held_against_those_who_read_what_it_writes(asking: TestClient) -> None:
    assert record(asking, "ledger", "1.0", consumes=[("invoices", 1)]) == 201
    for version, number in (("2.0", 1), ("2.1", 2), ("3.0", 3)):
        assert record(asking, "billing", version, provides=[("invoices", number)]) == 201
    assert deploy(asking, "ledger", "1.0") == 201
    assert deploy(asking, "billing", "2.0") == 201

    assert may(asking, "billing@2.0")["deployable"] is True
    breaking = may(asking, "billing@3.0")
    assert breaking["deployable"] is False
    (pair,) = breaking["pairs"]
    assert (pair["consumer"], pair["provider"], pair["outcome"]) == ("ledger", "billing", "breaks")
    assert pair["changes"][0]["path"] == "/properties/id/type"
    assert "must not go to production" in str(breaking["sentence"])
    # In an empty environment nobody reads it.
    assert may(asking, "billing@3.0", environment="staging") == {
        "environment": "staging",
        "deployable": True,
        "sentence": "billing 3.0 may go to staging: it shares no document with what runs there",
        "pairs": [],
    }


def test_several_versions_are_asked_about_as_they_would_run_together(asking: TestClient) -> None:
    record(asking, "ledger", "1.0", consumes=[("invoices", 1)])
    record(asking, "ledger", "2.0", consumes=[("invoices", 3)])
    record(asking, "billing", "3.0", provides=[("invoices", 3)])
    deploy(asking, "ledger", "1.0")
    assert may(asking, "billing@3.0")["deployable"] is False
    assert may(asking, "billing@3.0", "ledger@2.0")["deployable"] is True


def test_a_contract_never_changes_and_names_what_is_registered(asking: TestClient) -> None:
    assert record(asking, "ledger", "1.0", consumes=[("invoices", 1)]) == 201
    assert record(asking, "ledger", "1.0", consumes=[("invoices", 1)]) == 200
    assert record(asking, "ledger", "1.0", consumes=[("invoices", 2)]) == 409
    assert record(asking, "ledger", "2.0", consumes=[("invoices", 9)]) == 422
    answer = asking.put(
        "/api/v1/applications/ledger/versions/2.0", json={"consumes": [{"subject": "invoice", "version": 1}]}
    )
    assert answer.json()["detail"] == "there is no schema 'invoice'; apply its manifest first"
    assert deploy(asking, "ledger", "7.0") == 422
    answer = asking.get("/api/v1/can-i-deploy", params={"environment": "production", "deploy": "ledgr@1.0"})
    assert (answer.status_code, answer.json()["detail"]) == (
        422,
        "no version of 'ledgr' was recorded; did you mean ledger?",
    )
    assert asking.get("/api/v1/can-i-deploy?environment=x&deploy=ledger").status_code == 422


def test_what_ran_is_replaced_withdrawn_and_in_the_audit_log(asking: TestClient, bearer: Bearer) -> None:
    record(asking, "ledger", "1.0")
    record(asking, "ledger", "1.1")
    deploy(asking, "ledger", "1.0")
    deploy(asking, "ledger", "1.1")
    (one,) = asking.get("/api/v1/deployments", params={"environment": "production"}).json()
    assert (one["application"], one["version"], one["by"]) == ("ledger", "1.1", "the ci")
    assert asking.delete("/api/v1/deployments/production/ledger").status_code == 204
    assert asking.delete("/api/v1/deployments/production/ledger").status_code == 404
    assert asking.get("/api/v1/deployments").json() == []
    entries = asking.get("/api/v1/audit", params={"kind": "Deployment"}, headers=bearer("admin")).json()["items"]
    assert [(one["action"], one["before"], one["after"]) for one in entries] == [
        ("withdraw", {"version": "1.1"}, None),
        ("deploy", {"version": "1.0"}, {"version": "1.1"}),
        ("deploy", None, {"version": "1.0"}),
    ]


def test_the_page_shows_what_runs_where_and_answers(asking: TestClient, bearer: Bearer) -> None:
    record(asking, "ledger", "1.0", consumes=[("invoices", 1)])
    record(asking, "billing", "3.0", provides=[("invoices", 3)])
    deploy(asking, "ledger", "1.0")
    page = asking.get(
        "/reviews/environments?deploy=billing@3.0&to=production", headers={**bearer("viewer"), "Accept": "text/html"}
    )
    assert page.status_code == 200
    assert "1 application runs in 1 environment" in page.text
    assert "billing 3.0 must not go to production: 1 of 1 pairs speak against it" in page.text
    unknown = asking.get("/reviews/environments?deploy=nothing@1&to=production", headers=bearer("viewer"))
    assert "No version of &#39;nothing&#39; was recorded" in unknown.text
