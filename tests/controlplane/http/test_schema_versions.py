import json
from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

from tests.controlplane.http.conftest import assert_problem
from tests.registry.schemas.test_operations import HTTP
from tests.registry.schemas.test_versions import ONE, TWO, closed, schema

Bearer = Callable[[str], dict[str, str]]
SUBJECT = "/api/v1/schemas/erp-invoice"


def apply(client: TestClient, admin: dict[str, str], manifest: str) -> None:
    answer = client.post("/api/v1/apply", content=manifest, headers=admin)
    assert answer.status_code == 200, answer.text


def ask(client: TestClient, headers: dict[str, str], query: str) -> Any:
    answer = client.post("/graphql", json={"query": query}, headers=headers).json()
    assert "errors" not in answer, answer
    return answer["data"]


def test_a_document_is_registered_by_itself(client: TestClient, admin: dict[str, str], bearer: Bearer) -> None:
    apply(client, admin, schema(ONE))
    put = client.post(f"{SUBJECT}/versions", content=TWO, headers=admin)
    assert (put.status_code, put.json()) == (201, {"subject": "erp-invoice", "version": 2, "created": True})
    again = client.post(f"{SUBJECT}/versions", content=json.dumps(json.loads(TWO)), headers=admin)
    assert again.json() == {"subject": "erp-invoice", "version": 2, "created": False}
    broken = client.post(f"{SUBJECT}/versions", content=closed(number="integer"), headers=admin)
    assert_problem(broken, 422, "would break BACKWARD compatibility")
    draft = client.post(f"{SUBJECT}/versions?draft=true", content=closed(number="integer"), headers=admin)
    assert draft.json()["version"] == 3
    assert client.get(SUBJECT, headers=admin).json()["version"] == 2
    assert_problem(client.post(f"{SUBJECT}/versions", content=TWO, headers=bearer("ci")), 403, "catalogue:write")
    assert_problem(
        client.post(f"{SUBJECT}/versions", content=b"\xff", headers=admin), 400, "line 1 of the body is not UTF-8"
    )
    assert_problem(client.post("/api/v1/schemas/none/versions", content=TWO, headers=admin), 404, "there is no schema")


def test_states_are_put_and_audited(client: TestClient, admin: dict[str, str], bearer: Bearer) -> None:
    apply(client, admin, schema(ONE))
    wanted = {"state": "deprecated", "reason": "Move on"}
    assert_problem(client.put(f"{SUBJECT}/versions/1/state", json=wanted, headers=bearer("viewer")), 403)
    answer = client.put(f"{SUBJECT}/versions/1/state", json=wanted, headers=admin).json()
    assert (answer["state"]["state"], answer["state"]["reason"]) == ("deprecated", "Move on")
    assert_problem(client.put(f"{SUBJECT}/versions/1/state", json={"state": "draft"}, headers=admin), 422, "state")
    log = client.get("/api/v1/audit?kind=Schema", headers=admin).json()["items"]
    assert log[0]["after"] == {"version": 1, "state": "deprecated"}
    client.put(f"{SUBJECT}/versions/1/state", json={"state": "disabled"}, headers=admin)
    back = client.put(f"{SUBJECT}/versions/1/state", json=wanted, headers=admin)
    assert_problem(back, 409, "version 1 of erp-invoice is disabled; it can become active")


def test_references_are_told_and_resolved(client: TestClient, admin: dict[str, str]) -> None:
    apply(client, admin, schema(ONE))
    document = json.dumps({"properties": {"invoice": {"$ref": "controlplane:erp-invoice/1"}}})
    apply(client, admin, schema(document, name="order"))
    answer = client.get("/api/v1/schemas/order/versions/1?resolved=true", headers=admin).json()
    assert answer["references"] == [{"name": "controlplane:erp-invoice/1", "subject": "erp-invoice", "version": 1}]
    assert "erp-invoice/1" in json.loads(answer["definition"])["$defs"]
    assert client.get(f"{SUBJECT}/versions/1", headers=admin).json()["used_by"] == [{"subject": "order", "version": 1}]


