from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from controlplane.cli import main as frame
from tests.controlplane.cli.running import controlplane


def test_help_is_what_no_arguments_give() -> None:
    nothing, asked = controlplane(), controlplane("--help")
    assert nothing.code == asked.code == 0
    assert nothing.out == asked.out
    assert all(command in asked.out for command in ("check", "changelog", "rules"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek"], "controlplane: No such command 'chek'"),
        (["check", "--modee", "x"], "No such option"),
        (["check", "--mode"], "Option '--mode' requires an argument."),
        (["changelog"], "controlplane changelog: Missing argument 'OLD'."),
        (["check", "a", "b", "c", "--format", "avro"], "unexpected extra argument"),
    ],
)
def test_wrong_usage_is_one_line_and_code_2(arguments: list[str], words: str) -> None:
    outcome = controlplane(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.count("\n") == 1
    assert words in outcome.err
    assert "--help" in outcome.err


def test_every_commands_module_registers_something() -> None:
    names = frame.load_commands(frame.typer.Typer())
    assert {"check", "changelog", "rules"} <= set(names)


def test_every_command_says_what_it_does_and_what_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    app = frame.typer.Typer()
    frame.load_commands(app)
    tried = 0

    def look(command: Any, path: list[str]) -> None:
        nonlocal tried
        assert command.help, path
        for below in getattr(command, "commands", {}).values():
            look(below, [*path, below.name])
        for parameter in command.params:
            assert getattr(parameter, "help", None), (path, parameter.name)
        assert frame.main([*path, "--help"]) == 0, path
        said = capsys.readouterr()
        assert ("Usage: controlplane" in said.out, said.err) == (True, ""), path
        assert frame.main([*path, "--no-such-option"]) == 2, path
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1), (path, said)
        tried += 1

    for command in frame.typer.main.get_command(app).commands.values():  # type: ignore[attr-defined] # a group has them
        look(command, [command.name])
    assert tried > 60


def test_check_loads_nothing_heavy() -> None:
    script = (
        "import sys; from controlplane.cli import main; main.main(['check', '--help']);"
        "print([name for name in ('chdb', 'fastapi', 'sqlalchemy', 'pandas', 'grpc', 'jsonschema', 'httpx') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    command = f"{sys.executable} -m controlplane.cli rules | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("# Rules: ")
    assert done.stderr == ""
    assert done.returncode in (0, 141)


@pytest.mark.parametrize("debug", [False, True])
def test_a_fault_of_ours_is_one_line_unless_asked_for(debug: bool) -> None:
    script = (
        "import sys; sys.argv = ['controlplane', 'check']; from controlplane.cli import main;"
        "main.main = lambda arguments: 1 / 0; main.run()"
    )
    environment = {**os.environ, "CONTROLPLANE_DEBUG": "1" if debug else ""}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment)
    assert ("Traceback" in done.stderr) == debug
    assert debug or (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "ZeroDivisionError: division by zero" in done.stderr
