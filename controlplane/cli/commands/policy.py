"""``controlplane policy``: the policies that come along, their cases, and trying one before it goes live."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from controlplane.cli.errors import UserError

_SERVER = typer.Option(help="The server; default CONTROLPLANE_SERVER.")
_TOKEN = typer.Option(help="The token; default CONTROLPLANE_TOKEN.")
_FILES = typer.Option("-f", "--file", help="A file, a folder (read whole) or - for standard input; may be repeated.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="Policies: take the shipped ones, test your own, try one on what there is.", no_args_is_help=True
    )
    group.command("pack")(pack)
    group.command("test")(test)
    group.command("try")(try_)
    group.command("facts")(facts)
    app.add_typer(group, name="policy")


def pack(
    *,
    profile: Annotated[str, typer.Option(help="Whose style: see --list.")] = "house",
    rule: Annotated[list[str] | None, typer.Option(help="Only this rule; may be repeated.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="Name the profiles and their rules instead.")] = False,
    warn_from: Annotated[
        str | None, typer.Option(metavar="DATE", help="Record only until then, warn from then on.")
    ] = None,
    deny_from: Annotated[str | None, typer.Option(metavar="DATE", help="Warn, or record, until then.")] = None,
    owner: Annotated[str | None, typer.Option(help="The team that owns the policies.")] = None,
    docs: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write a page for each rule there, in place of printing.")
    ] = None,
) -> None:
    """Print the shipped policies as manifests: `controlplane policy pack | controlplane apply -f -`."""
    # Imported here, and below, so that other commands start quickly.
    from controlplane.cli import policy_files  # noqa: PLC0415

    if docs is not None:
        typer.echo(policy_files.write_docs(docs))
    elif list_:
        typer.echo(policy_files.listing())
    else:
        typer.echo(policy_files.manifests(profile, rule or [], warn_from, deny_from, owner), nl=False)


def test(files: Annotated[list[Path], _FILES]) -> None:
    """Run the cases that policies bring along, offline. Exit code 1: a case fails or a policy can't work."""
    from controlplane.cli import policy_files  # noqa: PLC0415

    failed, lines = policy_files.tested(files)
    for line in lines:
        typer.echo(line)
    raise typer.Exit(1 if failed else 0)


def try_(
    files: Annotated[list[Path], _FILES],
    *,
    days: Annotated[int, typer.Option(min=1, max=180, help="How far back evaluations are looked at.")] = 90,
    output: Annotated[str, typer.Option(help="text or json.")] = "text",
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Ask a server what policies would say of all that is registered, and of what was asked lately. Nothing is stored."""
    from controlplane.cli import policy_files  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    if output not in {"text", "json"}:
        raise UserError(f'--output: there is no "{output}"; there are json, text')
    typer.echo(policy_files.tried(files, ServerClient(server, token), days, output))


def facts(on: Annotated[str, typer.Argument(help="schema-change, lifecycle-change or mapping-change.")] = "") -> None:
    """List the facts that expressions may ask for, with their types."""
    from controlplane.cli import policy_files  # noqa: PLC0415

    typer.echo(policy_files.facts(on))
