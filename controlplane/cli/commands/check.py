from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from controlplane.cli.batch import run_batch
from controlplane.cli.check_config import options_from, read_config
from controlplane.cli.errors import UserError
from controlplane.cli.files import STDIN, read_text
from registry.compat.engine import check as judge
from registry.compat.model import DocumentError, Format, Mode, Names, OptionError
from registry.compat.render import output_names, render

REFUSED = 1


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("check")(check)


def check(
    old: Annotated[str | None, typer.Argument(metavar="OLD", help="The version that there is ('-' for stdin).")] = None,
    new: Annotated[str | None, typer.Argument(metavar="NEW", help="The version that is proposed.")] = None,
    *,
    format_: Annotated[str | None, typer.Option("--format", help=f"One of: {', '.join(Format)}.")] = None,
    mode: Annotated[str, typer.Option(help=f"Whose data or calls must survive: {', '.join(Mode)}.")] = "BACKWARD",
    output: Annotated[str, typer.Option(help=f"One of: {', '.join(output_names())}.")] = "text",
    as_of: Annotated[str | None, typer.Option(help="The day to judge sunsets and waivers by.", metavar="DATE")] = None,
    config: Annotated[
        str | None, typer.Option(help="YAML: severity, waivers, content_model, ...", metavar="FILE")
    ] = None,
    batch: Annotated[
        str | None,
        typer.Option(help="JSON Lines of {id, format, mode, old, new}, in place of OLD NEW.", metavar="FILE"),
    ] = None,
    older: Annotated[
        list[str] | None, typer.Option(help="A version before OLD, oldest first; counts in transitive modes.")
    ] = None,
) -> None:
    """Compare two versions of a document: what breaks, for whom, and what to do instead.

    Exit code 0: nothing breaks. 1: something does. 2: wrong usage or unreadable input.
    """
    if output not in output_names():
        raise UserError(f'--output: there is no "{output}"; there are {", ".join(output_names())}')
    settings = read_config(config)
    if batch is not None:
        if old is not None or new is not None:
            raise UserError("--batch takes the place of OLD and NEW: give one or the other")
        raise typer.Exit(run_batch(batch, settings, format_, mode, as_of or datetime.now(UTC).date().isoformat()))
    if old is None or new is None or format_ is None:
        missing = "OLD and NEW" if old is None or new is None else "--format"
        raise UserError(f"check needs {missing}: controlplane check OLD NEW --format FORMAT")
    raise typer.Exit(_check_files([*(older or []), old], new, format_, mode, output, options=(settings, as_of, config)))


def _check_files(
    olds: list[str],
    new: str,
    format_: str,
    mode: str,
    output: str,
    *,
    options: tuple[dict[str, object], str | None, str | None],
) -> int:
    if [*olds, new].count(STDIN) > 1:
        raise UserError("only one of the documents can come from standard input")
    settings, as_of, config = options
    chosen, wanted = read_format(format_), read_mode(mode)
    read = options_from(settings, as_of, config or "check")
    texts, text = [read_text(name) for name in olds], read_text(new)
    try:
        report = judge(chosen, texts, text, mode=wanted, options=read)
    except DocumentError as error:
        raise UserError(_located(error, olds[-1], new)) from error
    except OptionError as error:
        raise UserError(f"{config or 'check'}: {error}") from error
    typer.echo(render(report, output, Names(olds[-1], new)))
    return 0 if report.compatible else REFUSED


def read_format(name: str) -> Format:
    """A format by its name.

    Raises:
        UserError: there is none of that name.
    """
    try:
        return Format(name)
    except ValueError:
        raise UserError(f'--format: there is no "{name}"; there are {", ".join(Format)}') from None


def read_mode(name: str) -> Mode:
    """A mode by its name, in capitals or not.

    Raises:
        UserError: there is none of that name.
    """
    try:
        return Mode(name.upper())
    except ValueError:
        raise UserError(f'--mode: there is no "{name}"; there are {", ".join(Mode)}') from None


def _located(error: DocumentError, old: str, new: str) -> str:
    """The error with the name of the file that it is about, where it says which."""
    name = old if error.path.startswith("old") else new if error.path.startswith("new") else ""
    name = "standard input" if name == STDIN else name
    line = f"line {error.line}: " if error.line is not None else ""
    return f"{name}: {line}{error.message}" if name else str(error)
