from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from controlplane.http.auth import COOKIE
from controlplane.http.rest.login import local_address
from controlplane.http.same_origin import is_same_origin
from controlplane.state import AppState
from tests.controlplane.http.conftest import BOOTSTRAP, Clock, assert_problem

OURS = {"Origin": "http://testserver"}


def make_link(client: TestClient, admin: dict[str, str], role: str = "finance") -> str:
    answer = client.post("/api/v1/login-links", json={"name": "Ada", "role": role}, headers=admin)
    assert answer.status_code == 201
    url: str = answer.json()["url"]
    assert url.startswith("http://testserver/login?link=")
    return urlsplit(url).query.removeprefix("link=")


def sign_in(client: TestClient, secret: str, **form: str) -> httpx2.Response:
    return client.post("/login", data={"secret": secret, **form}, headers=OURS)


def test_tokens_are_made_listed_and_revoked(client: TestClient, admin: dict[str, str]) -> None:
    made = client.post("/api/v1/tokens", json={"name": "gate", "role": "ci"}, headers=admin)
    assert made.status_code == 201
    body = made.json()
    headers = {"Authorization": f"Bearer {body['token']}"}
    assert client.get("/api/v1/me", headers=headers).json() == {
        "name": "gate",
        "role": "ci",
        "permissions": ["catalogue:read", "deployments:write", "policies:evaluate", "reviews:write"],
    }
    (listed,) = client.get("/api/v1/tokens", headers=admin).json()["items"]
    assert listed["id"] == body["id"]
    assert listed["last_used_at"] == "2026-03-01T12:00:00Z"
    assert "token" not in listed
    assert "hash" not in listed
    assert client.delete(f"/api/v1/tokens/{body['id']}", headers=admin).status_code == 204
    assert_problem(client.get("/api/v1/me", headers=headers), 401, "not valid")
    assert_problem(client.delete("/api/v1/tokens/none", headers=admin), 404, "no token 'none'")
    log = client.get("/api/v1/audit", params={"kind": "Token"}, headers=admin)
    assert [entry["action"] for entry in log.json()["items"]] == ["revoke", "create"]
    assert body["token"] not in log.text


def test_tokens_page_by_page(
    client: TestClient, admin: dict[str, str], bearer: Callable[[str], dict[str, str]]
) -> None:
    for _ in range(3):
        bearer("viewer")
    first = client.get("/api/v1/tokens?limit=2", headers=admin).json()
    last = client.get("/api/v1/tokens", params={"limit": 2, "cursor": first["next_cursor"]}, headers=admin).json()
    assert len({item["id"] for item in first["items"] + last["items"]}) == 3
    assert last["next_cursor"] is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"name": "x", "role": "root"}, "body.role"),
        ({"name": "", "role": "ci"}, "1 to 100 printable characters"),
        ({"name": "a\u0000b", "role": "ci"}, "1 to 100 printable characters"),
        ({"name": "x", "role": "ci", "expires_at": "2027-01-01T00:00:00"}, "body.expires_at"),
        ({"name": "x", "role": "ci", "more": 1}, "body.more"),
        ({}, "body.name"),
    ],
)
def test_a_token_that_can_not_be(client: TestClient, admin: dict[str, str], body: object, words: str) -> None:
    assert_problem(client.post("/api/v1/tokens", json=body, headers=admin), 422, words)


def test_a_body_that_is_no_json(client: TestClient, admin: dict[str, str]) -> None:
    headers = admin | {"Content-Type": "application/json"}
    assert_problem(client.post("/api/v1/tokens", content="{", headers=headers), 400, "not JSON")


