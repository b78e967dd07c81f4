from __future__ import annotations

from pathlib import Path

from tests.controlplane.cli.running import controlplane

OLD = "openapi: 3.0.0\ninfo: {title: a, version: 1.2.3}\npaths: {/a: {get: {responses: {'200': {description: ok}}}}}\n"
NEW = "openapi: 3.0.0\ninfo: {title: a, version: 1.2.4}\npaths: {}\n"


def test_a_changelog_suggests_the_next_version(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(OLD, encoding="utf-8")
    (tmp_path / "new.yaml").write_text(NEW, encoding="utf-8")
    outcome = controlplane("changelog", "old.yaml", "new.yaml", "--format", "openapi", cwd=tmp_path)
    assert outcome.code == 0
    assert outcome.out.startswith(
        "# Changes from old.yaml to new.yaml\n\n**Suggested next version: 2.0.0 (major, after"
    )
    page = controlplane(
        "changelog", "old.yaml", "-", "--format", "openapi", "--output", "html", stdin=NEW, cwd=tmp_path
    )
    assert page.out.startswith("<!doctype html>")


def test_a_changelog_of_something_unreadable_is_one_line(tmp_path: Path) -> None:
    outcome = controlplane("changelog", "none", "none", "--format", "avro", cwd=tmp_path)
    assert (outcome.code, outcome.err) == (2, "controlplane: none: there is no such file\n")
    outcome = controlplane("changelog", "-", "-", "--format", "avro", "--output", "pdf", cwd=tmp_path)
    assert outcome.code == 2
    assert '--output: there is no "pdf"; there are html, markdown' in outcome.err


def test_rules_are_printed_or_written(tmp_path: Path) -> None:
    printed = controlplane("rules", "--format", "avro")
    assert printed.out.startswith("# Rules: Avro\n")
    written = controlplane("rules", "--write", "pages", cwd=tmp_path)
    assert written.out == "Wrote 6 pages to pages\n"
    assert (tmp_path / "pages" / "avro.md").read_text(encoding="utf-8") == printed.out


def test_pages_that_can_not_be_written_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    outcome = controlplane("rules", "--write", "taken", cwd=tmp_path)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert "taken: can't be written" in outcome.err
