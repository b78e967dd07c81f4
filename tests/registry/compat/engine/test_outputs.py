from __future__ import annotations

import json
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from registry.compat.engine import check
from registry.compat.model import Change, Format, Level, Mode, Names, OptionError, Options, Report
from registry.compat.render import output_names, render, summary

NAMES = Names("schemas/old.json", "schemas/new schema.json")
OLD = json.dumps(
    {
        "type": "object",
        "properties": {"a": {"type": "string", "maxLength": 9}, "b": {"type": "string"}, "c:,%\n": {"maxLength": 9}},
        "additionalProperties": False,
    },
    indent=1,
)
NEW = json.dumps(
    {
        "type": "object",
        "properties": {
            "a": {"type": "string", "maxLength": 5},
            "b": {"type": "string", "format": "date"},
            "c:,%\n": {"maxLength": 5},
            "d": {},
        },
        "additionalProperties": False,
    },
    indent=1,
)
OPTIONS = Options(
    as_of=date(2026, 5, 1),
    waivers=({"path": "/properties/c*", "reason": "no one sends it", "expires": "2026-12-31"},),
)


@pytest.fixture(scope="module")
def report() -> Report:
    return check(Format.JSON_SCHEMA, OLD, NEW, mode=Mode.BACKWARD, options=OPTIONS)


@pytest.fixture(scope="module")
def calm() -> Report:
    return check(Format.JSON_SCHEMA, OLD, OLD, mode=Mode.BACKWARD, options=OPTIONS)


def test_the_contracts_outputs_are_there() -> None:
    assert output_names() == ["github", "json", "junit", "markdown", "sarif", "text"]
    with pytest.raises(OptionError, match='unknown output "html"; there are github, json'):
        render(Report(Format.AVRO, Mode.FULL, ()), "html", NAMES)


def test_summary(report: Report, calm: Report) -> None:
    assert summary(report) == "Refused: 1 breaking change, 1 warning, 2 for information (json-schema, BACKWARD)"
    assert summary(calm) == "Allowed: no difference that matters (json-schema, BACKWARD)"


def test_json_has_what_the_contract_names_and_more(report: Report) -> None:
    found = json.loads(render(report, "json", NAMES))
    assert list(found) == ["format", "mode", "compatible", "changes"]
    assert (found["format"], found["mode"], found["compatible"]) == ("json-schema", "BACKWARD", False)
    change = next(one for one in found["changes"] if one["level"] == "breaking")
    assert {name: change[name] for name in ("rule", "level", "path")} == {
        "rule": "max-length-decreased",
        "level": "breaking",
        "path": "/properties/a/maxLength",
    }
    assert change["message"]
    assert (change["old"], change["new"], change["old_line"], change["new_line"]) == (9, 5, 6, 6)
    assert change["witness"] == "aaaaaa"
    assert len(change["fingerprint"]) == 16
    waived = next(one for one in found["changes"] if "waived" in one)
    assert (waived["level"], waived["waived"]) == ("info", "breaking waived until 2026-12-31: no one sends it")


def test_json_holds_what_json_has_no_word_for() -> None:
    odd = Change("r", Level.INFO, "", "m", old={"a": [float("inf"), b"x", {1}], 2: None}, new=10**30)
    text = render(Report(Format.AVRO, Mode.FULL, (odd,)), "json", NAMES)
    (change,) = json.loads(text, parse_constant=pytest.fail)["changes"]
    assert change["old"] == {"a": ["inf", "b'x'", [1]], "2": None}
    assert change["new"] == 10**30


def test_text_puts_the_worst_first_and_the_answer_last(report: Report, calm: Report) -> None:
    lines = render(report, "text", NAMES).splitlines()
    assert lines[0] == "breaking  max-length-decreased  schemas/new schema.json:6"
    assert lines[-1].startswith("Refused: 1 breaking change")
    assert any("For example: " in line for line in lines)
    assert any("waived until" in line for line in lines)
    assert render(calm, "text", NAMES) == summary(calm)


def test_sarif(report: Report) -> None:
    log = json.loads(render(report, "sarif", NAMES))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({change.rule for change in report.changes})
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        assert result["partialFingerprints"]["controlplaneChange/v1"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "schemas/new%20schema.json"
        assert place["region"]["startLine"] >= 1
    assert [result["level"] for result in run["results"]] == ["error", "warning", "error", "note"]
    assert [bool(result.get("suppressions")) for result in run["results"]].count(True) == 1


def test_junit(report: Report, calm: Report) -> None:
    suites = ET.fromstring(render(report, "junit", NAMES))  # noqa: S314 -- our own text
    assert suites.attrib == {"tests": "4", "failures": "1"}
    (failure,) = suites.findall(".//failure")
    assert failure.attrib["type"] == "max-length-decreased"
    assert "will be refused" in failure.attrib["message"]
    assert len(suites.findall(".//testcase")) == 4
    names = [case.attrib["name"] for case in suites.iter("testcase")]
    assert len(set(names)) == len(names)
    (case,) = ET.fromstring(render(calm, "junit", NAMES)).iter("testcase")  # noqa: S314 -- our own text
    assert case.attrib["name"] == "compatible"


def test_junit_holds_what_xml_can_not() -> None:
    old, new = ({"properties": {"\x00\x0b<&\"'": {"maxLength": length}}} for length in (9, 5))
    found = check(Format.JSON_SCHEMA, json.dumps(old), json.dumps(new), options=OPTIONS)
    suites = ET.fromstring(render(found, "junit", NAMES))  # noqa: S314 -- our own text
    assert "\ufffd\ufffd<&" in suites.findall(".//failure")[0].attrib["message"]


def test_github_escapes_what_its_commands_mean_by_signs(report: Report) -> None:
    lines = render(report, "github", Names("old", "a,b:c%.json")).splitlines()
    assert lines[-1] == summary(report)
    commands = [line for line in lines if line.startswith("::")]
    assert len(commands) == len(lines) - 1 == len(report.changes)
    assert any(
        line.startswith("::error file=a%2Cb%3Ac%25.json,line=6,title=max-length-decreased::") for line in commands
    )
    assert any("c:,%25%0A" in line for line in commands)
    assert {line.split()[0] for line in commands} == {"::error", "::warning", "::notice"}
