import json
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from controlplane.http.guards import MAX_BODY
from controlplane.state import AppState
from registry.catalogue import read
from tests.controlplane.http.conftest import assert_problem

COMPANY = """\
apiVersion: controlplane/v1
kind: Team
metadata: {name: finance-systems}
---
apiVersion: controlplane/v1
kind: System
metadata: {name: stripe, owner: finance-systems}
spec: {category: billing}
---
apiVersion: controlplane/v1
kind: System
metadata: {name: netsuite, owner: finance-systems}
spec: {category: erp}
"""
NAMES = [
    {"kind": "Team", "name": "finance-systems"},
    {"kind": "System", "name": "stripe"},
    {"kind": "System", "name": "netsuite"},
]


def send(client: TestClient, text: str, headers: dict[str, str], **params: str) -> dict[str, object]:
    answer = client.post("/api/v1/apply", content=text, headers=headers, params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, object] = answer.json()
    return body


def test_apply_answers_what_it_did_and_tells_who_listens(
    client: TestClient,
    state: AppState,
    admin: dict[str, str],
) -> None:
    told: list[frozenset[str]] = []
    state.on_apply.append(told.append)
    assert send(client, COMPANY, admin) == {"created": NAMES, "changed": [], "unchanged": []}
    assert told == [frozenset({"Team", "System"})]
    assert send(client, COMPANY, admin) == {"created": [], "changed": [], "unchanged": NAMES}
    assert len(told) == 1
    changed = COMPANY.replace("erp", "internal")
    assert send(client, changed, admin)["changed"] == [{"kind": "System", "name": "netsuite"}]
    assert told[1:] == [frozenset({"System"})]


def test_a_listener_that_fails_does_not_undo_what_was_stored(
    client: TestClient,
    state: AppState,
    admin: dict[str, str],
) -> None:
    told: list[frozenset[str]] = []

    def fail(_kinds: frozenset[str]) -> None:
        raise RuntimeError

    state.on_apply += [fail, told.append]
    assert send(client, COMPANY, admin)["created"] == NAMES
    assert len(told) == 1


def test_json_is_taken_too(client: TestClient, admin: dict[str, str]) -> None:
    team = {"apiVersion": "controlplane/v1", "kind": "Team", "metadata": {"name": "a"}}
    assert send(client, json.dumps(team), admin)["created"] == [{"kind": "Team", "name": "a"}]
    assert send(client, json.dumps([team, team | {"metadata": {"name": "b"}}]), admin) == {
        "created": [{"kind": "Team", "name": "b"}],
        "changed": [],
        "unchanged": [{"kind": "Team", "name": "a"}],
    }


def test_a_dry_run_shows_and_stores_nothing(client: TestClient, state: AppState, admin: dict[str, str]) -> None:
    told: list[frozenset[str]] = []
    state.on_apply.append(told.append)
    answer = send(client, COMPANY, admin, dry_run="true")
    assert answer["created"] == NAMES
    assert answer["differences"][1] == {  # type: ignore[index]  it is a list
        "kind": "System",
        "name": "stripe",
        "after": {
            "apiVersion": "controlplane/v1",
            "kind": "System",
            "metadata": {"name": "stripe", "owner": "finance-systems"},
            "spec": {"category": "billing"},
        },
    }
    assert told == []
    with state.database.reading() as session:
        assert read.page(session) == []


def test_every_error_comes_with_its_line_and_nothing_is_stored(
    client: TestClient,
    state: AppState,
    admin: dict[str, str],
) -> None:
    wrong = COMPANY.replace("category: erp", "category: erb").replace("{name: stripe", "{nam: stripe")
    answer = client.post("/api/v1/apply", content=wrong, headers=admin)
    assert_problem(answer, 422, "nothing was applied: line 7: metadata.name is missing (and 2 more)")
    assert answer.json()["errors"] == [
        {"message": "metadata.name is missing", "line": 7, "document": 1, "path": "metadata.name"},
        {
            "message": "metadata.nam is not a key of System; did you mean name?",
            "line": 7,
            "document": 1,
            "path": "metadata.nam",
        },
        {
            "message": "spec.category can't be 'erb'; did you mean erp?",
            "line": 13,
            "document": 2,
            "path": "spec.category",
        },
    ]
    with state.database.reading() as session:
        assert read.page(session) == []


