"""The examples for pipelines, as far as they run without the services that they are for."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.registry.schemas.test_versions import ONE, TWO, closed

CI = Path(__file__).parents[2] / "examples/ci"


def read(name: str) -> Any:
    return yaml.safe_load((CI / name).read_text(encoding="utf-8"))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with a schema, and the hook's script at its place."""
    if shutil.which("git") is None:
        pytest.skip("no git on the path")
    (tmp_path / "ci").mkdir()
    (tmp_path / "schemas").mkdir()
    shutil.copy(CI / "pre-commit-check", tmp_path / "ci/pre-commit-check")
    (tmp_path / "schemas/erp-invoice.json").write_text(ONE)
    # What the framework does with the configuration: the entry, with the files that match.
    (hook,) = read("pre-commit-config.yaml")["repos"][0]["hooks"]
    script = (
        f"#!/bin/sh\nfiles=$(git diff --cached --name-only | grep -E '{hook['files']}')\nexec {hook['entry']} $files\n"
    )
    run(tmp_path, "git", "init", "--quiet")
    place = tmp_path / ".git/hooks/pre-commit"
    place.parent.mkdir(exist_ok=True)
    place.write_text(script)
    place.chmod(0o755)
    commit(tmp_path, "first")
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    who = {f"GIT_{role}_{what}": "tests@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**os.environ, **who, "PATH": path, "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def commit(folder: Path, message: str) -> subprocess.CompletedProcess[str]:
    run(folder, "git", "add", ".")
    return run(folder, "git", "commit", "--quiet", "-m", message)


def test_the_hook_lets_pass_what_is_fine_and_stops_what_breaks(repository: Path) -> None:
    schema = repository / "schemas/erp-invoice.json"
    schema.write_text(TWO)
    fine = commit(repository, "a field more")
    assert fine.returncode == 0, fine.stderr
    schema.write_text(closed(number="integer"))
    stopped = commit(repository, "another type")
    assert stopped.returncode == 1
    assert "schemas/erp-invoice.json:" in stopped.stdout + stopped.stderr
    assert "type-changed  schemas/erp-invoice.json:6" in stopped.stdout + stopped.stderr
    assert run(repository, "git", "log", "--oneline").stdout.count("\n") == 2
    (repository / "schemas/new.json").write_text("{}")
    schema.write_text(TWO)
    assert commit(repository, "a schema that is new").returncode == 0


def test_what_can_not_be_read_is_stopped_too(repository: Path) -> None:
    (repository / "schemas/erp-invoice.json").write_text('{"type": ,}')
    stopped = commit(repository, "broken")
    assert stopped.returncode == 1
    assert "not valid JSON" in stopped.stdout + stopped.stderr


def test_workflows_have_the_shape_that_their_services_ask_for() -> None:
    workflow = read("github-actions.yml")
    assert True in workflow  # `on`, which YAML 1.1 takes for a truth
    (job,) = workflow["jobs"].values()
    assert all(("run" in step) != ("uses" in step) for step in job["steps"])
    assert workflow["permissions"]["security-events"] == "write"
    job = read("gitlab-ci.yml")["gate"]
    assert {"image", "rules", "script", "artifacts"} <= job.keys()
    assert job["artifacts"]["reports"]["junit"] == "gate.xml"


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml"])
def test_their_scripts_ask_about_what_changed(repository: Path, name: str) -> None:
    document = read(name)
    if name == "github-actions.yml":
        (job,) = document["jobs"].values()
        script = next(step["run"] for step in job["steps"] if step.get("id") == "gate")
    else:
        script = document["gate"]["script"][0]
    run(repository, "git", "branch", "was")
    (repository / "schemas/erp-invoice.json").write_text(TWO)
    (repository / "schemas/customer.json").write_text("{}")
    assert commit(repository, "two schemas").returncode == 0
    run(repository, "git", "update-ref", "refs/remotes/origin/main", "was")
    run(repository, "git", "fetch", ".", "was")
    tools = repository / "tools"
    tools.mkdir()
    (tools / "controlplane").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    (tools / "controlplane").chmod(0o755)
    told = run(repository, "sh", "-c", f"export PATH={tools}:$PATH GITHUB_BASE_REF=main; {script}")
    words = told.stdout.split()
    assert words[:9] == [
        "gate",
        *("--subject", "customer", "--file", "schemas/customer.json"),
        *("--subject", "erp-invoice", "--file", "schemas/erp-invoice.json"),
    ], told.stderr
    assert "sarif=gate.sarif" in words
    assert json.dumps(words).count("--write") == 3
