"""A few of the events that were stored, kept aside to be looked at: bounded per kind and minute, and never in the way."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from collectors.events.model import CloudEvent

#: Events of one source and type that are kept in a minute.
PER_MINUTE = 20
#: Events that wait to be looked at; what comes meanwhile is counted and let go.
MOST_WAITING = 500
#: Bytes of an event, on the average of its request, beyond which none is kept.
LARGEST = 256 * 1024
#: Kinds that are told apart until the next look, and events that are known when they come again.
MOST_KINDS, MOST_KNOWN = 2_000, 20_000
_MINUTE = 60


class Kind(NamedTuple):
    """Who says what."""

    source: str
    type: str


class Sample(NamedTuple):
    """What was kept since the last look: events, and of each kind how many came and how many were kept."""

    events: Sequence[CloudEvent]
    seen: Counter[Kind]
    kept: Counter[Kind]


@dataclass(slots=True)
class Sampler:
    """Offered every event, gives some. ``seconds`` is a clock that never goes back.

    ``outcomes`` counts events: let go here (``left out``), and what those who look at the others add.
    """

    seconds: Callable[[], float]
    outcomes: Counter[str] = field(default_factory=Counter)
    _waiting: deque[CloudEvent] = field(default_factory=deque)
    _seen: Counter[Kind] = field(default_factory=Counter)
    _kept: Counter[Kind] = field(default_factory=Counter)
    _minute: int = -1
    _this_minute: Counter[Kind] = field(default_factory=Counter)
    _known: OrderedDict[bytes, None] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def offer(self, events: Sequence[CloudEvent], size: int) -> None:
        """Take note of events that came in a request of ``size`` bytes; one that comes again soon is not new."""
        minute = int(self.seconds()) // _MINUTE
        small = size <= LARGEST * max(1, len(events))
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._this_minute.clear()
            for event in events:
                if self._is_new(event.digest):
                    self._take(event, small=small)

    def drain(self) -> Sample:
        """What was kept since the last call."""
        with self._lock:
            sample = Sample(tuple(self._waiting), self._seen, self._kept)
            self._waiting, self._seen, self._kept = deque(), Counter(), Counter()
        return sample

    def _is_new(self, digest: bytes) -> bool:
        if digest in self._known:
            return False
        self._known[digest] = None
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return True

    def _take(self, event: CloudEvent, *, small: bool) -> None:
        kind = Kind(event.source, event.type)
        if kind not in self._seen and len(self._seen) >= MOST_KINDS:
            self.outcomes["left out"] += 1
            return
        self._seen[kind] += 1
        if not small or self._this_minute[kind] >= PER_MINUTE or len(self._waiting) >= MOST_WAITING:
            self.outcomes["left out"] += 1
            return
        self._this_minute[kind] += 1
        self._kept[kind] += 1
        self._waiting.append(event)
