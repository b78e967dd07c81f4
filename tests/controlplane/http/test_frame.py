from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from controlplane.http.app import create_app
from controlplane.http.paging import decode_cursor, encode_cursor
from controlplane.http.problems import Problem
from controlplane.state import AppState
from tests.controlplane.http.conftest import assert_problem


@pytest.fixture
def broken(state: AppState) -> Iterator[TestClient]:
    app = create_app(state)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("postgresql://user:password@host")

    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_what_goes_wrong_inside_stays_inside(broken: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = broken.get("/broken")
    assert_problem(answer, 500, "the server's log says what")
    assert "password" not in answer.text
    assert "GET /broken failed" in caplog.text


def test_a_wrong_method_is_told_the_right_ones(client: TestClient) -> None:
    answer = client.put("/healthz")
    assert_problem(answer, 405, "/healthz does not take PUT")
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize("path", ["/api/v1/catalogue/Team/a%00b", "/api/v1/audit?actor=a%00b"])
def test_nul_in_an_address_is_refused(client: TestClient, admin: dict[str, str], path: str) -> None:
    assert_problem(client.get(path, headers=admin), 400, "NUL")


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "limit=x", "actor=" + "a" * 201],
)
def test_a_query_that_does_not_fit_is_named(client: TestClient, admin: dict[str, str], query: str) -> None:
    answer = client.get(f"/api/v1/audit?{query}", headers=admin)
    assert_problem(answer, 422, f"query.{query.partition('=')[0]}")
    assert answer.json()["errors"][0]["path"].startswith("query.")


@pytest.mark.parametrize("cursor", ["x", "bm8", encode_cursor(("a",)), encode_cursor((2**40,)), encode_cursor((1, 2))])
def test_a_cursor_of_another_list_is_refused(client: TestClient, admin: dict[str, str], cursor: str) -> None:
    assert_problem(client.get("/api/v1/audit", params={"cursor": cursor}, headers=admin), 400, "the cursor is not")


@given(st.text(max_size=50))
def test_any_cursor_is_taken_or_refused_in_words(cursor: str) -> None:
    try:
        position = decode_cursor(cursor, (str, int))
    except Problem as problem:
        position = None
        assert problem.status_code == 400  # noqa: PT017  most texts are refused, but not all
    assert position is None or [type(part) for part in position] == [str, int]


@given(st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), st.integers(0, 2**31 - 1))
def test_a_cursor_comes_back_as_it_went(name: str, seq: int) -> None:
    assert decode_cursor(encode_cursor((name, seq)), (str, int)) == [name, seq]
    assert decode_cursor(None, (str, int)) is None


def test_health_readiness_and_figures(client: TestClient, state: AppState) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 200
    reasons = ["the server is starting"]
    state.readiness.append(lambda: reasons[0] if reasons else None)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["the server is starting"])
    reasons.clear()
    assert client.get("/readyz").status_code == 200
    client.get("/api/v1/catalogue/Team/some-name")
    figures = client.get("/metrics").text
    assert 'controlplane_http_requests_total{method="GET",route="/readyz",status="503"} 1.0' in figures
    assert 'route="/api/v1/catalogue/{kind}/{name}",status="401"} 1.0' in figures
    assert "some-name" not in figures


def test_browsers_are_kept_careful(client: TestClient) -> None:
    for path in ("/healthz", "/login", "/nothing"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"


def test_the_audit_log_page_by_page_and_whole(client: TestClient, admin: dict[str, str]) -> None:
    for name in ("a", "b", "c"):
        client.post("/api/v1/tokens", json={"name": name, "role": "ci"}, headers=admin)
    first = client.get("/api/v1/audit?limit=2", headers=admin).json()
    last = client.get("/api/v1/audit", params={"limit": 2, "cursor": first["next_cursor"]}, headers=admin).json()
    assert [entry["seq"] for entry in first["items"] + last["items"]] == [3, 2, 1]
    assert last["next_cursor"] is None
    assert first["items"][0]["previous"] == first["items"][1]["hash"]
    verdict = client.get("/api/v1/audit/verification", headers=admin).json()
    assert verdict == {
        "holds": True,
        "entries": 3,
        "broken_at": None,
        "sentence": "the audit log holds: 3 entries, none changed, none missing",
    }
