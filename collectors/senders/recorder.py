"""Writes what the tally counted into the store every few seconds, so that several servers add up and a restart loses little."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from collectors.senders.tally import Counts, Line, Tally
from collectors.store.client import Store, StoreError

log = logging.getLogger(__name__)

#: How long what was counted may wait, and with it how old the report may be.
EVERY_SECONDS = 5.0
COLUMNS = (
    "minute", "token", "service", "peer", "agent", "transport", "reason", "collector",
    "requests", "spans", "bytes", "lag", "lag_most", "timed", "last", "example",
)  # fmt: skip


@dataclass(slots=True)
class Recorder:
    """A task that goes on until it is told to stop."""

    store: Store
    tally: Tally
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    _waiting: list[list[Any]] = field(default_factory=list)
    _ending: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the loop that runs."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write what is left, then end."""
        self._ending.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), EVERY_SECONDS)
            try:
                await asyncio.to_thread(self.record)
            except StoreError as error:
                log.debug("the report about senders waits for the store: %s", error)

    def record(self) -> None:
        """Write what was counted since the last call.

        The same rows go out again if their answer was lost, and the store takes a block that it has seen for what it is.

        Raises:
            StoreError: the store did not take it; it is kept for the next call.
        """
        if not self._waiting:
            self._waiting = [_row(line, counts, self.name) for line, counts in _sorted(self.tally.drain().items())]
        if self._waiting:
            self.store.insert("sender_activity", self._waiting, COLUMNS)
            self._waiting = []


def _sorted(lines: Iterable[tuple[Line, Counts]]) -> list[tuple[Line, Counts]]:
    return sorted(lines, key=lambda one: one[0])


def _row(line: Line, counts: Counts, collector: str) -> list[Any]:
    return [
        *line, collector, counts.requests, counts.spans, counts.bytes, counts.lag, counts.lag_most, counts.timed,
        counts.last // 1_000_000, counts.example,
    ]  # fmt: skip
