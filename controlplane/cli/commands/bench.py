"""``controlplane bench``: what this machine does, beside what it could."""

from __future__ import annotations

import inspect
import json
from typing import Annotated, Literal

import typer

from controlplane.cli.errors import UserError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(bench)


def bench(
    name: Annotated[
        str, typer.Argument(help="check, correlate, gate, ingest, query or registry; they stand in benchmarks/.")
    ],
    *,
    seconds: Annotated[float, typer.Option(min=0.1, max=3600, help="About how long.")] = 20.0,
    output: Annotated[Literal["text", "json"], typer.Option(help="text or json, one flat object of figures.")] = "text",
    rate: Annotated[str | None, typer.Option(help="ingest: full, quiet (10 requests/s) or spans a second.")] = None,
    protocol: Annotated[
        Literal["grpc", "http", "both"] | None, typer.Option(help="ingest: how spans are sent.")
    ] = None,
    spans: Annotated[int | None, typer.Option(min=1, max=100_000, help="ingest: spans in each request.")] = None,
    senders: Annotated[int | None, typer.Option(min=1, max=1_000, help="ingest: requests under way at once.")] = None,
    instances: Annotated[
        int | None, typer.Option(min=1, max=100_000_000, help="correlate: instances of ten milestones each.")
    ] = None,
) -> None:
    """Measure on this machine and say beside what."""
    # Imported here so that the other commands start quickly.
    from controlplane.cli.benchmarks import load  # noqa: PLC0415

    module = load(name)
    asked = {"rate": rate, "protocol": protocol, "spans": spans, "senders": senders, "instances": instances}
    options = {option: value for option, value in asked.items() if value is not None}
    if unknown := sorted(options.keys() - inspect.signature(module.run).parameters.keys()):
        raise UserError(f"benchmark {name!r} has no option --{unknown[0]}")
    if output == "text":
        typer.echo((module.__doc__ or name).strip())
    figures = module.run(seconds, **options)
    if output == "json":
        typer.echo(json.dumps(figures))
        return
    if hasattr(module, "rows"):  # a benchmark's own table
        typer.echo("\n".join(module.rows(figures)))
        return
    width = max(map(len, figures))
    for key, value in figures.items():
        typer.echo(f"{key:<{width}}  {value:,.4g}" if isinstance(value, float) else f"{key:<{width}}  {value}")