def test_a_link_signs_one_person_in_once(client: TestClient, admin: dict[str, str]) -> None:
    secret = make_link(client, admin)
    assert client.head("/login", params={"link": secret}).status_code == 405
    assert client.get("/api/v1/me").status_code == 401
    answer = client.get("/login", params={"link": secret, "next": "/slas?a=1&b=2"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/slas?a=1&b=2")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert client.get("/api/v1/me").json()["role"] == "finance"
    again = client.get("/login", params={"link": secret})
    assert again.status_code == 401
    assert "not valid" in again.text
    assert sign_in(client, secret).status_code == 401


def test_a_token_does_not_work_as_a_link(client: TestClient) -> None:
    assert client.get("/login", params={"link": BOOTSTRAP}).status_code == 401


def test_a_person_may_what_the_role_allows(client: TestClient, admin: dict[str, str]) -> None:
    sign_in(client, make_link(client, admin, "viewer"))
    assert client.get("/api/v1/catalogue").status_code == 200
    assert_problem(client.get("/api/v1/tokens"), 403, "the role viewer does not allow tokens:read")


def test_a_token_may_be_typed_in_and_the_session_ends_with_it(client: TestClient, admin: dict[str, str]) -> None:
    made = client.post("/api/v1/tokens", json={"name": "gate", "role": "viewer"}, headers=admin).json()
    sign_in(client, made["token"])
    assert client.get("/api/v1/me").json()["name"] == "gate"
    client.delete(f"/api/v1/tokens/{made['id']}", headers=admin)
    assert client.get("/api/v1/me").status_code == 401


def test_a_session_ends_by_itself_and_by_signing_out(client: TestClient, clock: Clock) -> None:
    sign_in(client, BOOTSTRAP)
    clock.forward(hours=12)
    assert client.get("/api/v1/me").status_code == 401
    sign_in(client, BOOTSTRAP)
    stolen = client.cookies[COOKIE]
    assert client.post("/logout", headers=OURS).headers["location"] == "/login"
    assert COOKIE not in client.cookies
    assert client.get("/api/v1/me", headers={"Cookie": f"{COOKIE}={stolen}"}).status_code == 401


def test_cookies_are_stored_as_hashes(client: TestClient, state: AppState) -> None:
    sign_in(client, BOOTSTRAP)
    with state.database.reading() as session:
        stored = str(session.execute(text("SELECT * FROM session")).all())
    assert client.cookies[COOKIE] not in stored


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"Origin": "http://testserver"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://testserver.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_a_change_by_cookie_must_come_from_our_own_pages(
    client: TestClient,
    headers: dict[str, str],
    ours: bool,
) -> None:
    sign_in(client, BOOTSTRAP)
    answer = client.post("/api/v1/tokens", json={"name": "x", "role": "ci"}, headers=headers)
    if ours:
        assert answer.status_code == 201
    else:
        assert_problem(answer, 403, "another site's page")
        assert_problem(client.post("/login", data={"secret": BOOTSTRAP}, headers=headers), 403)
        assert_problem(client.post("/logout", headers=headers), 403)
    assert client.get("/api/v1/me", headers=headers).status_code == 200


def test_a_token_needs_no_page(client: TestClient, admin: dict[str, str]) -> None:
    headers = admin | {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/api/v1/tokens", json={"name": "x", "role": "ci"}, headers=headers).status_code == 201


def test_behind_a_proxy_the_public_address_counts() -> None:
    headers = {"origin": "https://cp.example.com", "host": "10.0.0.1:8000"}
    assert is_same_origin(headers, "https://cp.example.com/")
    assert not is_same_origin(headers, None)
    assert not is_same_origin(headers, "https://other.example.com")


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example", "/\\evil.example", "", "x", "/a\nb"])
def test_signing_in_leads_to_our_own_pages_only(client: TestClient, address: str) -> None:
    assert local_address(address) == "/"
    assert sign_in(client, BOOTSTRAP, next=address).headers["location"] == "/"


def test_what_is_typed_is_not_taken_for_markup(client: TestClient) -> None:
    page = client.get("/login", params={"link": '"><script>', "next": '/"><script>'})
    assert "<script>" not in page.text
    assert page.headers["cache-control"] == "no-store"


def test_the_link_says_when_it_ends(client: TestClient, admin: dict[str, str], clock: Clock) -> None:
    answer = client.post("/api/v1/login-links", json={"name": "Ada", "role": "ci"}, headers=admin).json()
    assert answer["expires_at"] == (clock() + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
