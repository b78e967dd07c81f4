"""A server over an empty store, and people who ask it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from controlplane.http.app import create_app
from controlplane.settings import Settings
from controlplane.state import AppState
from registry.access import tokens
from registry.access.service import Access
from registry.database import Database

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
BOOTSTRAP = "let-me-in-from-the-first-start"


class Clock:
    """A clock that stands until it is told."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state(database: Database, clock: Clock, tmp_path: Path) -> AppState:
    """The state of a server, once on each database."""
    settings = Settings(data_dir=tmp_path, bootstrap_token=SecretStr(BOOTSTRAP))
    return AppState(settings, database, Access(database, clock, BOOTSTRAP), clock)


@pytest.fixture
def client(state: AppState) -> Iterator[TestClient]:
    with TestClient(create_app(state), raise_server_exceptions=False, follow_redirects=False) as opened:
        yield opened


@pytest.fixture
def bearer(state: AppState, clock: Clock) -> Callable[[str], dict[str, str]]:
    """Headers of someone in a role."""

    def make(role: str) -> dict[str, str]:
        with state.database.writing() as session:
            _, text = tokens.create(session, name=f"the {role}", role=role, actor="test", now=clock())
        return {"Authorization": f"Bearer {text}"}

    return make


@pytest.fixture
def admin() -> dict[str, str]:
    """Headers of the administrator of the first start."""
    return {"Authorization": f"Bearer {BOOTSTRAP}"}


def assert_problem(response: httpx2.Response, status: int, words: str = "") -> None:
    """It is a problem document that says these words."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["type"] == "about:blank"
    assert body["status"] == status
    assert body["title"]
    assert words in body["detail"]
