"""``controlplane gate``: ask a server whether changed documents may ship."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from controlplane.cli.errors import UserError
from controlplane.cli.written import check_output, wanted, write
from registry.compat.render import output_names

DENIED = 1


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("gate")(gate)


def gate(
    *,
    subject: Annotated[list[str], typer.Option(help="The name of the schema; repeated for several documents.")],
    file: Annotated[list[str], typer.Option(help="The document that is proposed ('-' for stdin), one a subject.")],
    server: Annotated[str | None, typer.Option(help="The server; default CONTROLPLANE_SERVER.")] = None,
    token: Annotated[str | None, typer.Option(help="The token; default CONTROLPLANE_TOKEN.")] = None,
    output: Annotated[str, typer.Option(help=f"One of: {', '.join(output_names())}.")] = "text",
    write_: Annotated[
        list[str] | None, typer.Option("--write", metavar="FORM=FILE", help="A further output, into a file.")
    ] = None,
    context: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE", help="What policies may ask for; GitHub's and GitLab's variables are known."
        ),
    ] = None,
    baseline: Annotated[str | None, typer.Option(metavar="FILE", help="Only what is not in this file denies.")] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="Write it; take out what is gone.")
    ] = False,
    grow_baseline: Annotated[bool, typer.Option("--grow-baseline", help="Agree that it takes in what is new.")] = False,
    fail_open: Annotated[
        bool, typer.Option("--fail-open", help="Exit 0 with a loud warning if the server can't be asked.")
    ] = False,
) -> None:
    """Ask whether changed documents may ship: what breaks, what the policies say, whom it may touch.

    Nothing is published. Exit code 0: allowed, perhaps with a warning. 1: denied. 2: no answer, or wrong usage.
    """
    # Imported here so that offline commands start quickly.
    from controlplane.cli import gating  # noqa: PLC0415
    from controlplane.cli.baselines import Wanted  # noqa: PLC0415
    from controlplane.cli.ci_context import context_of  # noqa: PLC0415
    from controlplane.cli.client import NoAnswerError, ServerClient  # noqa: PLC0415
    from controlplane.cli.files import STDIN, read_text  # noqa: PLC0415

    check_output(output)
    if len(subject) != len(file):
        raise UserError(f"each --subject needs its --file, but there are {len(subject)} and {len(file)}")
    if file.count(STDIN) > 1:
        raise UserError("only one of the documents can come from standard input")
    files, known = wanted(write_), Wanted(baseline, update_baseline, grow_baseline).checked()
    documents = [
        gating.Document(name, "standard input" if one == STDIN else one, read_text(one))
        for name, one in zip(subject, file, strict=True)
    ]
    try:
        answered = gating.ask(ServerClient(server, token), documents, context_of(os.environ, context or []))
    except NoAnswerError as error:
        if not fail_open:
            raise
        typer.echo(f"WARNING: NOT JUDGED, let pass because of --fail-open: {error}", err=True)
        if output == "github":
            typer.echo(f"::warning title=not judged::The gate could not be asked: {error}")
        return
    answered = gating.with_baseline(answered, known)
    write(files, lambda form: gating.tell(answered, form))
    typer.echo(gating.tell(answered, output))
    raise typer.Exit(DENIED if answered.refused else 0)
