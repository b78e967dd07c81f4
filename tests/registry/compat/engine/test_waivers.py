from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from registry.compat.engine import check
from registry.compat.model import Format, Level, OptionError, Options, Report
from registry.compat.waivers import read_waiver

OLD = json.dumps({"type": "object", "properties": {"a": {"maxLength": 9}, "b": {"maxLength": 9}}})
NEW = json.dumps({"type": "object", "properties": {"a": {"maxLength": 5}, "b": {"maxLength": 5}}})


def judged(*waivers: dict[str, Any], day: date = date(2026, 5, 1)) -> Report:
    return check(Format.JSON_SCHEMA, OLD, NEW, options=Options(as_of=day, waivers=waivers))


def waiver(**scope: Any) -> dict[str, Any]:
    return {"reason": "agreed", "owner": "finance", "expires": "2026-06-30", **scope}


FIRST = judged().changes[0].fingerprint


@pytest.mark.parametrize(
    ("scope", "left"),
    [
        ({"fingerprint": FIRST}, 1),
        ({"rule": "max-length-decreased"}, 0),
        ({"path": "/properties/a/*"}, 1),
        ({"path": "/properties/*"}, 0),
        ({"rule": "max-length-decreased", "path": "/properties/b/maxLength"}, 1),
        ({"rule": "max-length-added"}, 2),
        ({"rule": "max-length-added", "fingerprint": FIRST}, 2),
    ],
)
def test_a_waiver_covers_what_matches_all_it_says(scope: dict[str, str], left: int) -> None:
    report = judged(waiver(**scope))
    assert sum(change.level is Level.BREAKING for change in report.changes) == left
    assert report.compatible == (left == 0)


def test_waived_changes_stay_visible() -> None:
    report = judged(waiver(rule="max-length-decreased", approver="Ada", ticket="FIN-7"))
    assert {change.level for change in report.changes} == {Level.INFO}
    assert {change.waived for change in report.changes} == {
        "breaking waived until 2026-06-30 (Ada, finance, FIN-7): agreed"
    }


@pytest.mark.parametrize(("day", "good"), [(date(2026, 6, 30), True), (date(2026, 7, 1), False)])
def test_the_day_of_expiry_is_the_last_on_which_it_counts(day: date, good: bool) -> None:
    report = judged(waiver(rule="max-length-decreased"), day=day)
    assert report.compatible == good
    if not good:
        assert all(change.hint.startswith("A waiver for this expired on 2026-06-30. ") for change in report.changes)


def test_a_good_waiver_beside_an_expired_one_counts() -> None:
    late = waiver(rule="max-length-decreased", expires=date(2026, 1, 1))
    assert judged(late, waiver(rule="max-length-decreased")).compatible


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rule": None}, "say what it is for"),
        ({"reason": ""}, 'give a "reason"'),
        ({"expires": None}, '"expires" must be a date'),
        ({"expires": "soon"}, "not 'soon'"),
        ({"ruel": "x"}, 'unknown "ruel"'),
    ],
)
def test_a_waiver_without_scope_reason_or_end_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(OptionError, match=words):
        read_waiver({**waiver(rule="max-length-decreased"), **change})


def test_only_what_hurts_is_waived() -> None:
    options = Options(as_of=date(2026, 5, 1), waivers=(waiver(rule="max-length-increased"),))
    (change, _) = check(Format.JSON_SCHEMA, NEW, OLD, options=options).changes
    assert change.waived is None
    assert replace(change, waived="x").fingerprint == change.fingerprint
