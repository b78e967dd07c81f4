"""``controlplane demo``: an example company to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    *,
    history_days: Annotated[
        float, typer.Option(min=0.1, max=90, help="Days of history before the demo begins.")
    ] = 30.0,
    live: Annotated[bool, typer.Option(help="Go on with live traffic once the history is there.")] = True,
    seed: Annotated[int, typer.Option(help="Another seed tells other stories.")] = 7,
    data_dir: Annotated[
        Path | None, typer.Option(help="Keep the data here instead of in a temporary directory.", file_okay=False)
    ] = None,
) -> None:
    """Serve a lively example company until Ctrl-C, and print the address of its pages."""
    # Imported here so that the other commands start quickly.
    from controlplane.demo import run  # noqa: PLC0415
    from controlplane.demo.processes import interrupt_once  # noqa: PLC0415
    from controlplane.demo.screen import Screen  # noqa: PLC0415
    from controlplane.settings import Settings, load  # noqa: PLC0415

    interrupt_once()
    screen = Screen()
    try:
        run.demo(run.Options(history_days, seed, live, data_dir), load(Settings), screen)
    except KeyboardInterrupt:
        screen.farewell()
