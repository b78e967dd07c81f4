"""Work that a server does by itself, again and again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(slots=True)
class Recurring:
    """Work in a thread, at once and again after each pause. It deals with its own errors: one that it raises ends it."""

    work: Callable[[], object]
    every: timedelta
    _task: asyncio.Task[None] | None = field(default=None, init=False)

    def start(self) -> None:
        """Begin, in the loop that runs."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> bool:
        """End, once what is under way is finished; false if it was never begun."""
        if self._task is None:
            return False
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        return True

    async def _run(self) -> None:
        while True:
            # Shielded, so that stores are not closed under it.
            working = asyncio.create_task(asyncio.to_thread(self.work))
            try:
                await asyncio.shield(working)
            except asyncio.CancelledError:
                await working
                raise
            await asyncio.sleep(self.every.total_seconds())
