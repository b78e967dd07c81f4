from __future__ import annotations

import contextlib
import importlib
import os
import pkgutil
import sys

import typer

from controlplane.cli import commands
from controlplane.cli.errors import UserError
from registry.compat.model import DocumentError

USAGE = 2

app = typer.Typer(
    name="controlplane",
    help="See, judge and govern what runs between CRM, billing and ERP.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _frame() -> None:
    """See, judge and govern what runs between CRM, billing and ERP."""


def load_commands(into: typer.Typer) -> list[str]:
    """Register every module of ``commands/`` with the app; returns their names in alphabetical order."""
    names = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    for name in names:
        importlib.import_module(f"{commands.__name__}.{name}").register(into)
    return names


def one_line(text: str) -> str:
    """The text with all white space, line breaks too, shrunk to single spaces."""
    return " ".join(text.split())


def _usage_text(error: typer.TyperException) -> str:
    context: typer.Context | None = getattr(error, "ctx", None)
    command = context.command_path if context is not None else app.info.name
    return f"{command}: {error.format_message()} Try '{command} --help'."


def main(arguments: list[str]) -> int:
    """Run one command line; returns the exit code (0 allowed, 1 refused, 2 wrong usage or unreadable input)."""
    if not (app.registered_commands or app.registered_groups):
        load_commands(app)
    command = typer.main.get_command(app)
    try:
        code = command.main(arguments or ["--help"], prog_name="controlplane", standalone_mode=False)
    except typer.TyperException as error:
        _complain(_usage_text(error))
        return USAGE
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # Whoever read us (head, less) has seen enough; a second complaint at interpreter exit helps no one.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except (UserError, DocumentError) as error:
        _complain(f"controlplane: {error}")
        return USAGE
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _complain(f"controlplane: {place}{error.strerror or error}")
        return USAGE
    return code if isinstance(code, int) else 0


def _complain(sentence: str) -> None:
    typer.echo(one_line(sentence), err=True)


def run() -> None:
    """The console script's entry point: whatever goes wrong, one line; CONTROLPLANE_DEBUG=1 shows the traceback."""
    if os.environ.get("CONTROLPLANE_DEBUG"):
        sys.exit(main(sys.argv[1:]))
    try:
        code = main(sys.argv[1:])
    except Exception as error:  # noqa: BLE001 -- a fault of ours, told as such to someone who can't read tracebacks
        fault = f"{type(error).__name__}: {error}"
        _complain(f"controlplane: a fault of this program: {fault}. CONTROLPLANE_DEBUG=1 shows where")
        code = USAGE
    sys.exit(code)
