"""The inserts of this process that are under way: nothing received before the oldest of them began is surely visible."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field


def micros() -> int:
    """Microseconds of a clock of ours that only goes on, whatever is done to the time of day."""
    return time.monotonic_ns() // 1000


@dataclass(slots=True)
class Inserts:
    """Tickets of inserts; safe to use from any thread."""

    _began: dict[int, int] = field(default_factory=dict)
    _until: dict[int, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> int:
        """An insert begins: its ticket."""
        with self._lock:
            ticket = max(self._began, default=0) + 1
            self._began[ticket] = micros()
            return ticket

    def end(self, ticket: int, hold: float = 0.0) -> None:
        """It has ended, or will at the latest ``hold`` seconds from now."""
        with self._lock:
            if hold > 0:
                self._until[ticket] = micros() + int(hold * 1_000_000)
            else:
                del self._began[ticket]

    def low_water(self) -> int:
        """Everything received before this microsecond (our clock) is visible, as far as this process inserted it."""
        with self._lock:
            now = micros()
            for ticket in [ticket for ticket, until in self._until.items() if until < now]:
                del self._until[ticket], self._began[ticket]
            return min(self._began.values(), default=now)
