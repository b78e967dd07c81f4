from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts
from fastapi.testclient import TestClient

from controlplane.http.app import create_app
from controlplane.http.auth import Requires
from controlplane.state import AppState
from registry.access.roles import ROLES, principal
from tests.controlplane.http.conftest import Clock, assert_problem

# Open to everyone, each for a reason.
PUBLIC = {
    "/healthz": "tells nothing about the company",
    "/readyz": "tells nothing about the company",
    "/metrics": "tells figures of the process only",
    "/api/openapi.json": "describes the doors, not what is behind them",
    "/login": "is where people become known",
    "/logout": "ends only the session that it is sent with",
}
# Other rooms' doors that have locks of their own, tested where they stand.
LOCKED_ELSEWHERE = ("/hooks/", "/static/", "/ccompat/")


@pytest.fixture
def app(state: AppState) -> FastAPI:
    return create_app(state)


def _permissions(dependant: Dependant) -> Iterator[Requires]:
    if isinstance(dependant.call, Requires):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from _permissions(inner)


def _asks(route: RouteContext) -> bool:
    dependant = getattr(route, "dependant", None)
    return dependant is not None and any(_permissions(dependant))


def _is_public(path: str) -> bool:
    return path in PUBLIC or f"{path}/".startswith(LOCKED_ELSEWHERE)


def test_every_route_asks_for_a_permission(app: FastAPI) -> None:
    routes = list(iter_route_contexts(app.routes))
    assert len(routes) > len(PUBLIC) + 10
    assert [route.path for route in routes if not _asks(route) and not _is_public(str(route.path))] == []


def test_what_is_public_exists(app: FastAPI) -> None:
    assert PUBLIC.keys() <= {route.path for route in iter_route_contexts(app.routes)}


def test_no_one_gets_in_without_saying_who_they_are(app: FastAPI) -> None:
    client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
    tried = 0
    for route in iter_route_contexts(app.routes):
        for method in route.methods or () if _asks(route) else ():
            path = (
                str(route.path)
                .replace("{kind:kind}", "System")
                .replace("{number:int}", "1")
                .replace("{", "")
                .replace("}", "")
            )
            answer = client.request(method, path, json={})
            assert_problem(answer, 401, "say who you are")
            assert answer.headers["www-authenticate"].startswith("Bearer")
            tried += 1
    assert tried > 10


def test_a_browser_is_led_to_the_sign_in_page_and_back(client: TestClient, app: FastAPI) -> None:
    pages = [
        str(route.path)
        for route in iter_route_contexts(app.routes)
        if _asks(route)
        and "GET" in (route.methods or ())
        and "{" not in str(route.path)
        and not str(route.path).startswith(("/api/", "/graphql"))
    ]
    for path in pages:
        answer = client.get(f"{path}?a=1&b=2", headers={"Accept": "text/html,*/*"})
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/login?next={quote(f'{path}?a=1&b=2', safe='')}"
    assert_problem(client.get("/api/v1/me", headers={"Accept": "text/html"}), 401)


GUARDED = [
    ("GET", "/api/v1/catalogue", "catalogue:read"),
    ("GET", "/api/v1/export", "catalogue:read"),
    ("POST", "/api/v1/apply", "catalogue:write"),
    ("GET", "/api/v1/tokens", "tokens:read"),
    ("DELETE", "/api/v1/tokens/x", "tokens:write"),
    ("PUT", "/api/v1/catalogue/System/x", "catalogue:write"),
    ("DELETE", "/api/v1/catalogue/System/x", "catalogue:write"),
    ("PUT", "/api/v1/sources/x/secret", "catalogue:write"),
    ("DELETE", "/api/v1/sources/x/secret", "catalogue:write"),
    ("GET", "/api/v1/sessions", "tokens:read"),
    ("DELETE", "/api/v1/sessions/x", "tokens:write"),
    ("GET", "/api/v1/findings", "catalogue:read"),
    ("GET", "/api/v1/impact?of=System:x", "catalogue:read"),
    ("GET", "/api/v1/map", "catalogue:read"),
    ("GET", "/api/v1/audit", "audit:read"),
    ("GET", "/api/v1/audit/verification", "audit:read"),
]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_it_allows_and_nothing_else(
    client: TestClient,
    bearer: Callable[[str], dict[str, str]],
    role: str,
) -> None:
    headers = bearer(role)
    allowed = principal("someone", role).permissions
    for method, path, permission in GUARDED:
        answer = client.request(method, path, headers=headers)
        if permission in allowed:
            assert answer.status_code in {200, 404, 422}, (role, path)
        else:
            assert_problem(answer, 403, f"the role {role} does not allow {permission}")


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer", "Basic YTpi", "bearer cp_x_y", "Bearer \x80"])
def test_a_wrong_token_is_refused_though_nobody_else_is_asked_for(client: TestClient, header: str) -> None:
    answer = client.get("/api/v1/me", headers={"Authorization": header.encode("latin-1")})
    assert_problem(answer, 401, "not valid")
    assert answer.headers["www-authenticate"] == 'Bearer realm="controlplane"'


def test_an_expired_token_is_refused(client: TestClient, clock: Clock, admin: dict[str, str]) -> None:
    made = client.post(
        "/api/v1/tokens",
        json={"name": "short", "role": "viewer", "expires_at": "2026-03-01T13:00:00+01:00"},
        headers=admin,
    )
    assert_problem(made, 422, "expire in the future")
    made = client.post(
        "/api/v1/tokens",
        json={"name": "short", "role": "viewer", "expires_at": "2026-03-01T13:00:01+01:00"},
        headers=admin,
    )
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    clock.forward(seconds=1)
    assert_problem(client.get("/api/v1/me", headers=headers), 401, "not valid")


def test_the_description_of_the_api_names_its_doors(client: TestClient) -> None:
    description = client.get("/api/openapi.json").json()
    assert set(description["components"]["securitySchemes"]) == {"HTTPBearer", "APIKeyCookie"}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            assert operation.get("summary"), (method, path)
            assert operation.get("tags"), (method, path)
    for page in ("/docs", "/redoc"):
        assert client.get(page).status_code == 404


def test_every_door_says_how_it_refuses(client: TestClient) -> None:
    description = client.get("/api/openapi.json").json()
    (content,) = description["components"]["responses"]["Problem"]["content"].items()
    assert content == ("application/problem+json", {"schema": {"$ref": "#/components/schemas/ProblemDocument"}})
    for operations in description["paths"].values():
        for operation in operations.values():
            assert operation["responses"]["default"]["$ref"] == "#/components/responses/Problem"
            assert "HTTPValidationError" not in str(operation["responses"])
