from __future__ import annotations

import contextlib
import importlib
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from registry.compat.engine import check, package, rules
from registry.compat.model import Change, DocumentError, Format, Level, Mode, Options, Report
from registry.compat.rules import Rule

OPTIONS = Options(as_of=date(2026, 5, 1))
SHORT = json.dumps({"type": "string", "maxLength": 10})
LONG = json.dumps({"type": "string", "maxLength": 20})
LONGER = json.dumps({"type": "string", "maxLength": 30})


def judged(old: Any, new: str, mode: Mode = Mode.BACKWARD, options: Options = OPTIONS) -> Report:
    return check(Format.JSON_SCHEMA, old, new, mode=mode, options=options)


def told(report: Report) -> list[tuple[str, str, str]]:
    return [(change.direction, change.rule, change.level.value) for change in report.changes]


BACK = ("backward", "max-length-decreased", "breaking")
FORTH = ("forward", "max-length-decreased", "breaking")
BACK_FINE = ("backward", "max-length-increased", "info")
FORTH_FINE = ("forward", "max-length-increased", "info")


@pytest.mark.parametrize(
    ("mode", "shortened", "lengthened"),
    [
        (Mode.BACKWARD, [BACK], [BACK_FINE]),
        (Mode.FORWARD, [FORTH_FINE], [FORTH]),
        (Mode.FULL, [BACK, FORTH_FINE], [BACK_FINE, FORTH]),
        (Mode.BACKWARD_TRANSITIVE, [BACK], [BACK_FINE]),
        (Mode.FORWARD_TRANSITIVE, [FORTH_FINE], [FORTH]),
        (Mode.FULL_TRANSITIVE, [BACK, FORTH_FINE], [BACK_FINE, FORTH]),
        (Mode.NONE, [("backward", "max-length-decreased", "warning")], [BACK_FINE]),
    ],
)
def test_modes(mode: Mode, shortened: list[Any], lengthened: list[Any]) -> None:
    assert told(judged(LONG, SHORT, mode)) == shortened
    assert told(judged(SHORT, LONG, mode)) == lengthened


def test_mode_none_reports_and_allows() -> None:
    assert judged(LONG, SHORT, Mode.NONE).compatible
    assert not judged(LONG, SHORT).compatible


def test_only_transitive_modes_look_past_the_latest_version() -> None:
    versions = [LONGER, SHORT, LONG]
    assert judged(versions, LONG).changes == ()
    assert not judged(versions, LONG, Mode.BACKWARD_TRANSITIVE).compatible
    assert told(judged(versions, LONG, Mode.BACKWARD_TRANSITIVE)) == [BACK_FINE, BACK]


def test_the_same_change_against_several_versions_is_told_once() -> None:
    assert len(judged([LONG, LONG, LONG], SHORT, Mode.BACKWARD_TRANSITIVE).changes) == 1


def test_a_forward_change_is_told_from_the_old_readers_side() -> None:
    (change,) = judged(SHORT, LONG, Mode.FORWARD).changes
    assert change.message.startswith("Data of the new version, read with the old one: ")
    assert "The old schema asks for at most 10 characters, the new schema for 20" in change.message
    assert (change.old, change.new) == (10, 20)
    assert "those who read with the old version" in change.hint


def test_names_in_a_forward_sentence_stay_as_they_are() -> None:
    old = json.dumps({"type": "object", "additionalProperties": False})
    new = json.dumps({"type": "object", "additionalProperties": False, "properties": {"new": {}}})
    (change,) = judged(old, new, Mode.FORWARD).changes
    assert '/properties/new: The old schema, being a closed content model, refuses "new"' in change.message


def test_a_forward_error_names_the_right_document() -> None:
    with pytest.raises(DocumentError) as caught:
        judged("{}", "{", Mode.FORWARD)
    assert caught.value.path == "new"
    assert caught.value.message.startswith("the new document")
    with pytest.raises(DocumentError) as caught:
        judged('{"type": 1}', "{}", Mode.FORWARD)
    assert caught.value.path == "old/type"


@pytest.mark.parametrize(
    ("wanted", "level", "compatible"),
    [("breaking", "breaking", False), ("warning", "warning", True), ("info", "info", True)],
)
def test_severity_overrides(wanted: str, level: str, compatible: bool) -> None:
    report = judged(LONG, SHORT, options=replace(OPTIONS, severity={"max-length-decreased": wanted}))
    assert [change.level.value for change in report.changes] == [level]
    assert report.compatible == compatible


def test_severity_none_leaves_the_change_out_and_may_make_others_break() -> None:
    assert judged(LONG, SHORT, options=replace(OPTIONS, severity={"max-length-decreased": "none"})).changes == ()
    stricter = replace(OPTIONS, severity={"max-length-increased": "breaking"})
    assert not judged(SHORT, LONG, options=stricter).compatible


def test_fingerprints_hang_on_rule_place_and_facts_and_not_on_words_or_lines() -> None:
    (one,) = judged(LONG, SHORT).changes
    (spread,) = judged(json.dumps(json.loads(LONG), indent=4), f"\n\n{SHORT}").changes
    (other,) = judged(LONGER, SHORT).changes
    assert one.fingerprint == spread.fingerprint
    assert one.fingerprint == replace(one, message="in other words", hint="").fingerprint
    assert one.fingerprint != other.fingerprint
    assert one.fingerprint != replace(one, direction="forward").fingerprint
    assert one.fingerprint != replace(one, path="/elsewhere").fingerprint
    assert len(one.fingerprint) == 16


@pytest.mark.parametrize("of", list(Format))
def test_every_format_has_a_package_with_rules_and_a_comparison(of: Format) -> None:
    module = importlib.import_module(package(of))
    assert callable(module.compare)
    found = rules(of)
    assert found
    for name, rule in found.items():
        assert isinstance(rule, Rule)
        assert rule.id == name
        assert name == name.lower()
        assert rule.why


@pytest.mark.parametrize("of", list(Format))
@pytest.mark.parametrize("text", ["", "\x00", "{", "]", "- - -", "\ufeff", "nul", "{}", "[]", "a: b: c", '"\\ud800"'])
def test_no_text_makes_any_format_stumble(of: Format, text: str) -> None:
    for old, new in ((text, text), (text, "{}"), ("{}", text)):
        with contextlib.suppress(DocumentError):
            assert isinstance(check(of, old, new, mode=Mode.FULL, options=OPTIONS), Report)


def test_stack_overflow_in_a_comparison_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(old: str, new: str, options: Options) -> list[Change]:
        return endless(old, new, options)

    monkeypatch.setattr(importlib.import_module(package(Format.JSON_SCHEMA)), "compare", endless)
    with pytest.raises(DocumentError, match="nested too deeply"):
        judged("{}", "{}")


def test_levels_are_ordered_worst_first() -> None:
    assert list(Level) == [Level.BREAKING, Level.WARNING, Level.INFO]
