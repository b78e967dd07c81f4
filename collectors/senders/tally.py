"""What was sent and refused since the last look, counted in memory; a request costs a few additions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from collectors.senders.reasons import Reason

MINUTE = 60
#: Different lines that are kept apart until the next look; what comes beyond is counted under ``OTHERS``, so that whoever
#: makes up names can fill neither our memory nor the store.
MOST_LINES = 2_000
OTHERS = "(others)"
#: Characters of a name, and of an example.
MOST_NAME, MOST_EXAMPLE = 200, 500


class Sender(NamedTuple):
    """Who sent a request, as far as its transport tells.

    Attributes:
        token: the name of its token, "" without one.
        peer: its address without the port, which changes from one connection to the next.
        agent: what it says of itself in ``user-agent``.
        transport: ``grpc``, ``http/protobuf`` or ``http/json``.
    """

    token: str
    peer: str
    agent: str
    transport: str


class Line(NamedTuple):
    """What is counted together: one sender's one service in one minute, taken ("") or refused for one reason."""

    minute: int
    token: str
    service: str
    peer: str
    agent: str
    transport: str
    reason: str


@dataclass(slots=True)
class Counts:
    """``lag`` is seconds from the end of a request's last span to its arrival, summed over ``timed`` requests."""

    requests: int = 0
    spans: int = 0
    bytes: int = 0
    lag: float = 0.0
    lag_most: float = 0.0
    timed: int = 0
    last: int = 0
    example: str = ""


@dataclass(slots=True)
class Tally:
    """Counts by line. ``refused`` counts requests, and ``left_out`` spans, by reason since the start of the process.

    ``shown`` gives what of an example may be kept: what was wrong with a request may quote it.
    """

    shown: Callable[[str], str] = str
    refused: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    _lines: dict[Line, Counts] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def taken(self, sender: Sender, services: Mapping[str, int], size: int, lag: float | None, now: int) -> None:
        """Count a request whose spans are stored.

        Args:
            sender: who sent it.
            services: ``service.name`` -> how many of the spans are its.
            size: bytes of the body, shared out among the services by their spans.
            lag: seconds between its last span's end and its arrival; None without a span.
            now: nanoseconds.
        """
        total = sum(services.values()) or 1
        with self._lock:
            for service, spans in services.items() or [("", 0)]:
                counts = self._of(sender, service, "", now)
                counts.requests += 1
                counts.spans += spans
                counts.bytes += size * spans // total
                if lag is not None:
                    counts.lag += lag
                    counts.lag_most = max(counts.lag_most, lag)
                    counts.timed += 1

    def refuse(
        self,
        sender: Sender,
        reason: Reason,
        example: str,
        now: int,
        services: Mapping[str, int] | None = None,
        size: int = 0,
    ) -> None:
        """Count a request of which all, or the spans of ``services``, were refused; ``example`` says what was wrong."""
        lost = services or {"": 0}
        kept = self.shown(example)[:MOST_EXAMPLE]
        with self._lock:
            self.refused[reason] = self.refused.get(reason, 0) + 1
            self.left_out[reason] = self.left_out.get(reason, 0) + sum(lost.values())
            for service, spans in lost.items():
                counts = self._of(sender, service, reason, now)
                counts.requests += 1
                counts.spans += spans
                counts.bytes += size
                counts.example = kept

    def drain(self) -> dict[Line, Counts]:
        """What was counted since the last call."""
        with self._lock:
            lines, self._lines = self._lines, {}
        return lines

    def _of(self, sender: Sender, service: str, reason: str, now: int) -> Counts:
        minute = now // 1_000_000_000 // MINUTE * MINUTE
        token, peer, agent, transport = sender
        line = Line(
            minute, token[:MOST_NAME], service[:MOST_NAME], peer[:MOST_NAME], agent[:MOST_NAME], transport, reason
        )
        counts = self._at(line)
        counts.last = max(counts.last, now)
        return counts

    def _at(self, line: Line) -> Counts:
        found = self._lines.get(line)
        if found is None:
            if len(self._lines) >= MOST_LINES:
                line = line._replace(service=OTHERS, peer=OTHERS, agent=OTHERS)
            found = self._lines.setdefault(line, Counts())
        return found
