"""``controlplane bench``: what this machine does, beside what it could."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(bench)


def bench(
    name: Annotated[str, typer.Argument(help="What to measure: a file in benchmarks/.")],
    *,
    seconds: Annotated[float, typer.Option(min=0.1, max=3600, help="About how long.")] = 20.0,
    output: Annotated[Literal["text", "json"], typer.Option(help="text or json, one flat object of figures.")] = "text",
) -> None:
    """Measure on this machine and say beside what."""
    # Imported here so that the other commands start quickly.
    from controlplane.cli.benchmarks import load  # noqa: PLC0415

    module = load(name)
    if output == "text":
        typer.echo((module.__doc__ or name).strip())
    figures = module.run(seconds)
    if output == "json":
        typer.echo(json.dumps(figures))
        return
    width = max(map(len, figures))
    for key, value in figures.items():
        typer.echo(f"{key:<{width}}  {value:,.4g}" if isinstance(value, float) else f"{key:<{width}}  {value}")
