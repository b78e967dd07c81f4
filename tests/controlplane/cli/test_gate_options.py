"""The gate in pipelines: several files, further outputs, a baseline, a server that is away."""

import json
from pathlib import Path

import pytest

from controlplane.cli.ci_context import context_of
from controlplane.cli.errors import UserError
from tests.controlplane.cli.conftest import Run
from tests.controlplane.cli.test_gate import MANIFESTS, gate, subject  # noqa: F401  subject is a fixture
from tests.registry.schemas.test_versions import ONE, closed

pytestmark = pytest.mark.usefixtures("subject")
AWAY = ("--server", "http://127.0.0.1:9")


def test_several_documents_are_asked_about_at_once(run: Run, home: Path) -> None:
    other = MANIFESTS.split("---", maxsplit=1)[0].replace("erp-invoice}", "other}")
    (home / "other.yaml").write_text(other)
    assert run("apply", "-f", "other.yaml").code == 0
    both = ("--subject", "erp-invoice", "--file", "fine.json", "--subject", "other", "--file", "broken.json")
    said = run("gate", *both)
    assert said.code == 1
    assert "== fine.json against erp-invoice version 1 ==" in said.out
    assert "== broken.json against other version 1 ==" in said.out
    assert said.out.endswith("Verdict: deny\n")
    told = json.loads(run("gate", *both, "--output", "json").out)
    assert [one["verdict"] for one in told["evaluations"]] == ["allow", "deny"]
    results = json.loads(run("gate", *both, "--output", "sarif").out)["runs"][0]["results"]
    assert {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results} == {
        "fine.json",
        "broken.json",
    }
    unreadable = ("--subject", "erp-invoice", "--file", "fine.json", "--subject", "other", "--file", "unreadable.json")
    assert run("gate", *unreadable).err.startswith("controlplane: unreadable.json: line 2: ")
    assert "each --subject needs its --file" in run("gate", *both, "--subject", "third").err


def test_one_answer_is_written_in_several_forms(run: Run, home: Path) -> None:
    forms = ("--write", "sarif=out/gate.sarif", "--write", "markdown=out/comment.md", "--write", "junit=out/gate.xml")
    said = gate(run, "erp-invoice", "broken.json", "github", *forms)
    assert said.code == 1
    assert said.out.startswith("::error file=broken.json")
    assert json.loads((home / "out/gate.sarif").read_text())["version"] == "2.1.0"
    assert (home / "out/gate.xml").read_text().startswith("<?xml")
    comment = (home / "out/comment.md").read_text()
    assert comment.startswith("<!-- controlplane-gate -->\n\n### Control plane: This change may not ship\n")
    assert "| **breaking** | `type-changed` | `/properties/number/type`, line 6 |" in comment
    assert "- workflow invoice-to-cash by key invoice.number" in comment
    assert "/reviews/evaluations/" in comment
    assert "no FORM=FILE" in gate(run, "erp-invoice", "fine.json", "text", "--write", "html=x").err


def test_only_what_a_baseline_does_not_have_denies(run: Run, home: Path) -> None:
    baseline = ("--baseline", "known.json")
    missing = gate(run, "erp-invoice", "broken.json", "text", *baseline)
    assert (missing.code, missing.err.count("\n")) == (2, 1)
    assert "--update-baseline writes it" in missing.err
    assert gate(run, "erp-invoice", "broken.json", "text", *baseline, "--update-baseline").code == 0
    let_pass = gate(run, "erp-invoice", "broken.json", "text", *baseline)
    assert let_pass.code == 0
    assert let_pass.out.splitlines()[-1] == "Verdict: deny, let pass here: all that denies is in the baseline"
    comment = gate(run, "erp-invoice", "broken.json", "markdown", *baseline).out
    assert "may not ship, let pass here: all that denies is in the baseline\n" in comment
    worse = closed(number="integer", amount="string").replace('"type": "object"', '"type": "array"')
    (home / "worse.json").write_text(worse)
    new = gate(run, "erp-invoice", "worse.json", "sarif", *baseline)
    assert new.code == 1
    assert {one["baselineState"] for one in json.loads(new.out)["runs"][0]["results"]} >= {"new"}
    assert "baseline" not in gate(run, "erp-invoice", "worse.json", "text", *baseline).out.splitlines()[-1]
    grown = gate(run, "erp-invoice", "worse.json", "text", *baseline, "--update-baseline")
    assert grown.code == 2
    assert "known.json would grow by" in grown.err
    assert "--grow-baseline agrees" in grown.err
    assert gate(run, "erp-invoice", "worse.json", "text", *baseline, "--update-baseline", "--grow-baseline").code == 0
    assert gate(run, "erp-invoice", "fine.json", "text", *baseline, "--update-baseline").code == 0
    assert json.loads((home / "known.json").read_text())["findings"] == {}
    assert "need --baseline" in gate(run, "erp-invoice", "fine.json", "text", "--update-baseline").err