@pytest.mark.parametrize("body", ["", "---\n", "# only a comment\n", "[]"])
def test_a_body_without_manifests_is_a_mistake(client: TestClient, admin: dict[str, str], body: str) -> None:
    assert_problem(client.post("/api/v1/apply", content=body, headers=admin), 422, "no manifest")


def test_a_body_that_is_too_long(client: TestClient, admin: dict[str, str]) -> None:
    assert_problem(client.post("/api/v1/apply", content=b" " * (16 * 1024 * 1024 + 1), headers=admin), 413, "16 MiB")
    long = client.post("/api/v1/tokens", content=b" " * (MAX_BODY + 1), headers=admin)
    assert_problem(long, 413, "16 MiB")


def test_the_reason_stands_in_the_audit_log(client: TestClient, admin: dict[str, str]) -> None:
    send(client, COMPANY, admin, reason="month end")
    (newest,) = client.get("/api/v1/audit", params={"limit": 1}, headers=admin).json()["items"]
    assert (newest["actor"], newest["action"], newest["kind"], newest["name"]) == (
        "bootstrap",
        "create",
        "System",
        "netsuite",
    )
    assert newest["reason"] == "month end"
    assert newest["before"] is None
    assert newest["after"]["spec"] == {"category": "erp"}


def test_the_catalogue_page_by_page(client: TestClient, admin: dict[str, str]) -> None:
    send(client, COMPANY, admin)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/v1/catalogue", params=params, headers=admin).json()
        seen += [item["manifest"]["metadata"]["name"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["netsuite", "stripe", "finance-systems"]
    owned = client.get("/api/v1/catalogue/System", params={"owner": "finance-systems"}, headers=admin).json()
    assert [item["manifest"]["metadata"]["name"] for item in owned["items"]] == ["netsuite", "stripe"]
    assert client.get("/api/v1/catalogue", params={"owner": "x"}, headers=admin).json()["items"] == []


def test_one_thing_and_how_it_came_to_be(
    client: TestClient, admin: dict[str, str], bearer: Callable[[str], dict[str, str]]
) -> None:
    send(client, COMPANY, admin)
    send(client, COMPANY.replace("erp", "internal"), bearer("architect"))
    one = client.get("/api/v1/catalogue/System/netsuite", headers=admin).json()
    assert (one["revision"], one["created_by"], one["updated_by"]) == (2, "bootstrap", "the architect")
    assert one["created_at"] == "2026-03-01T12:00:00Z"
    history = client.get("/api/v1/catalogue/System/netsuite/revisions", headers=admin).json()["items"]
    assert [(item["revision"], item["manifest"]["spec"]["category"]) for item in history] == [
        (2, "internal"),
        (1, "erp"),
    ]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/api/v1/catalogue/Sistem", "there is no kind 'Sistem'; did you mean System?"),
        ("/api/v1/catalogue/System/zuora", "there is no System 'zuora'"),
        ("/api/v1/catalogue/System/zuora/revisions", "there is no System 'zuora'"),
        ("/api/v1/export?kind=team", "there is no kind 'team'; did you mean Team?"),
        ("/api/v1/nothing", "there is nothing at /api/v1/nothing"),
    ],
)
def test_what_is_not_there(client: TestClient, admin: dict[str, str], path: str, words: str) -> None:
    assert_problem(client.get(path, headers=admin), 404, words)


def test_what_is_exported_is_taken(client: TestClient, admin: dict[str, str]) -> None:
    send(client, COMPANY, admin)
    exported = client.get("/api/v1/export", headers=admin)
    assert exported.headers["content-type"].startswith("application/yaml")
    assert len(send(client, exported.text, admin)["unchanged"]) == 3  # type: ignore[arg-type]  it is a list
    assert client.get("/api/v1/export", headers=admin).text == exported.text
    assert "kind: Team" not in client.get("/api/v1/export?kind=System", headers=admin).text
