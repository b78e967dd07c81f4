"""Taking the shipped policies, testing one's own, trying one, and waivers, from the command line."""

import json
from pathlib import Path

import pytest

from tests.controlplane.cli.conftest import Run
from tests.controlplane.cli.test_gate import BROKEN, gate, subject  # noqa: F401  subject is a fixture

OWN = """\
apiVersion: controlplane/v1
kind: Policy
metadata: {name: numbers-are-text}
spec:
  on: schema-change
  deny: field.name == 'number' && field.type != 'string'
  message: '{field.name} is {field.type}'
  tests:
    - {name: text, given: {field: {name: number, type: string}}, expect: allow}
    - {name: a figure, given: {field: {name: number, type: integer}}, expect: deny}
"""


def test_the_pack_prints_what_apply_takes(run: Run, home: Path, server: str) -> None:
    said = run("policy", "pack", "--profile", "zalando", "--warn-from", "2099-01-01")
    assert (said.code, said.err) == (0, "")
    (home / "pack.yaml").write_text(said.out)
    assert run("policy", "test", "-f", "pack.yaml").out.count("ok     ") == 23
    dry = run("apply", "-f", "pack.yaml", "--dry-run")
    assert dry.code == 0
    assert dry.out.count("would create Policy") == 23
    assert "zalando" in run("policy", "pack", "--list").out
    assert "did you mean zalando?" in run("policy", "pack", "--profile", "zalndo").err
    assert "is no day" in run("policy", "pack", "--warn-from", "soon").err


def test_cases_are_run_offline(run: Run, home: Path) -> None:
    (home / "own.yaml").write_text(OWN)
    assert run("policy", "test", "-f", "own.yaml").out == "ok     numbers-are-text: 2 cases\n"
    (home / "own.yaml").write_text(OWN.replace("expect: deny", "expect: warn"))
    said = run("policy", "test", "-f", "own.yaml")
    assert said.code == 1
    assert said.out.startswith("FAILED numbers-are-text: spec.tests[1].expect: expected warn, but the policy says deny")
    (home / "own.yaml").write_text("kind: Team\n")
    assert run("policy", "test", "-f", "own.yaml").code == 2


def test_facts_are_listed(run: Run) -> None:
    said = run("policy", "facts", "mapping-change").out
    assert "| `mapping.required_unmapped` | list(string) |" in said
    assert "usage" not in said
    assert run("policy", "facts", "mapping").code == 2


@pytest.mark.usefixtures("subject")
def test_a_policy_is_tried_before_it_goes_live(run: Run, home: Path) -> None:
    (home / "own.yaml").write_text(OWN)
    (home / "integer.json").write_text(BROKEN)
    assert gate(run, "erp-invoice", "integer.json", "json", "--context", "try=1").code == 1
    assert gate(run, "erp-invoice", "fine.json", "json", "--context", "try=1").code == 0
    said = run("policy", "try", "-f", "own.yaml")
    assert said.code == 0, said.err
    assert "numbers-are-text: of what is registered it would deny 0, warn of 0" in said.out
    told = json.loads(run("policy", "try", "-f", "own.yaml", "--output", "json").out)[0]
    hits = [one for one in told["evaluations"]["hits"] if one["name"] == "erp-invoice"]
    assert {(one["was"], one["would_be"]) for one in hits} == {("deny", "deny")}
    (home / "own.yaml").write_text(OWN.replace("!= 'string'", "== 'string'").split("  tests:")[0])
    told = json.loads(run("policy", "try", "-f", "own.yaml", "--output", "json").out)[0]
    assert told["registered"]["deny"] >= 1
    assert told["changed"] >= 1
    listed = run("export", "--kind", "Policy").out
    assert "numbers-are-text" not in listed


@pytest.mark.usefixtures("subject")
def test_a_waiver_goes_its_way_by_command_line(run: Run) -> None:
    told = json.loads(gate(run, "erp-invoice", "broken.json", "json").out)
    fingerprint = told["findings"][0]["fingerprint"]
    asker = run("token", "create", "--name", "asker", "--role", "ci").out.strip()
    wish = ("waiver", "request", "erp-invoice", fingerprint, "--reason", "agreed", "--expires", "2099-01-01")
    assert "366 days at most" in run(*wish, "--token", asker).err
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    expires = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    asked = run(*wish[:-1], expires, "--name", "let-pass", "--token", asker)
    assert asked.out.startswith("let-pass  requested  erp-invoice  until ")
    assert gate(run, "erp-invoice", "broken.json").code == 1
    assert "does not allow waivers:write" in run("waiver", "approve", "let-pass", "--token", asker).err
    approved = run("waiver", "approve", "let-pass", "--comment", "seen it")
    assert "approved by" in approved.out
    assert gate(run, "erp-invoice", "broken.json").code == 0
    assert "let-pass  approved" in run("waiver", "list", "--subject", "erp-invoice").out
    assert "withdrawn" in run("waiver", "withdraw", "let-pass").out
    assert gate(run, "erp-invoice", "broken.json").code == 1
    assert run("waiver", "approve", "let-pas").err.endswith("did you mean let-pass?\n")