def test_operations_by_rest_and_graph(client: TestClient, admin: dict[str, str]) -> None:
    apply(client, admin, schema(HTTP, name="billing", form="openapi"))
    page = client.get("/api/v1/operations?subject=billing&limit=2", headers=admin).json()
    rest = client.get("/api/v1/operations", params={"limit": 2, "cursor": page["next_cursor"]}, headers=admin).json()
    assert [one["action"] for one in page["items"] + rest["items"]] == ["GET", "DELETE", "GET"]
    assert rest["next_cursor"] is None
    assert_problem(client.get("/api/v1/operations?subject=biling", headers=admin), 404, "did you mean billing?")
    (described,) = client.get("/api/v1/described-apis", headers=admin).json()["items"]
    assert (described["document"], described["operations"]) == ("billing", 3)
    data = ask(client, admin, """{
        operations(q: "delete", deprecated: true) { schema address sunset security }
        describedApis { schema title version }
        schemas(q: "billing") { name version versions { number state id } }
    }""")  # fmt: skip
    (operation,) = data["operations"]
    assert operation == {
        "schema": "billing",
        "address": "/invoices/{id}",
        "sunset": "2026-12-31",
        "security": ["oauth + mtls", "none"],
    }
    assert data["describedApis"] == [{"schema": "billing", "title": "Billing", "version": "2.1.0"}]
    assert data["schemas"][0]["versions"] == [{"number": 1, "state": "active", "id": 1}]


def test_long_documents_are_told_by_their_hash_in_history(client: TestClient, admin: dict[str, str]) -> None:
    long = json.dumps({"title": "x" * 70_000})
    apply(client, admin, schema(long))
    (entry,) = client.get("/api/v1/audit?kind=Schema", headers=admin).json()["items"]
    assert entry["after"]["spec"]["definition"]["characters"] == len(long)
    assert client.get(SUBJECT, headers=admin).json()["definition"] == long
    assert client.get("/api/v1/audit/verification", headers=admin).status_code in {200, 404}


def test_the_ids_of_a_server_start_at_one(client: TestClient, admin: dict[str, str]) -> None:
    answer = client.post("/ccompat/subjects/a-value/versions", json={"schema": '"string"'}, headers=admin)
    assert answer.json()["id"] == 1
    assert answer.headers["content-type"] == "application/json"
    wrong = client.post(
        "/ccompat/subjects/a-value/versions", json={"schema": '"string"', "ruleSet": {"a": 1}}, headers=admin
    )
    assert (wrong.status_code, wrong.json()["error_code"]) == (422, 42201)
    assert "not kept here" in wrong.json()["message"]
    nobody = client.get("/ccompat/subjects")
    assert (nobody.status_code, nobody.json()["error_code"]) == (401, 401)
    viewer = client.put("/ccompat/config", json={"compatibility": "FULL"}, headers=admin)
    assert viewer.json() == {"compatibility": "FULL"}
    assert client.get("/ccompat/config", headers=admin).json() == {"compatibilityLevel": "FULL"}
    client.post("/ccompat/subjects/b-value/versions", json={"schema": '"string"'}, headers=admin)
    assert client.get("/ccompat/config/b-value", headers=admin).json() == {"compatibilityLevel": "FULL"}
    assert client.delete("/ccompat/config", headers=admin).json() == {"compatibilityLevel": "FULL"}
    assert client.get("/ccompat/contexts", headers=admin).json() == ["."]
    assert client.get("/ccompat/schemas/types", headers=admin).json() == ["AVRO", "JSON", "PROTOBUF"]
    assert [one["subject"] for one in client.get("/ccompat/schemas?latestOnly=true", headers=admin).json()] == [
        "a-value",
        "b-value",
    ]
