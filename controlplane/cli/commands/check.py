from __future__ import annotations

from typing import Annotated

import typer

from controlplane.cli.baselines import Wanted, marked
from controlplane.cli.batch import run_batch
from controlplane.cli.check_config import read_config
from controlplane.cli.check_files import Asked, judge_files
from controlplane.cli.errors import UserError
from controlplane.cli.written import check_output, wanted, write
from registry.compat.model import Format, Mode
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
    write_: Annotated[
        list[str] | None, typer.Option("--write", metavar="FORM=FILE", help="A further output, into a file.")
    ] = None,
    baseline: Annotated[str | None, typer.Option(metavar="FILE", help="Only what is not in this file refuses.")] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="Write it; take out what is gone.")
    ] = False,
    grow_baseline: Annotated[bool, typer.Option("--grow-baseline", help="Agree that it takes in what is new.")] = False,
) -> None:
    """Compare two versions of a document: what breaks, for whom, and what to do instead.

    Exit code 0: nothing breaks. 1: something does. 2: wrong usage or unreadable input.
    """
    check_output(output)
    files, known = wanted(write_), Wanted(baseline, update_baseline, grow_baseline).checked()
    if batch is not None:
        if old is not None or new is not None:
            raise UserError("--batch takes the place of OLD and NEW: give one or the other")
        raise typer.Exit(run_batch(batch, read_config(config), format_, mode, as_of))
    if old is None or new is None:
        raise UserError("check needs OLD and NEW: controlplane check OLD NEW --format FORMAT")
    if format_ is None:
        raise UserError(f"check needs --format: one of {', '.join(Format)}")
    judged = judge_files(Asked([*(older or []), old], new, format_, mode, as_of, config))
    (report,) = marked(known, [("", judged.report)])
    write(files, lambda form: render(report, form, judged.names))
    typer.echo(render(report, output, judged.names))
    raise typer.Exit(0 if report.compatible else REFUSED)
