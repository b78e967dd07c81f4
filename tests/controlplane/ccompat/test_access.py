from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.routing import RouteContext, iter_route_contexts
from fastapi.testclient import TestClient
from pydantic import SecretStr

from controlplane.http.app import create_app
from controlplane.http.ccompat.access import Requires
from controlplane.http.ccompat.app import create
from controlplane.http.ccompat.naming import name_for
from controlplane.settings import Settings
from controlplane.state import AppState
from registry.access import tokens
from registry.access.service import Access
from registry.database import Database

Basic = Callable[[str], tuple[str, str]]


@pytest.fixture
def state(store: Database, tmp_path: Path) -> AppState:
    settings = Settings(data_dir=tmp_path, bootstrap_token=SecretStr("first"))
    return AppState(settings, store, Access(store, lambda: datetime.now(UTC), "first"))


@pytest.fixture
def client(state: AppState) -> Iterator[TestClient]:
    with TestClient(create_app(state), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def basic(state: AppState) -> Basic:
    """A user name that says nothing, and a role's token as the password."""

    def make(role: str) -> tuple[str, str]:
        with state.database.writing() as session:
            return "anybody", tokens.create(session, name=role, role=role, actor="test", now=state.clock())[1]

    return make


def _permissions(route: RouteContext) -> list[str]:
    dependant = getattr(route, "dependant", None)
    calls = [one.call for one in dependant.dependencies] if dependant else []
    return [call.permission for call in calls if isinstance(call, Requires)]


def test_every_route_asks_for_one_permission(state: AppState) -> None:
    routes = list(iter_route_contexts(create(state).routes))
    assert len(routes) > 25
    assert [route.path for route in routes if len(_permissions(route)) != 1] == []
    changing = {"PUT", "DELETE"}
    assert {
        permission for route in routes if changing & set(route.methods or ()) for permission in _permissions(route)
    } == {"catalogue:write"}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/subjects", {"admin", "architect", "finance", "operator", "ci", "viewer"}),
        ("POST", "/compatibility/subjects/a/versions", {"admin", "architect", "operator", "ci"}),
        ("POST", "/subjects/a/versions", {"admin", "architect"}),
        ("PUT", "/config", {"admin", "architect"}),
    ],
)
def test_roles_are_held_to_what_they_may(
    client: TestClient, basic: Basic, method: str, path: str, allowed: set[str]
) -> None:
    body = {"schema": '"int"'} if method == "POST" else {"compatibility": "FULL"} if method == "PUT" else None
    for role in ("admin", "architect", "finance", "operator", "ci", "viewer", "collector"):
        answer = client.request(method, f"/ccompat{path}", json=body, auth=basic(role))
        assert (answer.status_code == 200) == (role in allowed), (role, answer.text)
        assert answer.status_code in {200, 403}


@pytest.mark.parametrize("header", ["Basic", "Basic !", "Basic Zm9v", "Bearer", "Bearer x", "Digest x"])
def test_a_header_that_says_nothing_is_refused(client: TestClient, header: str) -> None:
    answer = client.get("/ccompat/subjects", headers={"authorization": header})
    assert (answer.status_code, answer.json()["error_code"]) == (401, 401)


def test_a_bearer_token_will_do(client: TestClient) -> None:
    assert client.get("/ccompat/subjects", headers={"authorization": "Bearer first"}).json() == []


def test_what_is_not_there_answers_in_the_doors_own_shape(client: TestClient) -> None:
    answer = client.get("/ccompat/nothing", auth=("x", "first"))
    assert (answer.status_code, answer.json()["error_code"]) == (404, 404)


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("orders-value", "orders-value"),
        ("com.acme.OrderLine", "com-acme-order-line"),
        ("com.acme.XMLOrder", "com-acme-xml-order"),
        ("google/protobuf/duration.proto", "google-protobuf-duration-proto"),
        (":.ctx:a_b", "ctx-a-b"),
        ("日本", "f3fd7c"),
    ],
)
def test_a_subject_gets_a_name_in_the_catalogue(subject: str, name: str) -> None:
    found = name_for(subject, lambda _: False)
    assert found == name or (not subject.isascii() and found.isalnum())


def test_names_that_are_taken_or_too_long_are_told_apart() -> None:
    assert name_for("a.b", lambda name: name == "a-b").startswith("a-b-")
    long = name_for("x" * 300, lambda _: False)
    assert len(long) == 100
    assert long != name_for("x" * 301, lambda _: False)
