"""Webhooks over HTTP: how they stand, trying them out, their secrets, pausing; by REST, graph and page alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from controlplane.state import AppState
from tests.controlplane.http.conftest import Clock, assert_problem
from tests.receiver import KEY, SECRET, Receiver, receiving

Bearer = Callable[[str], dict[str, str]]
HEAD = "---\napiVersion: controlplane/v1\n"
TEAM = f"{HEAD}kind: Team\nmetadata: {{name: erp}}\n"
API = "/api/v1/webhooks"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def declared(client: TestClient, admin: dict[str, str], receiver: Receiver) -> Receiver:
    text = (
        f"{HEAD}kind: Webhook\nmetadata: {{name: chat, title: Chat}}\n"
        f"spec: {{url: '{receiver.url}', events: {{kinds: [Team]}}}}\n"
        f"{HEAD}kind: Webhook\nmetadata: {{name: other}}\nspec: {{url: '{receiver.url}', secret: 'env:NONE'}}\n"
    )
    assert client.post("/api/v1/apply", content=text, headers=admin).status_code == 200
    return receiver


def test_a_secret_goes_in_and_only_a_made_one_comes_out_once(
    client: TestClient, admin: dict[str, str], bearer: Bearer, declared: Receiver
) -> None:
    viewer = bearer("viewer")
    assert [one["secret"] for one in client.get(API, headers=viewer).json()] == ["missing", "elsewhere"]
    assert client.put(f"{API}/chat/secret", json={"secret": SECRET}, headers=admin).status_code == 204
    assert client.get(f"{API}/chat", headers=viewer).json()["secret"] == "set"
    assert_problem(client.put(f"{API}/chat/secret", json={"secret": "hush"}, headers=admin), 409, "whsec_")
    assert_problem(client.put(f"{API}/other/secret", json={"secret": SECRET}, headers=admin), 409, "env:NONE")
    assert_problem(client.post(f"{API}/other/secret", headers=admin), 409, "env:NONE")
    assert_problem(client.post(f"{API}/chat/secret", headers=viewer), 403)
    assert_problem(client.post(f"{API}/chatt/secret", headers=admin), 404, "did you mean chat?")
    made = client.post(f"{API}/chat/secret", headers=admin).json()["secret"]
    assert made.startswith("whsec_")
    for path in (API, "/api/v1/export", "/api/v1/audit", "/api/v1/catalogue/Webhook/chat", "/webhooks/chat"):
        answer = client.get(path, headers=admin)
        assert answer.status_code == 200
        assert made not in answer.text
        assert SECRET not in answer.text


def test_a_test_event_says_at_once_whether_the_way_is_open(
    client: TestClient, admin: dict[str, str], bearer: Bearer, declared: Receiver
) -> None:
    early = client.post(f"{API}/chat/test", headers=admin).json()
    assert early["state"] == "refused"
    assert "it has no secret yet" in early["error"]
    client.put(f"{API}/chat/secret", json={"secret": SECRET}, headers=admin)
    declared.answers = [204, 500]
    good, bad = (client.post(f"{API}/chat/test", headers=admin).json() for _ in range(2))
    assert (good["state"], good["status"], good["error"]) == ("delivered", 204, None)
    assert (bad["state"], bad["status"], bad["error"]) == ("refused", 500, "answered 500 Internal Server Error")
    assert declared.types == ["controlplane.webhook.test"] * 2
    assert declared.got[0].signed_by(KEY)
    assert_problem(client.post(f"{API}/chat/test", headers=bearer("operator")), 403)
    page = client.get("/webhooks/chat", headers=admin).text
    assert page.count("webhook.test") == 3
    assert "Send a test event" in page
    assert "Send a test event" not in client.get("/webhooks/chat", headers=bearer("finance")).text


def test_deliveries_are_listed_by_rest_graph_and_page_and_can_be_sent_again(
    client: TestClient, state: AppState, admin: dict[str, str], bearer: Bearer, declared: Receiver, clock: Clock
) -> None:
    client.put(f"{API}/chat/secret", json={"secret": SECRET}, headers=admin)
    client.post("/api/v1/apply", content=TEAM + TEAM.replace("erp", "crm"), headers=admin)
    asyncio.run(state.deliveries.round())
    page = client.get(f"{API}/chat/deliveries", params={"limit": 1}, headers=admin).json()
    rest = client.get(f"{API}/chat/deliveries", params={"cursor": page["next_cursor"]}, headers=admin).json()
    items = page["items"] + rest["items"]
    assert rest["next_cursor"] is None
    assert {(one["subject"], one["state"], one["status"]) for one in items} == {
        ("Team/erp", "delivered", 204),
        ("Team/crm", "delivered", 204),
    }
    again = client.post(f"{API}/chat/deliveries/{items[0]['event']}/redelivery", headers=admin).json()
    assert (again["event"], again["attempts"]) == (items[0]["event"], 2)
    assert declared.ids.count(items[0]["event"]) == 2
    assert_problem(client.post(f"{API}/chat/deliveries/9-abc/redelivery", headers=admin), 404, "could be sent again")
    for wrong in ("xx", page["next_cursor"] + "A"):
        assert_problem(client.get(f"{API}/chat/deliveries", params={"cursor": wrong}, headers=admin), 400, "cursor")
    assert_problem(client.get(f"{API}/chat/deliveries", headers=bearer("viewer")), 403)
    query = "{ webhooks { name state deliveries(limit: 5) { event type subject } } }"
    graph = client.post("/graphql", json={"query": query}, headers=admin).json()["data"]["webhooks"]
    assert {one["event"] for one in graph[0]["deliveries"]} == {one["event"] for one in items}
    refused = client.post("/graphql", json={"query": query}, headers=bearer("viewer")).json()
    assert refused["errors"][0]["extensions"]["permission"] == "audit:read"
    shown = client.get("/webhooks/chat", headers=admin).text
    assert "Team/erp" in shown
    sent = client.post(f"/webhooks/chat/deliveries/{items[0]['event']}", headers=admin)
    assert (sent.status_code, sent.headers["location"]) == (303, "/webhooks/chat")
    assert declared.ids.count(items[0]["event"]) == 3


def test_pausing_going_on_and_passing_over_by_rest_and_page(
    client: TestClient, state: AppState, admin: dict[str, str], bearer: Bearer, declared: Receiver
) -> None:
    client.put(f"{API}/chat/secret", json={"secret": SECRET}, headers=admin)
    assert client.post(f"{API}/chat/pause", json={"reason": "moving"}, headers=admin).json()["state"] == "paused"
    assert_problem(client.post(f"{API}/chat/pause", headers=admin), 409, "paused already")
    assert_problem(client.post(f"{API}/chat/skip", headers=admin), 409, "no event waits")
    client.post("/api/v1/apply", content=TEAM, headers=admin)
    asyncio.run(state.deliveries.round())
    assert [one.event["subject"] for one in declared.got] == []
    assert "It is paused: moving" in client.get("/webhooks/chat", headers=admin).text
    assert client.post("/webhooks/chat/resume", headers=bearer("viewer")).status_code == 403
    assert client.post("/webhooks/chat/resume", headers=admin).status_code == 303
    declared.answers = [500]
    asyncio.run(state.deliveries.round())
    failing = client.get(f"{API}/chat", headers=admin).json()
    assert (failing["state"], failing["attempts"], failing["last_status"]) == ("failing", 1, 500)
    page = client.get("/webhooks", headers=admin).text
    assert "1 does not" in page or "2 do not" in page
    assert "Pass over this event" in client.get("/webhooks/chat", headers=admin).text
    skipped = client.post(f"{API}/chat/skip", headers=admin).json()
    assert (skipped["state"], skipped["failing_since"]) != ("failing", failing["failing_since"])
    assert client.post("/webhooks/chat/skip", headers=admin).status_code == 409
    assert client.get("/webhooks/none", headers=admin).status_code == 404


@pytest.mark.parametrize(
    ("spec", "trouble"),
    [
        ("{url: 'ftp://a.example.com'}", "must be an address such as"),
        ("{url: 'https://'}", "must be an address such as"),
        ("{url: 'https://a.example.com:99999/'}", "must be an address such as"),
        ("{url: 'https://u:p@a.example.com/'}", "must hold no user name"),
        ("{url: 'https://a.example.com/#x'}", "must have no #fragment"),
        ("{url: 'https://a.example.com', secret: 'whsec_AAAA'}", "must say where the secret is"),
        ("{url: 'https://a.example.com', events: {kind: [API]}}", "did you mean kinds"),
        ("{url: 'https://a.example.com', events: {kinds: ['A B']}}", "must be one word"),
    ],
)
def test_what_is_no_webhook_is_refused(client: TestClient, admin: dict[str, str], spec: str, trouble: str) -> None:
    text = f"apiVersion: controlplane/v1\nkind: Webhook\nmetadata: {{name: chat}}\nspec: {spec}\n"
    answer = client.post("/api/v1/apply", content=text, headers=admin)
    assert_problem(answer, 422)
    assert trouble in answer.text
    assert "whsec_AAAA" not in answer.text
