from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from controlplane.cli.check_files import read_format
from controlplane.cli.errors import UserError
from registry.compat.model import Format
from registry.compat.rule_docs import page


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("rules")(rules)


def rules(
    *,
    format_: Annotated[
        str | None, typer.Option("--format", help=f"One of: {', '.join(Format)}; all of them if left out.")
    ] = None,
    write: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write a page for each format there, in place of printing.")
    ] = None,
) -> None:
    """Explain every compatibility rule: what it means, who is hurt, what to do instead."""
    chosen = [read_format(format_)] if format_ is not None else list(Format)
    pages = {one: page(one) for one in chosen}
    if write is None:
        typer.echo("\n".join(pages.values()).rstrip("\n"))
        return
    try:
        write.mkdir(parents=True, exist_ok=True)
        for one, text in pages.items():
            (write / f"{one.value}.md").write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{write}: can't be written: {error.strerror}") from error
    typer.echo(f"Wrote {len(pages)} {'page' if len(pages) == 1 else 'pages'} to {write}")
