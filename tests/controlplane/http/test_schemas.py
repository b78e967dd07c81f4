import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.controlplane.http.conftest import assert_problem
from tests.registry.schemas.test_versions import ONE, THREE, TWO, closed, schema

WORKFLOW = """
---
apiVersion: controlplane/v1
kind: Workflow
metadata: {name: invoice-to-cash, owner: finance}
spec:
  object: invoice
  keys: [{type: invoice.number, attribute: invoice.number}]
  steps: [{name: posted, system: erp, match: {span: post}}]
"""
ASK = "/api/v1/policy/evaluations"
Bearer = Callable[[str], dict[str, str]]


@pytest.fixture
def subject(client: TestClient, admin: dict[str, str]) -> str:
    """A subject of three versions."""
    for document in (ONE, TWO, THREE):
        sent = client.post("/api/v1/apply", content=schema(document) + WORKFLOW, headers=admin)
        assert sent.status_code == 200, sent.text
    return "erp-invoice"


def get(client: TestClient, path: str, headers: dict[str, str], **params: str) -> Any:
    answer = client.get(f"/api/v1/schemas{path}", headers=headers, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ask(client: TestClient, headers: dict[str, str], **question: Any) -> Any:
    answer = client.post(ASK, json=question, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_subjects_and_versions_can_be_read(client: TestClient, bearer: Bearer, subject: str) -> None:
    viewer = bearer("viewer")
    about = {
        "name": subject,
        "subject": subject,
        "title": None,
        "owner": None,
        "format": "json-schema",
        "compatibility": "BACKWARD",
        "versions": 3,
        "version": 3,
        "updated_at": "2026-03-01T12:00:00Z",
    }
    listed = get(client, "", viewer)
    assert listed == {"items": [about], "next_cursor": None}
    assert get(client, "", viewer, q="crm")["items"] == []
    assert get(client, f"/{subject}", viewer) == about | {"definition": THREE}
    second = get(client, f"/{subject}/versions/2", viewer)
    assert second.pop("definition") == TWO
    assert second.pop("hash")
    assert second == {
        "subject": subject,
        "version": 2,
        "format": "json-schema",
        "created_at": "2026-03-01T12:00:00Z",
        "created_by": "bootstrap",
        "id": 2,
        "state": {"state": "active", "since": "2026-03-01T12:00:00Z", "by": "bootstrap", "reason": None},
        "references": [],
        "used_by": [],
    }


def test_lists_come_in_pages(client: TestClient, admin: dict[str, str], subject: str) -> None:
    client.post("/api/v1/apply", content=schema(ONE, name="crm-account"), headers=admin)
    for path, key, expected in (
        ("", "name", ["crm-account", subject]),
        (f"/{subject}/versions", "version", [3, 2, 1]),
    ):
        seen, cursor = [], {}
        while True:
            page = get(client, path, admin, limit="1", **cursor)
            seen += [item[key] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert seen == expected


def test_changes_between_versions(client: TestClient, admin: dict[str, str], subject: str) -> None:
    report = get(client, f"/{subject}/changes", admin, **{"from": "1", "to": "3"})
    assert (report["subject"], report["from"], report["to"], report["compatible"]) == (subject, 1, 3, True)
    assert {change["path"] for change in report["changes"]} == {"/properties/amount", "/properties/currency"}
    latest = get(client, f"/{subject}/changes", admin)
    assert (latest["from"], latest["to"]) == (2, 3)
    back = get(client, f"/{subject}/changes", admin, **{"from": "3", "to": "2"})
    assert back["compatible"] is False
    assert get(client, f"/{subject}/changes", admin, to="1")["changes"] == []


def test_changes_as_a_changelog(client: TestClient, admin: dict[str, str], subject: str) -> None:
    path = f"/api/v1/schemas/{subject}/changes"
    markdown = client.get(path, headers=admin, params={"format": "markdown"})
    assert markdown.headers["content-type"] == "text/markdown; charset=utf-8"
    assert markdown.text.startswith("# Changes from erp-invoice version 2 to erp-invoice version 3\n")
    page = client.get(path, headers=admin, params={"format": "html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.text.startswith("<!doctype html>")
    assert_problem(client.get(path, headers=admin, params={"format": "htm"}), 400, "did you mean html?")


def test_what_is_not_there_is_said(client: TestClient, admin: dict[str, str], subject: str) -> None:
    near = client.get("/api/v1/schemas/erp-invoce", headers=admin)
    assert_problem(near, 404, "there is no schema 'erp-invoce'; did you mean erp-invoice?")
    far = client.get(f"/api/v1/schemas/{subject}/versions/9", headers=admin)
    assert_problem(far, 404, "erp-invoice has no version 9; its latest is 3")
    assert_problem(client.get(f"/api/v1/schemas/{subject}/changes?from=0", headers=admin), 422, "from")
    assert_problem(client.get(f"/api/v1/schemas/{subject}/versions/9999999999", headers=admin), 422, "version")
    assert_problem(client.get("/api/v1/schemas?cursor=x", headers=admin), 400, "cursor")


def test_what_breaks_is_denied_and_says_whom_it_touches(client: TestClient, bearer: Bearer, subject: str) -> None:
    new = closed(number="integer", amount="string", currency="string")
    answer = ask(client, bearer("ci"), subject=subject, document=new, context={"commit": "abc"})
    assert (answer["verdict"], answer["version"], answer["mode"]) == ("deny", 3, "BACKWARD")
    (change,) = answer["changes"]
    assert (change["rule"], change["level"], change["path"], change["new_line"]) == (
        "type-changed",
        "breaking",
        "/properties/number/type",
        6,
    )
    (finding,) = answer["findings"]
    assert (finding["policy"], finding["level"], finding["waiver"]) == ("compatibility", "deny", None)
    assert finding["message"].startswith("type-changed: ")
    impact = answer["impact"]
    assert (impact["consumers"], impact["mappings"]) == ([], [])
    assert impact["workflows"] == [
        {
            "name": "invoice-to-cash",
            "title": "invoice-to-cash",
            "owner": "finance",
            "because": [
                "key invoice.number reads invoice.number, which type-changed at /properties/number/type may change",
            ],
            "keys": ["invoice.number"],
            "steps": [],
        },
    ]
    assert impact["notes"][0] == "no API names erp-invoice as its schema, so its consumers are unknown"


def test_what_is_fine_is_allowed_and_nothing_is_published(
    client: TestClient, admin: dict[str, str], subject: str
) -> None:
    value = json.loads(closed(number="string", amount="string", currency="string", due="string"))
    answer = ask(client, admin, subject=subject, document=value)
    assert (answer["verdict"], answer["findings"], answer["impact"]["workflows"]) == ("allow", [], [])
    assert get(client, f"/{subject}", admin)["versions"] == 3
    assert ask(client, admin, subject=subject, document=THREE)["changes"] == []


def test_what_may_surprise_is_a_warning(client: TestClient, admin: dict[str, str], subject: str) -> None:
    loose = schema(ONE, name="loose", compatibility="NONE")
    client.post("/api/v1/apply", content=loose, headers=admin)
    answer = ask(client, admin, subject="loose", document=closed(number="integer"))
    assert (answer["verdict"], [finding["level"] for finding in answer["findings"]]) == ("warn", ["warn"])


def test_a_transitive_mode_asks_every_version(client: TestClient, admin: dict[str, str]) -> None:
    for document, mode in ((TWO, "NONE"), (ONE, "NONE"), (ONE, "BACKWARD_TRANSITIVE")):
        client.post("/api/v1/apply", content=schema(document, compatibility=mode), headers=admin)
    again = closed(number="string", amount="integer")
    assert ask(client, admin, subject="erp-invoice", document=again)["verdict"] == "deny"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ('{\n "type": ,}', "the document can't be used: line 2: the document is not valid JSON"),
        ("", "the document is empty"),
        ({"type": "nope"}, "the schema is not valid at /type"),
        ("\ud800", "half of a surrogate pair"),
        ({"title": "\ud800"}, "half of a surrogate pair"),
    ],
)
def test_what_can_not_be_read_is_said_with_its_line(
    client: TestClient, admin: dict[str, str], subject: str, document: Any, words: str
) -> None:
    body = json.dumps({"subject": subject, "document": document})
    answer = client.post(ASK, content=body, headers=admin | {"content-type": "application/json"})
    assert_problem(answer, 422, words)
    assert answer.json()["errors"][0]["path"] == "document"


@pytest.mark.parametrize("name", ["erp-invoce", "", "\x00", "erp-\u00fc", "x" * 200])
def test_an_unknown_subject_is_not_found(client: TestClient, admin: dict[str, str], subject: str, name: str) -> None:
    body = json.dumps({"subject": name, "document": ONE})
    answer = client.post(ASK, content=body, headers=admin | {"content-type": "application/json"})
    assert_problem(answer, 404, "did you mean erp-invoice?" if name == "erp-invoce" else "there are erp-invoice")


def test_who_may_ask(client: TestClient, bearer: Bearer, subject: str) -> None:
    question = {"subject": subject, "document": ONE}
    for role in ("viewer", "finance", "collector"):
        assert_problem(client.post(ASK, json=question, headers=bearer(role)), 403, "policies:evaluate")
    assert_problem(client.post(ASK, json=question), 401)
    assert_problem(client.get("/api/v1/schemas", headers=bearer("collector")), 403, "catalogue:read")
    wrong = client.post(ASK, json=question | {"documnet": ONE}, headers=bearer("ci"))
    assert_problem(wrong, 422, "body.documnet")


def test_a_refused_apply_says_where(client: TestClient, admin: dict[str, str], subject: str) -> None:
    answer = client.post("/api/v1/apply", content=schema(ONE), headers=admin)
    assert_problem(answer, 422, "would break BACKWARD compatibility")
    assert {error["path"] for error in answer.json()["errors"]} == {"spec.definition"}
    assert get(client, f"/{subject}", admin)["version"] == 3
