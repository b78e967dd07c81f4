from typing import Any, cast

import httpx
import pytest

from controlplane.cli.client import ServerClient
from controlplane.cli.reading_progress import Workflow, lines, wait


def workflow(definition: str | None, building: dict[str, object] | None) -> Workflow:
    return {"name": "invoice-to-cash", "title": "Invoice to cash", "definition": definition, "building": building}


@pytest.mark.parametrize(
    ("definition", "building", "said"),
    [
        ("0123456789abcdef", None, "invoice-to-cash  0123456789abcdef  Invoice to cash"),
        (
            None,
            {"definition": "f" * 16, "done": 0, "total": 0, "folded": 0, "portions": 0},
            "invoice-to-cash  (none yet)        Invoice to cash: ffffffffffffffff reads history, about to begin",
        ),
        (
            "0123456789abcdef",
            {"definition": "f" * 16, "done": 3, "total": 5},
            "invoice-to-cash  0123456789abcdef  Invoice to cash: ffffffffffffffff reads history, 3 of 5 weeks",
        ),
        (
            "0123456789abcdef",
            {"definition": "f" * 16, "done": 5, "total": 5, "folded": 7, "portions": 40},
            "invoice-to-cash  0123456789abcdef  Invoice to cash: ffffffffffffffff reads history, 7 of 40 parts put together",
        ),
    ],
)
def test_a_line_tells_what_answers_and_what_is_on_its_way(
    definition: str | None, building: dict[str, object] | None, said: str
) -> None:
    assert list(lines([workflow(definition, building)], "text")) == [said]


def test_nothing_declared_says_how_to_begin() -> None:
    assert list(lines([], "text")) == ["no workflow is declared; write one and run controlplane apply -f FILE"]
    assert list(lines([], "json")) == ["[]"]


@pytest.mark.parametrize(("seconds", "said"), [(40, ", about 40 s left"), (200, ", about 3 min left"), (None, "")])
def test_a_line_tells_how_long_it_will_take(seconds: int | None, said: str) -> None:
    building = {"definition": "f" * 16, "done": 3, "total": 5, "folded": 0, "portions": 0, "seconds_left": seconds}
    (line,) = lines([workflow("0123456789abcdef", building)], "text")
    assert line.endswith(f"reads history, 3 of 5 weeks{said}")


class Server:
    """Answers with these, one after another, and repeats the last."""

    def __init__(self, *answers: Workflow) -> None:
        self.answers = list(answers)

    def send(self, *_: object, **__: object) -> httpx.Response:
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return httpx.Response(200, json={"items": [found], "next_cursor": None})


def waited(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *answers: Workflow) -> str:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")  # bars are drawn for terminals alone
    monkeypatch.setenv("COLUMNS", "90")
    wait(cast("ServerClient", Server(*answers)))
    return capsys.readouterr().err


def test_waiting_says_behind_the_bar_what_is_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    building: dict[str, Any] = {"definition": "f" * 16, "done": 3, "total": 5, "seconds_left": 40}
    said = waited(monkeypatch, capsys, workflow(None, building), workflow("f" * 16, None))
    assert "3 of 5 weeks, about 40 s left" in said
    assert "history read" in said
