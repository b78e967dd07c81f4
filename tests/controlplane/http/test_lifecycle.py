from __future__ import annotations

from collections.abc import Callable

from fastapi.testclient import TestClient

Bearer = Callable[[str], dict[str, str]]
API = """
apiVersion: controlplane/v1
kind: System
metadata: {name: hub}
spec: {category: middleware}
---
apiVersion: controlplane/v1
kind: API
metadata: {name: hub-orders, title: Orders of the hub}
spec:
  system: hub
  protocol: rest
  versions:
    - {version: v1, lifecycle: deprecated, dates: {deprecated: 2026-01-01}, sunset: 2026-09-01, replacement: {version: v2}}
    - {version: v2}
"""


def test_a_gateway_reads_what_to_announce(client: TestClient, bearer: Bearer) -> None:
    assert client.post("/api/v1/apply", content=API, headers=bearer("admin")).status_code == 200
    ci = bearer("ci")
    found = client.get("/api/v1/apis/hub-orders/versions/v1/headers", headers=ci).json()["headers"]
    assert found["Deprecation"] == "@1767225600"
    assert found["Sunset"] == "Tue, 01 Sep 2026 00:00:00 GMT"
    assert '/catalogue/API/hub-orders>; rel="successor-version"' in found["Link"]
    assert client.get("/api/v1/apis/hub-orders/versions/v2/headers", headers=ci).json()["headers"] == {}
    wrong = client.get("/api/v1/apis/hub-order/versions/v1/headers", headers=ci)
    assert (wrong.status_code, wrong.json()["detail"]) == (404, "there is no API 'hub-order'; did you mean hub-orders?")
    assert client.get("/api/v1/apis/hub-orders/versions/v9/headers", headers=ci).status_code == 404


def test_where_no_traces_are_read_callers_are_unknown_and_not_none(client: TestClient, bearer: Bearer) -> None:
    client.post("/api/v1/apply", content=API, headers=bearer("admin"))
    (one,) = client.get("/api/v1/lifecycle", headers=bearer("viewer")).json()["items"]
    assert (one["version"], one["calls_known"], one["ready_to_retire"], one["replacement"]) == (
        "v1",
        False,
        False,
        "hub-orders v2",
    )
    page = client.get("/reviews/lifecycle", headers=bearer("viewer")).text
    assert "1 version is on the way out" in page
    assert "That is not the same as nobody calling it" in page
