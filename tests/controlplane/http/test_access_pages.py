"""Tokens and sessions, managed in the browser and over REST."""

import re

from fastapi.testclient import TestClient

from controlplane.http.auth import COOKIE
from tests.controlplane.http.conftest import BOOTSTRAP, Clock, assert_problem

HTML = {"Accept": "text/html", "Origin": "http://testserver"}


def signed_in(client: TestClient, secret: str = BOOTSTRAP) -> None:
    client.cookies.clear()
    answer = client.post("/login", data={"secret": secret}, headers=HTML)
    assert answer.status_code == 303, answer.text


def test_a_token_is_made_shown_once_used_and_revoked(client: TestClient) -> None:
    signed_in(client)
    form = {"name": "month-end", "role": "finance", "lasts": "90"}
    made = client.post("/access/tokens", data=form, headers=HTML)
    assert made.status_code == 201
    found = re.search(r"cp_[a-z0-9]+_[\w-]+", made.text)
    assert found
    token = found.group()
    assert token not in client.get("/access/tokens", headers=HTML).text
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/me", headers=headers).json()["role"] == "finance"
    ident = token.split("_")[1]
    assert client.post(f"/access/tokens/{ident}/removal", headers=HTML).status_code == 303
    assert "revoked" in client.get("/access/tokens", headers=HTML).text
    client.cookies.clear()
    assert client.get("/api/v1/me", headers=headers).status_code == 401


def test_what_is_wrong_with_a_new_token_is_said_and_kept(client: TestClient) -> None:
    signed_in(client)
    wrong = client.post("/access/tokens", data={"name": "x", "role": "king"}, headers=HTML)
    assert wrong.status_code == 422
    assert "there is no role" in wrong.text
    assert client.post("/access/tokens/nothing/removal", headers=HTML).status_code == 404


def test_only_who_may_makes_tokens_and_only_from_our_own_pages(client: TestClient, admin: dict[str, str]) -> None:
    new = client.post("/api/v1/tokens", json={"name": "v", "role": "viewer"}, headers=admin).json()
    signed_in(client, new["token"])
    assert client.get("/access/tokens", headers=HTML).status_code == 403
    assert client.get("/access/sessions", headers=HTML).status_code == 403
    assert client.get("/access/me", headers=HTML).status_code == 200
    signed_in(client)
    elsewhere = HTML | {"Origin": "http://evil.example"}
    assert client.post("/access/tokens", data={"name": "x", "role": "admin"}, headers=elsewhere).status_code == 403
    assert client.post("/access/me/removal", headers=elsewhere).status_code == 403


def test_sessions_are_listed_and_ended(client: TestClient, admin: dict[str, str], clock: Clock) -> None:
    signed_in(client)
    first = client.cookies[COOKIE]
    clock.forward(seconds=1)  # the list has the latest first
    signed_in(client)
    listed = client.get("/api/v1/sessions", headers=admin).json()["items"]
    assert len(listed) == 2
    assert first not in client.get("/access/sessions", headers=HTML).text
    assert client.delete(f"/api/v1/sessions/{listed[1]['id']}", headers=admin).status_code == 204
    assert_problem(client.delete(f"/api/v1/sessions/{listed[1]['id']}", headers=admin), 404, "is open")
    assert client.get("/access/me", headers=HTML).status_code == 200
    form = {"name": "bootstrap"}
    assert client.post("/access/sessions/removal", data=form, headers=HTML).status_code == 303
    assert client.get("/access/me", headers=HTML).status_code == 303
    assert client.delete("/api/v1/sessions?name=bootstrap", headers=admin).json() == {"ended": 0}


def test_a_person_signs_out_everywhere(client: TestClient) -> None:
    signed_in(client)
    first = client.cookies[COOKIE]
    signed_in(client)
    assert client.post("/access/me/removal", headers=HTML).headers["location"] == "/login"
    for cookie in (first, client.cookies.get(COOKIE, "")):
        client.cookies.clear()
        client.cookies.set(COOKIE, cookie)
        assert client.get("/access/me", headers=HTML).status_code == 303
