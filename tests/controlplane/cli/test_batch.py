from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.controlplane.cli.running import Outcome, controlplane

LONG, SHORT = '{"type": "string", "maxLength": 20}', '{"type": "string", "maxLength": 10}'
GOOD = {"id": "good", "format": "json-schema", "old": SHORT, "new": LONG}
BAD = {"id": 7, "format": "json-schema", "old": LONG, "new": SHORT}


def batch(*lines: Any, arguments: tuple[str, ...] = ()) -> tuple[Outcome, list[Any]]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    outcome = controlplane("check", "--batch", "-", *arguments, stdin=text)
    return outcome, [json.loads(line) for line in outcome.out.splitlines()]


def test_each_line_is_answered_by_one_line_in_order() -> None:
    outcome, answers = batch(GOOD, BAD, GOOD)
    assert [answer["id"] for answer in answers] == ["good", 7, "good"]
    assert [answer["compatible"] for answer in answers] == [True, False, True]
    assert set(answers[0]) == {"id", "format", "mode", "compatible", "changes"}
    assert (answers[1]["format"], answers[1]["mode"]) == ("json-schema", "BACKWARD")
    assert (outcome.code, outcome.err) == (1, "")


def test_all_good_is_0() -> None:
    assert batch(GOOD, GOOD)[0].code == 0


def test_a_file_serves_as_well(tmp_path: Path) -> None:
    (tmp_path / "pairs.jsonl").write_text(f"{json.dumps(GOOD)}\n\n{json.dumps(BAD)}\n", encoding="utf-8")
    outcome = controlplane("check", "--batch", "pairs.jsonl", cwd=tmp_path)
    assert [json.loads(line)["id"] for line in outcome.out.splitlines()] == ["good", 7]


def test_a_bad_line_gets_an_error_and_harms_no_other() -> None:
    outcome, answers = batch(
        "{",
        "3",
        {**GOOD, "old": "{"},
        {**GOOD, "old": None},
        {**GOOD, "format": "xsd"},
        {**GOOD, "mode": "SIDEWAYS"},
        {**GOOD, "config": {"severty": {}}},
        {**GOOD, "config": "strict"},
        {**GOOD, "as_of": "soon"},
        {**GOOD, "colour": "red"},
        {"id": "none"},
        GOOD,
    )
    assert outcome.code == 2
    assert [("error" in answer) for answer in answers] == [True] * 11 + [False]
    assert all("\n" not in answer["error"] for answer in answers[:-1])
    words = [
        "not a JSON object",
        "not a JSON object",
        "the old document is not valid JSON",
        '"old" must be the text',
        "'xsd' is not a valid Format",
        "'SIDEWAYS' is not a valid Mode",
        'unknown "severty"',
        '"config" must be an object',
        "must be a date",
        'unknown "colour"',
        '"old" must be the text',
    ]
    for answer, word in zip(answers, words, strict=False):
        assert word in answer["error"]


def test_a_line_may_choose_mode_day_and_configuration() -> None:
    waiver = {"rule": "max-length-decreased", "reason": "agreed", "expires": "2026-01-31"}
    _, answers = batch(
        {**GOOD, "mode": "FULL"},
        {**BAD, "config": {"severity": {"max-length-decreased": "warning"}}},
        {**BAD, "config": {"waivers": [waiver]}, "as_of": "2026-01-31"},
        {**BAD, "config": {"waivers": [waiver]}, "as_of": "2026-02-01"},
    )
    assert [answer["compatible"] for answer in answers] == [False, True, True, False]
    assert [answer["mode"] for answer in answers] == ["FULL", "BACKWARD", "BACKWARD", "BACKWARD"]


def test_the_configurations_day_holds_where_nothing_else_is_said(tmp_path: Path) -> None:
    (tmp_path / "cfg.yaml").write_text(
        "as_of: 2026-01-15\nwaivers: [{rule: max-length-decreased, reason: agreed, expires: 2026-01-31}]",
        encoding="utf-8",
    )
    config = ("--config", str(tmp_path / "cfg.yaml"))
    _, answers = batch(BAD, {**BAD, "as_of": "2026-02-01"}, arguments=config)
    assert [answer["compatible"] for answer in answers] == [True, False]
    _, answers = batch(BAD, arguments=(*config, "--as-of", "2026-02-01"))
    assert [answer["compatible"] for answer in answers] == [False]


def test_what_the_command_line_says_holds_for_lines_that_say_nothing() -> None:
    bare = {"id": 1, "old": SHORT, "new": LONG}
    _, answers = batch(bare, {**bare, "mode": "BACKWARD"}, arguments=("--format", "json-schema", "--mode", "FORWARD"))
    assert [(answer["mode"], answer["compatible"]) for answer in answers] == [("FORWARD", False), ("BACKWARD", True)]


def test_a_missing_file_is_one_line_and_code_2() -> None:
    outcome = controlplane("check", "--batch", "none.jsonl")
    assert outcome.code == 2
    assert outcome.err == "controlplane: none.jsonl: can't be read: No such file or directory\n"
