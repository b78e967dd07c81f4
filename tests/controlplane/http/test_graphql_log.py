import logging
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from controlplane import readings


@pytest.mark.parametrize(
    ("role", "query", "words"),
    [
        ("admin", "{", "Syntax Error"),
        ("admin", "{nope}", "Cannot query field"),
        ("ci", "{slas{name}}", "your role does not allow slas:read"),
    ],
)
def test_what_the_caller_did_wrong_is_answered_and_not_logged(
    client: TestClient,
    bearer: Callable[[str], dict[str, str]],
    caplog: pytest.LogCaptureFixture,
    role: str,
    query: str,
    words: str,
) -> None:
    caplog.set_level(logging.WARNING)
    answer = client.post("/graphql", json={"query": query}, headers=bearer(role)).json()
    assert words in answer["errors"][0]["message"]
    assert caplog.records == []


def test_a_fault_of_ours_is_logged(
    client: TestClient,
    admin: dict[str, str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a wire is loose")

    monkeypatch.setattr(readings, "slas", broken)
    client.post("/graphql", json={"query": "{slas{name}}"}, headers=admin)
    assert [record.levelname for record in caplog.records if "a wire is loose" in record.getMessage()] == ["ERROR"]
