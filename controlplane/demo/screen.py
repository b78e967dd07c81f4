"""What the demo says to whoever started it: a moving bar on a terminal, plain lines anywhere else."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

from controlplane.demo.client import Figures

_PLURALS = {"API": "APIs", "SLA": "SLAs", "Policy": "policies"}


class Bar:
    """How far the history has come."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task

    def of(self, total: int) -> None:
        """How many spans there are in all."""
        self._progress.update(self._task, total=total)

    def reached(self, spans: int) -> None:
        """How many the receivers have taken."""
        self._progress.update(self._task, completed=spans)


class Screen:
    """The demo's voice on standard output."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, soft_wrap=True)

    def say(self, text: str) -> None:
        """One line."""
        self._console.print(text, markup=False)

    def title(self, seed: int, folder: Path, *, kept: bool) -> None:
        """What this is."""
        self._console.print("[bold]Northwind Cloud[/bold], an example company that bills from US01, DE01 and SG01")
        self.say(f"Seed {seed}. Data in {folder}{'' if kept else ' until the demo ends; --data-dir keeps it'}.")

    @contextlib.contextmanager
    def waiting(self, text: str) -> Iterator[None]:
        """A step that takes a moment."""
        if self._console.is_terminal:
            with self._console.status(f"{text} ..."):
                yield
        else:
            self.say(f"{text} ...")
            yield

    def declared(self, kinds: Mapping[str, int], folder: Path) -> None:
        """What the manifests hold."""
        parts = (f"{count} {_PLURALS.get(kind, kind.lower() + 's')}" for kind, count in kinds.items())
        self.say(f"Declared {', '.join(parts)} from {folder}.")

    @contextlib.contextmanager
    def loading(self, days: float) -> Iterator[Bar]:
        """The history on its way."""
        text = f"Sending {days:g} {'day' if days == 1 else 'days'} of history"
        if not self._console.is_terminal:
            self.say(f"{text} ...")
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        quiet = not self._console.is_terminal
        with Progress(*columns, console=self._console, transient=True, disable=quiet) as progress:
            yield Bar(progress, progress.add_task(text, total=None))

    def loaded(self, report: Mapping[str, Any]) -> None:
        """The history is there."""
        self.say(
            f"Sent {report['spans']:,} spans of {report['orders']:,} orders and {report['invoices']:,} invoices "
            f"in {report['seconds']} s, over OTLP/gRPC and OTLP/HTTP."
        )

    def figures(self, figures: Figures) -> None:
        """What finance would see first."""
        decided = figures.met + figures.breached + figures.overdue
        share = f"{figures.met / decided:.1%}" if decided else "none yet"
        self.say(
            f"Of {figures.count:,} invoices, {share} were posted within 15 minutes; "
            f"{figures.breached:,} came late and {figures.overdue:,} are overdue."
        )

    def ready(self, *, pages: str, link: str, token: str, grpc: str, http: str, live: bool) -> None:
        """Where to go from here."""
        rows = {
            "Pages": pages,
            "Sign in": f"{link}  (works once, within the hour)",
            "Commands": f"CONTROLPLANE_SERVER={pages} CONTROLPLANE_TOKEN={token}",
            "OTLP/gRPC": grpc,
            "OTLP/HTTP": f"{http}/v1/traces",
        }
        self.say("")
        for name, value in rows.items():
            self.say(f"  {name:<10} {value}")
        self.say("")
        self.say("The OTLP receivers take spans from this machine without a token (CONTROLPLANE_OTLP_OPEN).")
        self.say(f"{'New orders and invoices keep coming. ' if live else ''}Ctrl-C ends the demo.")

    def farewell(self) -> None:
        """The end."""
        self.say("The company and the server have ended.")