def test_check_keeps_a_baseline_too(run: Run) -> None:
    asked = ("check", "erp-invoice.json", "broken.json", "--format", "json-schema", "--baseline", "known.json")
    assert run(*asked).code == 2
    assert run(*asked, "--update-baseline").code == 0
    said = run(*asked, "--write", "sarif=check.sarif")
    assert said.code == 0
    assert "It is in the baseline, so it refuses nothing." in said.out
    assert said.out.endswith("Allowed: 1 breaking change (json-schema, BACKWARD); 1 of them in the baseline\n")


@pytest.mark.parametrize("output", ["text", "json", "github"])
def test_a_server_that_is_away_is_never_a_pass_but_for_those_who_ask_for_it(run: Run, output: str) -> None:
    away = gate(run, "erp-invoice", "fine.json", output, *AWAY)
    assert (away.code, away.out) == (2, "")
    assert away.err == (
        "controlplane: no server answers at http://127.0.0.1:9; start one, or set CONTROLPLANE_SERVER\n"
    )
    opened = gate(run, "erp-invoice", "fine.json", output, *AWAY, "--fail-open")
    assert opened.code == 0
    assert opened.err.startswith("WARNING: NOT JUDGED, let pass because of --fail-open: no server answers")
    assert opened.out.startswith("::warning title=not judged::") == (output == "github")


def test_fail_open_is_not_for_mistakes(run: Run) -> None:
    assert gate(run, "erp-invoce", "fine.json", "text", "--fail-open").code == 2
    assert gate(run, "erp-invoice", "fine.json", "text", "--fail-open", "--token", "wrong").code == 2
    assert gate(run, "erp-invoice", "broken.json", "text", "--fail-open").code == 1


def test_the_context_comes_from_the_pipeline(run: Run, home: Path) -> None:
    github = {"GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "abc", "GITHUB_HEAD_REF": "", "GITHUB_REF_NAME": "main"}
    assert context_of(github, ["environment=production", "branch=x=y"]) == {
        "repository": "a/b",
        "commit": "abc",
        "branch": "x=y",
        "environment": "production",
    }
    assert context_of({"CI_COMMIT_REF_NAME": "main", "GITLAB_USER_LOGIN": "ada"}, []) == {
        "branch": "main",
        "author": "ada",
    }
    with pytest.raises(UserError, match="no NAME=VALUE"):
        context_of({}, ["environment"])
    (home / "policy.yaml").write_text(
        "apiVersion: controlplane/v1\nkind: Policy\nmetadata: {name: frozen}\nspec:\n  on: schema-change\n"
        "  deny: context.environment == 'production'\n  message: production is frozen\n  scope: {names: [frozen-one]}\n"
    )
    (home / "frozen.yaml").write_text(MANIFESTS.split("---", maxsplit=1)[0].replace("erp-invoice}", "frozen-one}"))
    (home / "erp-invoice.json").write_text(ONE)
    assert run("apply", "-f", "policy.yaml", "-f", "frozen.yaml").code == 0
    assert gate(run, "frozen-one", "fine.json").code == 0
    assert gate(run, "frozen-one", "fine.json", "text", "--context", "environment=production").code == 1
