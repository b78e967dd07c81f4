from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.controlplane.cli.running import Outcome, controlplane

LONG = '{\n  "type": "string",\n  "maxLength": 20\n}'
SHORT = "type: string\nmaxLength: 10\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "long.json").write_text(LONG, encoding="utf-8")
    (tmp_path / "short.yaml").write_text(SHORT, encoding="utf-8")
    (tmp_path / "bom.json").write_bytes(b"\xef\xbb\xbf" + LONG.encode())
    (tmp_path / "bad.json").write_text('{\n  "type": "strin"\n}', encoding="utf-8")
    (tmp_path / "latin.json").write_bytes(b'{\n  "title": "\xe9"}')
    (tmp_path / "folder").mkdir()
    return tmp_path


def check(files: Path, *arguments: str, stdin: str = "") -> Outcome:
    return controlplane("check", *arguments, "--format", "json-schema", stdin=stdin, cwd=files)


def test_allowed_is_0_and_refused_is_1(files: Path) -> None:
    allowed, refused = check(files, "short.yaml", "long.json"), check(files, "long.json", "short.yaml")
    assert (allowed.code, refused.code) == (0, 1)
    assert allowed.out.splitlines()[-1].startswith("Allowed: ")
    assert refused.out.splitlines()[0] == "breaking  max-length-decreased  short.yaml:2"
    assert refused.out.splitlines()[-1].startswith("Refused: 1 breaking change")
    assert allowed.err == refused.err == ""


@pytest.mark.parametrize("output", ["text", "json", "sarif", "junit", "github"])
def test_every_output_keeps_the_exit_code(files: Path, output: str) -> None:
    outcome = check(files, "long.json", "short.yaml", "--output", output)
    assert outcome.code == 1
    assert "max-length-decreased" in outcome.out
    if output in ("json", "sarif"):
        assert isinstance(json.loads(outcome.out), dict)


def test_one_side_may_come_from_standard_input(files: Path) -> None:
    assert check(files, "long.json", "-", stdin=SHORT).code == 1
    assert check(files, "-", "long.json", stdin=SHORT).code == 0
    assert check(files, "long.json", "bom.json").code == 0


@pytest.mark.parametrize(("mode", "code"), [("BACKWARD", 0), ("forward", 1), ("FULL", 1), ("NONE", 0)])
def test_modes(files: Path, mode: str, code: int) -> None:
    assert check(files, "short.yaml", "long.json", "--mode", mode).code == code


