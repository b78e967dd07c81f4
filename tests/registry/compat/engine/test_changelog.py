from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from registry.compat.changelog import changelog, changelog_outputs, render_changelog, version_of
from registry.compat.engine import check
from registry.compat.model import Format, Names, OptionError, Options, Report
from registry.compat.semver import suggest

OPTIONS = Options(as_of=date(2026, 5, 1))
BASE: dict[str, Any] = {"type": "string", "maxLength": 9}


def judged(**edits: Any) -> Report:
    return check(Format.JSON_SCHEMA, json.dumps(BASE), json.dumps({**BASE, **edits}), options=OPTIONS)


BREAKS, WIDENS, WORDS, SAME = judged(maxLength=5), judged(maxLength=12), judged(description="x"), judged()


@pytest.mark.parametrize(
    ("report", "current", "bump", "version"),
    [
        (BREAKS, "1.4.2", "major", "2.0.0"),
        (BREAKS, "0.4.2", "minor", "0.5.0"),
        (BREAKS, "v1.4.2-rc.1+b7", "major", "2.0.0"),
        (BREAKS, "2026-05", "major", None),
        (BREAKS, None, "major", None),
        (WIDENS, "1.4.2", "minor", "1.5.0"),
        (WORDS, "1.4.2", "patch", "1.4.3"),
        (SAME, "1.4.2", "none", "1.4.2"),
    ],
)
def test_the_step_that_a_change_asks_for(report: Report, current: str | None, bump: str, version: str | None) -> None:
    found = suggest(report, current)
    assert (found.bump, found.version) == (bump, version)
    assert found.why


def test_a_waived_break_is_a_major_step_all_the_same() -> None:
    waiver = {"rule": "max-length-decreased", "reason": "agreed", "expires": "2026-12-31"}
    options = Options(as_of=OPTIONS.as_of, waivers=(waiver,))
    new = json.dumps({**BASE, "maxLength": 5})
    report = check(Format.JSON_SCHEMA, json.dumps(BASE), new, options=options)
    assert report.compatible
    assert suggest(report).bump == "major"
    assert "(1 of them waived)" in suggest(report).why


def test_markdown_says_the_answer_first_and_sorts_by_hurt() -> None:
    log = changelog(BREAKS, Names("a_1.json", "a_2.json"), version="1.0.0")
    lines = render_changelog(log, "markdown").splitlines()
    assert lines[0] == r"# Changes from a\_1.json to a\_2.json"
    assert lines[2].startswith("**Suggested next version: 2.0.0 (major, after 1.0.0), since 1 change breaks")
    assert lines[4] == "## Breaking"
    assert lines[6].startswith("- `max-length-decreased` at `/maxLength`: ")
    assert 'For example: `"aaaaaa"`.' in lines[6]


def test_html_is_a_page_of_its_own_and_escapes() -> None:
    old, new = ({"properties": {"<b>": {"maxLength": length}}} for length in (9, 5))
    report = check(Format.JSON_SCHEMA, json.dumps(old), json.dumps(new), options=OPTIONS)
    page = render_changelog(changelog(report, Names("<old>", "new"), version=None), "html")
    assert page.startswith("<!doctype html>")
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
    assert "<title>Changes from &lt;old&gt; to new</title>" in page


def test_no_difference_needs_no_version() -> None:
    log = changelog(SAME, Names("a", "b"), version="1.0.0")
    assert log.headline == "No new version is needed: nothing differs."
    for output in changelog_outputs():
        assert "nothing differs" in render_changelog(log, output)
    with pytest.raises(OptionError, match='unknown output "pdf"; there are html, markdown'):
        render_changelog(log, "pdf")


@pytest.mark.parametrize(
    ("of", "text", "version"),
    [
        (Format.OPENAPI, "info: {version: 1.2.3}", "1.2.3"),
        (Format.ASYNCAPI, '{"info": {"version": "2"}}', "2"),
        (Format.OPENAPI, "info: {version: 1}", None),
        (Format.OPENAPI, "[]", None),
        (Format.OPENAPI, "{", None),
        (Format.AVRO, '{"info": {"version": "2"}}', None),
    ],
)
def test_a_documents_own_version(of: Format, text: str, version: str | None) -> None:
    assert version_of(of, text) == version
