"""SARIF holds to its own schema, as the OASIS committee published it (the file beside, out of sarif-om 1.0.4, MIT)."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from registry.compat.baseline import Baseline, of
from registry.compat.engine import check
from registry.compat.model import Format, Judged, Names, Report
from registry.compat.render import render_all
from tests.registry.compat.engine.test_outputs import NEW, OLD, OPTIONS

SCHEMA = json.loads(Path(__file__).with_name("sarif-2.1.0-rtm.4.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def report() -> Report:
    return check(Format.JSON_SCHEMA, OLD, NEW, options=OPTIONS)


def log_of(*reports: Report) -> dict[str, object]:
    text = render_all([Judged(one, Names("old one.json", f"new{at}.json")) for at, one in enumerate(reports)], "sarif")
    log: dict[str, object] = json.loads(text)
    return log


def test_every_kind_of_log_holds_to_the_schema(report: Report) -> None:
    validator = Draft4Validator(SCHEMA)
    calm = check(Format.JSON_SCHEMA, OLD, OLD, options=OPTIONS)
    known = of([("", report)]).mark(report)
    for log in (log_of(report), log_of(calm), log_of(known), log_of(Baseline().mark(report), known, calm)):
        assert [error.message for error in validator.iter_errors(log)] == []


def test_the_validator_would_notice(report: Report) -> None:
    log = log_of(report)
    log["version"] = "2.0"
    assert list(Draft4Validator(SCHEMA).iter_errors(log))


def test_fingerprints_stay_when_lines_and_words_change(report: Report) -> None:
    moved = check(Format.JSON_SCHEMA, OLD, json.dumps(json.loads(NEW), indent=7), options=OPTIONS)
    worded = replace(moved, changes=tuple(replace(one, message="other words") for one in moved.changes))
    (one,), (other,) = log_of(report)["runs"], log_of(worded)["runs"]  # type: ignore[misc]
    keys = [[result["partialFingerprints"] for result in run["results"]] for run in (one, other)]
    assert keys[0] == keys[1]


def test_a_baseline_tells_new_from_known(report: Report) -> None:
    breaking, *rest = sorted(report.changes, key=lambda change: change.level != "breaking")
    known = of([("", replace(report, changes=tuple(rest)))])
    marked = known.mark(report)
    assert not marked.compatible
    assert of([("", report)]).mark(report).compatible
    assert {change.fingerprint for change in marked.changes if change.baseline == "new"} >= {breaking.fingerprint}