def test_older_versions_count_in_transitive_modes(files: Path) -> None:
    older = ("long.json", "long.json", "--older", "short.yaml", "--mode")
    assert check(files, *older, "FORWARD").code == 0
    assert check(files, *older, "FORWARD_TRANSITIVE").code == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none.json", "long.json"], "none.json: there is no such file"),
        (["folder", "long.json"], "folder: is a folder; name a file"),
        (["long.json", "latin.json"], "latin.json: line 2: is not UTF-8 text"),
        (
            ["long.json", "bad.json"],
            'bad.json: line 2: the new schema is not valid at /type: "type" must be one of null',
        ),
        (["bad.json", "long.json", "--mode", "FORWARD"], "bad.json: line 2: the old schema is not valid at /type"),
        (["long.json"], "check needs OLD and NEW"),
        (["-", "-"], "only one of the documents can come from standard input"),
        (
            ["long.json", "long.json", "--mode", "SIDEWAYS"],
            '--mode: there is no "SIDEWAYS"; there are BACKWARD, FORWARD',
        ),
        (["long.json", "long.json", "--output", "pdf"], '--output: there is no "pdf"; there are github, json'),
        (["long.json", "long.json", "--as-of", "soon"], '"--as-of" must be a date like 2026-12-31'),
        (["long.json", "long.json", "--config", "none.yaml"], "none.yaml: there is no such file"),
        (["long.json", "long.json", "--batch", "x"], "--batch takes the place of OLD and NEW"),
    ],
)
def test_what_can_not_be_used_is_one_line_and_code_2(files: Path, arguments: list[str], words: str) -> None:
    outcome = check(files, *arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.startswith("controlplane: ")
    assert outcome.err.count("\n") == 1
    assert words in outcome.err


def test_the_format_must_be_known(files: Path) -> None:
    missing = controlplane("check", "long.json", "short.yaml", cwd=files)
    unknown = controlplane("check", "long.json", "short.yaml", "--format", "xsd", cwd=files)
    assert (missing.code, unknown.code) == (2, 2)
    assert "check needs --format: one of json-schema, openapi" in missing.err
    assert '--format: there is no "xsd"; there are json-schema' in unknown.err


@pytest.mark.parametrize(
    ("config", "code", "words"),
    [
        ("severity: {max-length-decreased: warning}", 0, "1 warning"),
        ("severity: {max-length-decreased: none}", 0, "no difference that matters"),
        ("", 1, "Refused"),
        ("waivers: [{rule: max-length-decreased, reason: agreed, expires: 2026-12-31}]", 0, "waived until 2026-12-31"),
        (
            "waivers: [{rule: max-length-decreased, reason: agreed, expires: 2026-01-01}]",
            1,
            "A waiver for this expired",
        ),
        ("severity: {max-lenght-decreased: info}", 2, 'did you mean "max-length-decreased"?'),
        ("severty: {}", 2, 'cfg.yaml: unknown "severty"; did you mean "severity"?'),
        ("severity: {x", 2, "cfg.yaml: line 1: the configuration document is not valid YAML"),
        ("- 1", 2, "cfg.yaml: must hold keys and values"),
    ],
)
def test_configuration(files: Path, config: str, code: int, words: str) -> None:
    (files / "cfg.yaml").write_text(config, encoding="utf-8")
    outcome = check(files, "long.json", "short.yaml", "--config", "cfg.yaml", "--as-of", "2026-05-01")
    assert outcome.code == code
    assert words in (outcome.err if code == 2 else outcome.out)


def test_the_day_on_the_command_line_decides_waivers(files: Path) -> None:
    config = "as_of: 2026-01-15\nwaivers: [{rule: max-length-decreased, reason: agreed, expires: 2026-01-31}]"
    (files / "cfg.yaml").write_text(config, encoding="utf-8")
    arguments = ("long.json", "short.yaml", "--config", "cfg.yaml")
    assert check(files, *arguments).code == 0
    assert check(files, *arguments, "--as-of", "2026-02-01").code == 1


def test_the_content_model_comes_from_the_configuration(files: Path) -> None:
    (files / "open.json").write_text('{"type": "object"}', encoding="utf-8")
    (files / "more.json").write_text('{"type": "object", "properties": {"a": {"type": "string"}}}', encoding="utf-8")
    (files / "cfg.yaml").write_text("content_model: lenient", encoding="utf-8")
    assert check(files, "open.json", "more.json").code == 1
    assert check(files, "open.json", "more.json", "--config", "cfg.yaml").code == 0


@pytest.mark.parametrize(
    ("format_", "old", "new", "rule"),
    [
        ("avro", '"int"', '"string"', "type-mismatch"),
        ("graphql", "type Query { a: Int b: Int }", "type Query { a: Int }", "field-removed"),
        (
            "openapi",
            "openapi: 3.0.0\ninfo: {title: a, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: ok}}}}}",
            "openapi: 3.0.0\ninfo: {title: a, version: '1'}\npaths: {}",
            "api-path-removed-without-deprecation",
        ),
        (
            "asyncapi",
            "asyncapi: 3.0.0\nchannels: {a: {address: a}}",
            "asyncapi: 3.0.0\nchannels: {}",
            "channel-removed",
        ),
        (
            "protobuf",
            'syntax = "proto3"; message A { int32 a = 1; }',
            'syntax = "proto3"; message A { string a = 1; }',
            "field-scalar-kind-changed",
        ),
    ],
)
def test_every_other_format_is_judged(tmp_path: Path, format_: str, old: str, new: str, rule: str) -> None:
    (tmp_path / "old").write_text(old, encoding="utf-8")
    outcome = controlplane("check", "old", "-", "--format", format_, "--output", "json", stdin=new, cwd=tmp_path)
    found = json.loads(outcome.out)
    assert (outcome.code, found["compatible"]) == (1, False)
    assert rule in {change["rule"] for change in found["changes"] if change["level"] == "breaking"}
