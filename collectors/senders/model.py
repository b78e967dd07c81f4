"""What is known of a sender, as plain values. Times are nanoseconds since 1970."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from collectors.senders.reasons import Reason

MINUTE = 60_000_000_000
#: A silence is never remarked on before so long.
SHORTEST_SILENCE = 5 * MINUTE
#: Times that a sender has to be heard of before it has a habit.
_HABIT = 3


@dataclass(frozen=True, slots=True)
class Refused:
    """What was refused for one reason: requests that were hit, spans where they could be counted, the latest example."""

    reason: Reason
    requests: int
    spans: int
    last_at: int
    example: str = ""
    peer: str = ""
    agent: str = ""
    transport: str = ""


@dataclass(frozen=True, slots=True)
class SenderReport:
    """One sender over a period.

    Attributes:
        id: opaque; the same as long as token, service and, without a token, address stay the same.
        token: the name of the token, "" without one.
        service: ``service.name`` of its spans, "" where none could be read.
        peers: addresses that it came from; likewise ``agents`` and ``transports``.
        recent: spans taken in the last whole minute.
        rates: minutes' beginnings -> spans taken in the bucket that begins there.
        lag_seconds: mean time from the end of a request's last span to its arrival, None where nothing was taken.
    """

    id: str
    token: str
    service: str
    peers: Sequence[str]
    agents: Sequence[str]
    transports: Sequence[str]
    requests: int
    spans: int
    bytes: int
    recent: int
    last_at: int
    lag_seconds: float | None
    lag_most_seconds: float | None
    rates: Mapping[int, int] = field(default_factory=dict)
    refused: Sequence[Refused] = ()

    @property
    def refused_spans(self) -> int:
        """Spans of all reasons."""
        return sum(one.spans for one in self.refused)

    @property
    def refused_requests(self) -> int:
        """Requests of all reasons."""
        return sum(one.requests for one in self.refused)


@dataclass(frozen=True, slots=True)
class Senders:
    """All senders of [start, end), most spans first; ``bucket`` is the width of a rate's bucket, in nanoseconds."""

    start: int
    end: int
    bucket: int
    senders: Sequence[SenderReport]

    def silent(self, sender: SenderReport) -> bool:
        """Whether a sender fell silent: for more than twice the longest that it was within the period.

        Who sends once a night is not silent at noon; who was heard of too seldom to have a habit is never called silent.
        """
        heard = sorted(at for at, spans in sender.rates.items() if spans)
        if len(heard) < _HABIT:
            return False
        longest = max(after - before for before, after in pairwise(heard))
        since = self.end - (heard[-1] + self.bucket)
        return since > max(2 * longest, SHORTEST_SILENCE)
