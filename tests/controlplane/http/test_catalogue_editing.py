"""Changing and removing one thing, and pruning, over HTTP."""

from collections.abc import Callable

from fastapi.testclient import TestClient

from controlplane.state import AppState
from tests.controlplane.http.conftest import assert_problem
from tests.controlplane.http.test_catalogue import COMPANY, send

STRIPE = "apiVersion: controlplane/v1\nkind: System\nmetadata: {name: stripe}\nspec: {category: CATEGORY}\n"
PATH = "/api/v1/catalogue/System/stripe"


def stripe(category: str) -> str:
    return STRIPE.replace("CATEGORY", category)


def test_two_people_edit_at_once_and_the_second_is_told(
    client: TestClient, state: AppState, admin: dict[str, str]
) -> None:
    told: list[frozenset[str]] = []
    send(client, COMPANY, admin)
    state.on_apply.append(told.append)
    seen = client.get(PATH, headers=admin).headers["etag"]
    assert seen == '"1"'
    first = client.put(PATH, content=stripe("erp"), headers=admin | {"If-Match": seen}, params={"reason": "moved"})
    assert (first.status_code, first.headers["etag"], first.json()["revision"]) == (200, '"2"', 2)
    assert told == [frozenset({"System"})]
    second = client.put(PATH, content=stripe("tax"), headers=admin | {"If-Match": seen})
    assert_problem(second, 412, "changed System 'stripe' meanwhile: it is revision 2, not 1; nothing was stored")
    assert second.headers["etag"] == '"2"'
    assert client.get(PATH, headers=admin).json()["manifest"]["spec"] == {"category": "erp"}
    entry = client.get("/api/v1/audit", headers=admin, params={"kind": "System", "name": "stripe"}).json()["items"][0]
    assert (entry["action"], entry["reason"]) == ("update", "moved")


def test_who_has_seen_nothing_may_only_declare_what_is_new(client: TestClient, admin: dict[str, str]) -> None:
    assert client.put(PATH, content=stripe("erp"), headers=admin).status_code == 200
    assert_problem(client.put(PATH, content=stripe("tax"), headers=admin), 428, "send its ETag as If-Match")
    assert_problem(client.put(PATH, content=stripe("tax"), headers=admin | {"If-Match": "x"}), 400, "such as")
    assert_problem(client.put(PATH, content=COMPANY, headers=admin), 422, "the manifest of System 'stripe' alone")
    assert_problem(client.put(PATH, content="kind: [", headers=admin), 422, "line 1")


def test_what_something_names_is_not_removed(client: TestClient, admin: dict[str, str], state: AppState) -> None:
    send(client, COMPANY, admin)
    team = "/api/v1/catalogue/Team/finance-systems"
    refused = client.delete(team, headers=admin)
    assert_problem(refused, 409, "System 'netsuite' names it")
    assert len(refused.json()["errors"]) == 2
    assert_problem(client.delete(PATH, headers=admin | {"If-Match": '"7"'}), 412, "it is revision 1, not 7")
    told: list[frozenset[str]] = []
    state.on_apply.append(told.append)
    assert client.delete(PATH, headers=admin | {"If-Match": '"1"'}, params={"reason": "sold"}).status_code == 204
    assert told == [frozenset({"System"})]
    assert_problem(client.delete(PATH, headers=admin), 404, "there is no System 'stripe'")
    revisions = client.get(f"{PATH}/revisions", headers=admin).json()["items"]
    assert [(one["revision"], one["manifest"] is None) for one in revisions] == [(2, True), (1, False)]


def test_pruning_is_asked_for_by_its_scope(client: TestClient, admin: dict[str, str]) -> None:
    send(client, COMPANY, admin)
    rest = COMPANY.rsplit("---\n", 1)[0]
    answer = client.post(
        "/api/v1/apply", content=rest, headers=admin, params={"prune_kind": ["System"], "dry_run": "true"}
    ).json()
    assert answer["removed"] == [{"kind": "System", "name": "netsuite"}]
    assert "removed" not in send(client, rest, admin)
    assert send(client, rest, admin, prune_kind="System", plan=answer["plan"])["removed"] == answer["removed"]
    assert send(client, rest, admin, prune_owner="finance-systems")["removed"] == []
    for params, status, words in (
        ({"prune_kind": "Sistem"}, 404, "did you mean System?"),
        ({"prune_label": "x"}, 400, "NAME=VALUE"),
        ({"plan": answer["plan"]}, 409, "look at what would change now"),
    ):
        assert_problem(client.post("/api/v1/apply", content=rest, headers=admin, params=params), status, words)


def test_comments_show_in_a_dry_run_and_come_back_by_export(client: TestClient, admin: dict[str, str]) -> None:
    send(client, stripe("erp"), admin)
    body = f"# who bills\n{stripe('erp')}"
    dry = client.post("/api/v1/apply", content=body, headers=admin, params={"dry_run": "true"}).json()
    (difference,) = dry["differences"]
    assert difference["before"] == difference["after"]
    assert difference["after_text"].startswith("# who bills\n")
    send(client, body, admin)
    exported = client.get("/api/v1/export", headers=admin).text
    assert exported.startswith("# who bills\n")
    assert send(client, exported, admin)["changed"] == []


def test_only_who_may_write_changes_or_removes(client: TestClient, bearer: Callable[[str], dict[str, str]]) -> None:
    viewer = bearer("viewer")
    assert_problem(client.put(PATH, content=stripe("erp"), headers=viewer), 403, "catalogue:write")
    assert_problem(client.delete(PATH, headers=viewer), 403, "catalogue:write")
