"""Incidents, notices and the end of waivers over HTTP: by REST, graph and page alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

from collectors.usage.reading import ApiUsage, ConsumerUsage, Count
from controlplane.http.mounts import pages
from controlplane.state import AppState
from policies.gate.usage import Usage
from policies.lifecycle import keeping
from policies.lifecycle.incidents import Seen
from registry.kinds.api import APIManifest
from tests.controlplane.http.conftest import START, Clock, assert_problem

Bearer = Callable[[str], dict[str, str]]
HEAD = "---\napiVersion: controlplane/v1\n"
CATALOGUE = (
    f"{HEAD}kind: Team\nmetadata: {{name: sales}}\n"
    f"{HEAD}kind: System\nmetadata: {{name: hub}}\nspec: {{category: middleware}}\n"
    f"{HEAD}kind: System\nmetadata: {{name: crm, owner: sales}}\nspec: {{category: crm, services: ['crm-*']}}\n"
    f"{HEAD}kind: API\nmetadata: {{name: hub-orders, title: Orders}}\nspec:\n"
    "  {system: hub, protocol: rest, calls: [{service: hub}], versions: [\n"
    "  {version: v0, lifecycle: retired, dates: {deprecated: 2025-06-01, retired: 2026-01-01}},\n"
    "  {version: v1, lifecycle: deprecated, dates: {deprecated: 2026-01-01}, sunset: 2026-03-20},\n"
    "  {version: v2}]}\n"
)
DAY = 86_400 * 10**9


@pytest.fixture
def traced(state: AppState, client: TestClient, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> AppState:
    """A server whose traces show two callers of what ends."""

    def found(until: int) -> ApiUsage:
        now = datetime.fromtimestamp(until // 10**9, UTC)
        seen = [
            ConsumerUsage(
                service, "v1", 4, 0, until - DAY, {(now - timedelta(days=1)).date(): Count(4, 0, until - DAY)}
            )
            for service in ("crm-sync", "stray")
        ]
        return ApiUsage(until - 100 * DAY, until, 100, until - 90 * DAY, recognised=True, consumers=tuple(seen))

    def usage(_state: AppState, _api: APIManifest, now: datetime) -> Usage:
        return Usage(found(int(now.timestamp()) * 10**9))

    read = SimpleNamespace(api=lambda _spec, _since, until: found(until))
    monkeypatch.setattr(AppState, "usage", usage)
    monkeypatch.setattr(pages, "observed_of", lambda _state: SimpleNamespace(usage=read))
    assert client.post("/api/v1/apply", content=CATALOGUE, headers=admin).status_code == 200
    return state


@pytest.fixture
def incident(state: AppState) -> str:
    seen = Seen(
        "hub-orders", "v0", "crm-sync", START - timedelta(days=59), 1_204, START - timedelta(days=9),
        START - timedelta(hours=1), ("GET /orders/{id}",), ("ab" * 16,), ("sales",),
    )  # fmt: skip
    with state.database.writing() as session:
        (ident,) = keeping.note(session, "hub-orders", {("v0", "")}, [seen], START, watched=True)
    return ident


def graph(client: TestClient, who: Mapping[str, str], query: str) -> dict[str, object]:
    answer: dict[str, object] = client.post("/graphql", json={"query": query}, headers=dict(who)).json()
    return answer


def test_an_incident_is_read_acknowledged_and_resolved(
    client: TestClient, admin: dict[str, str], bearer: Bearer, incident: str
) -> None:
    viewer, operator = bearer("viewer"), bearer("operator")
    (one,) = client.get("/api/v1/incidents", headers=viewer).json()["items"]
    assert (one["id"], one["state"], one["calls"], one["traces"]) == (incident, "open", 1_204, ["ab" * 16])
    assert client.get("/api/v1/incidents", params={"state": "closed"}, headers=viewer).json()["items"] == []
    assert client.get("/api/v1/incidents", params={"state": "odd"}, headers=viewer).status_code == 422
    path = f"/api/v1/incidents/{incident}"
    assert_problem(client.post(f"{path}/acknowledgement", headers=viewer), 403, "incidents:write")
    noted = client.post(f"{path}/acknowledgement", json={"comment": "asked sales"}, headers=operator).json()
    assert (noted["state"], noted["comment"], noted["changed_by"]) == ("acknowledged", "asked sales", "the operator")
    assert_problem(
        client.post(f"{path}/acknowledgement", headers=operator), 409, "acknowledged by the operator already"
    )
    assert_problem(client.post(f"{path}/resolution", json={"reason": " "}, headers=admin), 409, "say why")
    assert client.post(f"{path}/resolution", headers=admin).status_code == 422
    done = client.post(f"{path}/resolution", json={"reason": "deployed 2.4"}, headers=admin).json()
    assert (done["state"], done["comment"]) == ("resolved", "deployed 2.4")
    for wrong in ("none", "%C3%A9", "a" * 300):
        assert_problem(client.get(f"/api/v1/incidents/{wrong}", headers=admin), 404, "there is no incident")
    query = '{ incidents(state: "resolved") { id api version caller calls operations } }'
    assert graph(client, viewer, query)["data"] == {
        "incidents": [
            {
                "id": incident, "api": "hub-orders", "version": "v0", "caller": "crm-sync", "calls": 1204.0,
                "operations": ["GET /orders/{id}"],
            }
        ]
    }  # fmt: skip
    assert "errors" in graph(client, viewer, '{ incidents(state: "odd") { id } }')


def test_incidents_on_pages(client: TestClient, admin: dict[str, str], bearer: Bearer, incident: str) -> None:
    viewer = bearer("viewer")
    page = client.get("/reviews/incidents", headers=viewer).text
    assert "1 retired version is still called, by 1 caller; nobody looks after 1 of 1 yet." in page
    path = f"/reviews/incidents/{incident}"
    shown = client.get(path, headers=viewer).text
    assert "crm-sync called it 1,204 times since it was retired" in shown
    assert f"/traces/{'ab' * 16}" in shown
    assert '<form class="correction"' not in shown
    assert client.get(path, headers=admin).text.count('<form class="correction"') == 2
    assert client.post(f"{path}/acknowledgement", headers=viewer).status_code == 403
    assert client.post(f"{path}/acknowledgement", data={"reason": ""}, headers=admin).status_code == 303
    assert client.post(f"{path}/resolution", data={"reason": ""}, headers=admin).status_code == 409
    assert client.post(f"{path}/resolution", data={"reason": "gone"}, headers=admin).status_code == 303
    assert "Nothing that is retired is called any more." in client.get("/reviews/incidents", headers=viewer).text
    assert client.get("/reviews/incidents/none", headers=viewer).status_code == 404


def test_those_still_there_are_told_by_rest_and_page_and_it_shows(
    traced: AppState, client: TestClient, admin: dict[str, str], bearer: Bearer, clock: Clock
) -> None:
    path = "/api/v1/apis/hub-orders/versions/v1/notices"
    assert_problem(client.post(path, headers=bearer("operator")), 403)
    assert_problem(client.post(path, json={"callers": ["crm-sink"]}, headers=admin), 409, "did you mean crm-sync?")
    told = client.post(path, json={"callers": ["crm-sync"]}, headers=admin).json()
    assert [(one["caller"], one["teams"], one["webhooks"], one["by"]) for one in told["given"]] == [
        ("crm-sync", ["sales"], [], "bootstrap")
    ]
    page = client.post("/reviews/lifecycle/hub-orders/v1/notices", headers=admin)
    assert page.status_code == 200
    assert (
        "No webhook wants to know of stray, so nobody was reached. crm-sync had been told earlier today." in page.text
    )
    viewer = bearer("viewer")
    assert "Tell those still there" not in client.get("/reviews/lifecycle", headers=viewer).text
    (item,) = [one for one in client.get("/api/v1/lifecycle", headers=viewer).json()["items"] if one["version"] == "v1"]
    assert [len(one["notices"]) for one in item["callers"]] == [1, 1]
    query = "{ endings { version callers { service weeks { monday calls } notices { occasion by } } } }"
    found = graph(client, viewer, query)["data"]
    assert isinstance(found, dict)
    assert found["endings"][0]["callers"][0] == {
        "service": "crm-sync",
        "weeks": [{"monday": "2026-02-23", "calls": 4.0}],
        "notices": [{"occasion": "by hand", "by": "bootstrap"}],
    }
    clock.forward(days=5)
    traced.watch.round()
    listed = client.get(path, headers=viewer).json()
    assert [(one["occasion"], one["by"]) for one in listed] == [("14", "lifecycle")] * 2 + [
        ("by hand", "bootstrap")
    ] * 2
    assert_problem(client.post(path.replace("versions/v1", "versions/v0"), headers=admin), 409, "is retired")
    assert_problem(client.post(path.replace("versions/v1", "versions/v9"), headers=admin), 404, "no version")
    assert client.post("/reviews/lifecycle/hub-orders/v9/notices", headers=admin).status_code == 404


def test_where_callers_are_unknown_nobody_can_be_told(client: TestClient, admin: dict[str, str]) -> None:
    client.post("/api/v1/apply", content=CATALOGUE, headers=admin)
    answer = client.post("/api/v1/apis/hub-orders/versions/v1/notices", headers=admin)
    assert_problem(answer, 409, "nothing is known of who calls hub-orders")


def test_the_watch_tells_of_waivers_that_end(
    state: AppState, client: TestClient, admin: dict[str, str], clock: Clock
) -> None:
    wish = {
        "subject": "hub-orders", "fingerprints": ["0123456789abcdef"], "reason": "agreed", "expires": "2026-04-01",
    }  # fmt: skip
    assert client.post("/api/v1/waivers", json=wish, headers=admin).status_code == 201
    clock.forward(days=20)
    state.watch.round()
    state.watch.round()
    items = client.get("/api/v1/audit", params={"action": "expires-soon"}, headers=admin).json()["items"]
    assert [(one["actor"], one["after"]["days_left"]) for one in items] == [("waivers", 11)]
