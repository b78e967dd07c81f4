"""``controlplane gate``: ask a server whether a changed document may ship."""

from __future__ import annotations

from typing import Annotated

import typer

from controlplane.cli.errors import UserError
from registry.compat.render import output_names

DENIED = 1


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("gate")(gate)


def gate(
    *,
    subject: Annotated[str, typer.Option(help="The name of the schema, as it is declared.")],
    file: Annotated[str, typer.Option(help="The document that is proposed ('-' for stdin).")],
    server: Annotated[str | None, typer.Option(help="The server; default CONTROLPLANE_SERVER.")] = None,
    token: Annotated[str | None, typer.Option(help="The token; default CONTROLPLANE_TOKEN.")] = None,
    output: Annotated[str, typer.Option(help=f"One of: {', '.join(output_names())}.")] = "text",
) -> None:
    """Ask whether a changed document may ship: what it breaks, what the policies say, which workflows it may touch.

    Nothing is published. Exit code 0: allowed, perhaps with a warning. 1: denied. 2: no answer, or wrong usage.
    """
    # Imported here so that offline commands start quickly.
    from controlplane.cli.client import ServerClient  # noqa: PLC0415
    from controlplane.cli.files import STDIN, read_text  # noqa: PLC0415
    from controlplane.cli.gating import ask, tell  # noqa: PLC0415

    if output not in output_names():
        raise UserError(f'--output: there is no "{output}"; there are {", ".join(output_names())}')
    text = read_text(file)
    name = "standard input" if file == STDIN else file
    evaluation = ask(ServerClient(server, token), subject, name, text)
    typer.echo(tell(evaluation, name, output))
    raise typer.Exit(DENIED if evaluation["verdict"] == "deny" else 0)
