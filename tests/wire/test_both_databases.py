"""Every door of a running server over each of the two databases: what one says of a thing, all others say too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import httpx
import pytest
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient

from tests.serving import TOKEN, LiveServer
from tests.ui.reading import Reader
from tests.wire.exporting import send
from tests.wire.test_end_to_end import MANIFESTS, documents, history

ORDER = {"type": "object", "additionalProperties": False, "properties": {"number": {"type": "string"}}}
BROKEN = ORDER | {"properties": {"number": {"type": "integer"}}}
SCHEMA = {
    "apiVersion": "controlplane/v1",
    "kind": "Schema",
    "metadata": {"name": "both-order"},
    "spec": {"format": "json-schema", "definition": ORDER},
}
HTML = {"accept": "text/html"}


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with twenty invoices, once on each database."""
    started = LiveServer(tmp_path_factory.mktemp("both") / "data", database=request.param).start()
    started.apply(MANIFESTS)
    started.apply(json.dumps(SCHEMA))
    send(started, history(), Random(11))
    yield started
    started.end()


def sent(server: LiveServer, method: str, path: str, token: str = TOKEN, **more: Any) -> httpx.Response:
    with server.client(token) as client:
        return client.request(method, path, **more)


def test_spans_become_timelines_by_a_workflow_of_the_registry(server: LiveServer) -> None:
    found = documents(server)
    assert len(found) == 20
    report = server.get("/api/v1/slas/invoice-posting/report", **{"from": "2026-05-16", "to": "2026-05-17"})
    assert [report[name] for name in ("count", "met", "breached", "pending", "overdue")] == [20, 8, 8, 0, 4]


def test_apply_shows_stores_and_gives_back(server: LiveServer) -> None:
    team = "apiVersion: controlplane/v1\nkind: Team\nmetadata: {name: both-team}  # ours\nspec: {contacts: [{email: a@b.example}]}\n"
    yaml = {"content-type": "application/yaml"}
    dry = sent(server, "POST", "/api/v1/apply", params={"dry_run": "true"}, content=team, headers=yaml)
    assert (dry.status_code, [one["name"] for one in dry.json()["created"]]) == (200, ["both-team"])
    assert sent(server, "GET", "/api/v1/catalogue/Team/both-team").status_code == 404
    server.apply(team)
    exported = sent(server, "GET", "/api/v1/export", params={"kind": "Team"}).content
    assert b"# ours" in exported
    assert server.apply(exported.decode())["unchanged"] == [{"kind": "Team", "name": "both-team"}]
    assert sent(server, "GET", "/api/v1/export", params={"kind": "Team"}).content == exported


def test_rest_graphql_and_the_page_say_the_same(server: LiveServer) -> None:
    rest = server.get("/api/v1/catalogue/Workflow/invoice-to-cash")
    query = '{ declarations(kind: "Workflow") { name revision } workflows search(q: "INV-0003") { key { value } } }'
    told = sent(server, "POST", "/graphql", json={"query": query}).json()["data"]
    assert told["declarations"] == [{"name": "invoice-to-cash", "revision": rest["revision"]}]
    assert told["workflows"] == ["invoice-to-cash"]
    assert told["search"][0]["key"]["value"] == "INV-0003"
    page = sent(server, "GET", "/catalogue/Workflow/invoice-to-cash", headers=HTML)
    assert "Invoice to cash" in Reader(page.text).text


def test_two_people_at_once(server: LiveServer) -> None:
    path = "/api/v1/catalogue/System/both-system"
    manifest = {"apiVersion": "controlplane/v1", "kind": "System", "metadata": {"name": "both-system"}, "spec": {"category": "crm"}}  # fmt: skip
    assert sent(server, "PUT", path, json=manifest).status_code in {200, 201}
    tag = sent(server, "GET", path).headers["etag"]
    changed = [manifest | {"spec": {"category": category}} for category in ("erp", "billing")]
    answers = [sent(server, "PUT", path, json=one, headers={"If-Match": tag}) for one in changed]
    assert [one.status_code for one in answers] == [200, 412]
    assert server.get(path)["manifest"]["spec"]["category"] == "erp"


def test_the_door_for_kafkas_clients(server: LiveServer) -> None:
    settings = {"url": f"{server.url}/ccompat", "basic.auth.user.info": f"x:{TOKEN}"}
    with SchemaRegistryClient(settings) as registry:
        text = json.dumps({"type": "record", "name": "Both", "fields": [{"name": "id", "type": "string"}]})
        number = registry.register_schema("both-value", Schema(text, "AVRO"))
        assert registry.register_schema("both-value", Schema(text, "AVRO")) == number
        assert registry.get_latest_version("both-value").version == 1
        wrong = json.dumps({"type": "record", "name": "Both", "fields": [{"name": "id", "type": "int"}]})
        assert registry.test_compatibility("both-value", Schema(wrong, "AVRO")) is False


def test_the_gate_denies_and_a_waiver_of_two_people_lets_pass(server: LiveServer) -> None:
    question = {"subject": "both-order", "document": BROKEN}

    def ask() -> Any:
        return sent(server, "POST", "/api/v1/policy/evaluations", json=question).json()

    denied = ask()
    assert denied["verdict"] == "deny"
    marks = [one["fingerprint"] for one in denied["findings"]]
    one, other = (server.token(role) for role in ("architect", "admin"))
    end = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    wish = {"name": "both-waiver", "subject": "both-order", "reason": "agreed", "expires": end, "fingerprints": marks}
    asked = sent(server, "POST", "/api/v1/waivers", one, json=wish)
    assert asked.status_code == 201, asked.text
    assert ask()["verdict"] == "deny"
    assert sent(server, "POST", "/api/v1/waivers/both-waiver/approval", one).status_code == 409
    assert sent(server, "POST", "/api/v1/waivers/both-waiver/approval", other).status_code == 200
    assert ask()["verdict"] == "allow"


def test_people_sign_in_and_tokens_end(server: LiveServer) -> None:
    link = sent(server, "POST", "/api/v1/login-links", json={"name": "Ada", "role": "viewer"}).json()["url"]
    with httpx.Client(base_url=server.url, follow_redirects=True) as person:
        assert person.get(link, headers=HTML).status_code == 200
        assert person.get("/catalogue", headers=HTML).status_code == 200
        (session,) = [one for one in server.get("/api/v1/sessions")["items"] if one["name"] == "Ada"]
        assert sent(server, "DELETE", f"/api/v1/sessions/{session['id']}").status_code == 204
        assert person.get("/api/v1/me").status_code == 401
    token = server.token("viewer")
    assert sent(server, "GET", "/api/v1/me", token).json()["role"] == "viewer"
    assert sent(server, "POST", "/api/v1/apply", token, content="{}").status_code == 403
    (row,) = [one for one in server.get("/api/v1/tokens")["items"] if one["id"] == token.split("_")[1]]
    assert row["last_used_at"] is not None
    assert sent(server, "DELETE", f"/api/v1/tokens/{row['id']}").status_code == 204
    assert sent(server, "GET", "/api/v1/me", token).status_code == 401


def test_all_of_it_is_in_an_audit_log_that_holds(server: LiveServer) -> None:
    assert server.get("/api/v1/audit/verification")["holds"] is True
    assert server.get("/api/v1/audit", kind="Workflow")["items"][0]["name"] == "invoice-to-cash"


def test_all_is_there_after_a_restart(server: LiveServer) -> None:
    before = documents(server)
    assert server.end() == 0
    server.start()
    assert documents(server) == before
    assert server.get("/api/v1/catalogue/Workflow/invoice-to-cash")["revision"] == 1
