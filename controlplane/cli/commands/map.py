"""``controlplane map``: mappings, checked and tried, with a server or from files alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_FILES = typer.Option("--file", "-f", help="A file or folder of manifests; may be given several times.")
_SERVER = typer.Option(help="The server; default CONTROLPLANE_SERVER.")
_TOKEN = typer.Option(help="The token; default CONTROLPLANE_TOKEN.")
_OUTPUT = typer.Option(help="text or json.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Check mappings and try them on payloads.", no_args_is_help=True)
    group.command("check")(check)
    group.command("try")(try_)
    group.command("list")(list_)
    app.add_typer(group, name="map")


def check(
    *,
    files: Annotated[list[Path], _FILES],
    notes: Annotated[bool, typer.Option("--notes", help="Show notes too, not only errors and warnings.")] = False,
    output: Annotated[str, _OUTPUT] = "text",
) -> None:
    """Check mappings in files against the schemas beside them, without a server.

    Exit code 0: nothing wrong, perhaps warnings. 1: an error. 2: wrong usage or files that can't be read.
    """
    # Imported here, and below, so that other commands start quickly.
    from controlplane.cli import mapping_files  # noqa: PLC0415

    raise typer.Exit(mapping_files.check(files, notes=notes, output=output))


def try_(
    name: Annotated[str, typer.Argument(help="The mapping's name.")],
    *,
    payload: Annotated[str, typer.Option(help="A file with the payload as JSON ('-' for stdin).")],
    files: Annotated[list[Path] | None, _FILES] = None,
    back: Annotated[bool, typer.Option("--back", help="The way back, from the target to the source.")] = False,
    output: Annotated[str, _OUTPUT] = "text",
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Apply a mapping to a payload: the result, where each value comes from, and whether it is valid.

    With -f the mapping and its schemas are read from files and no server is asked. Exit code 0: it worked. 1: a field
    could not be filled, or the result is not valid. 2: wrong usage or input that can't be read.
    """
    from controlplane.cli import mapping_files, mappings  # noqa: PLC0415
    from controlplane.cli.files import read_text  # noqa: PLC0415

    text = read_text(payload)
    if files:
        told = mapping_files.attempt(files, name, text, back=back)
    else:
        from controlplane.cli.client import ServerClient  # noqa: PLC0415

        told = mappings.ask(ServerClient(server, token), name, text, back=back)
    typer.echo(mappings.tell(told, output))
    raise typer.Exit(0 if told["ok"] else 1)


def list_(
    *,
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """List the server's mappings with what each covers, one a line."""
    from controlplane.cli import mappings  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    mappings.show(ServerClient(server, token))
