"""Who called an API over a time, by version, operation and day.

A call is told by the caller's span (``client``), the receiver's (``server``) or the reader's of a message (``consumer``).
Where caller and receiver are both traced it is one call all the same: the receiver's span is its caller's child. Who called
is the service of the caller's span; a receiver's span without one has a caller that sends no traces.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeVar

from collectors.store.client import Store
from collectors.usage import matching
from collectors.usage.calls import WITHIN
from collectors.usage.counting import OTHERS, Counted, Kept, Question, Tally, counted
from collectors.usage.examples import Calls, examples
from collectors.usage.hops import Hop, hops
from registry.kinds.api import APISpec

#: Operations that are told apart per API; more than these are names with ids in them.
MOST_OPERATIONS = 200


@dataclass(frozen=True, slots=True)
class Count:
    """Calls, how many of them failed, and when the last one began (nanoseconds)."""

    calls: int
    errors: int
    last_at: int


@dataclass(frozen=True, slots=True)
class ConsumerUsage:
    """One service's calls of one version ("" where spans don't tell), by day (UTC) and by operation, most called first.

    ``service`` is "" for callers that send no traces.
    """

    service: str
    version: str
    calls: int
    errors: int
    last_at: int
    days: Mapping[date, Count] = field(default_factory=dict)
    operations: Mapping[str, Count] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApiUsage:
    """Who called an API from ``since`` until before ``until`` (nanoseconds), most calls first.

    ``spans`` were looked through, of which the oldest began at ``first_at`` (None: there are none): what was called
    before, or by services that send no traces, is unknown. ``recognised`` is false where the API does not say how its
    calls look.
    """

    since: int
    until: int
    spans: int
    first_at: int | None
    recognised: bool
    consumers: tuple[ConsumerUsage, ...] = ()

    @property
    def calls(self) -> int:
        """All calls."""
        return sum(one.calls for one in self.consumers)

    def of_version(self, version: str) -> tuple[ConsumerUsage, ...]:
        """The consumers of one version."""
        return tuple(one for one in self.consumers if one.version == version)


def api_usage(store: Store, api: APISpec, since: int, until: int, kept: Kept | None = None) -> ApiUsage:
    """Who called an API; ``kept`` spares looking twice. Raises ``StoreError``."""
    spans, first_at = _looked_through(store, since, until)
    recognised = any(one.calls for one in api.versions) or bool(api.calls)
    if not (recognised and spans):
        return ApiUsage(since, until, spans, first_at, recognised)
    columns = {"version": matching.version_of(api), "operation": "call_name"}
    question = Question(matching.is_call(api), columns, (_who(api), "version", "operation"), named=True)
    rows = (kept.counted if kept else counted)(store, question, since, until)
    return ApiUsage(since, until, spans, first_at, recognised, _folded(rows))


def _looked_through(store: Store, since: int, until: int) -> tuple[int, int | None]:
    rows = store.query(
        f"SELECT count(), toUnixTimestamp64Nano(min(ts)) FROM spans WHERE {WITHIN}", {"since": since, "until": until}
    )
    spans, first_at = rows[0]
    return int(spans), int(first_at) if spans else None


def _who(api: APISpec) -> str:
    """Who relies on it: whoever calls, but of messages and webhooks whoever receives them."""
    return "receiver" if api.protocol == "webhook" else "if(message, receiver, sender)"


def _folded(rows: Iterable[Counted]) -> tuple[ConsumerUsage, ...]:
    days: defaultdict[tuple[str, str], dict[date, Tally]] = defaultdict(dict)
    operations: defaultdict[tuple[str, str], dict[str, Tally]] = defaultdict(dict)
    for at, (who, version, operation), tally in rows:
        _add(days[who, version], datetime.fromtimestamp(at, UTC).date(), tally)
        _add(operations[who, version], operation, tally)
    found = [
        ConsumerUsage(
            service=who,
            version=version,
            calls=sum(one.calls for one in by_day.values()),
            errors=sum(one.errors for one in by_day.values()),
            last_at=max(one.last_at for one in by_day.values()),
            days={day: Count(*one) for day, one in sorted(by_day.items())},
            operations=_most_called(operations[who, version]),
        )
        for (who, version), by_day in days.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.calls, one.service, one.version)))


T = TypeVar("T", str, date)


def _add(tallies: dict[T, Tally], key: T, tally: Tally) -> None:
    tallies[key] = tallies[key].plus(tally) if key in tallies else tally


def _most_called(operations: Mapping[str, Tally]) -> dict[str, Count]:
    told = ((name, tally) for name, tally in operations.items() if name != OTHERS)
    ordered = sorted(told, key=lambda one: (-one[1].calls, one[0]))
    return {name: Count(*tally) for name, tally in ordered[:MOST_OPERATIONS]}


@dataclass(slots=True)
class Usage:
    """Questions about calls; what was counted is kept for the next.

    ``before`` is called before each, so that what was acknowledged is there to be found.
    """

    store: Store
    kept: Kept = field(default_factory=Kept)
    before: Callable[[], None] = lambda: None

    def api(self, api: APISpec, since: int, until: int) -> ApiUsage:
        """Who called an API from ``since`` until before ``until`` (nanoseconds)."""
        self.before()
        return api_usage(self.store, api, since, until, self.kept)

    def examples(
        self, api: APISpec, between: tuple[int, int], operations: frozenset[str], services: frozenset[str]
    ) -> list[Calls]:
        """Traces in which calls of these operations, or by these services, can be looked at."""
        self.before()
        return examples(self.store, api, between, operations, services)

    def hops(self, apis: Mapping[str, APISpec], since: int, until: int) -> tuple[Hop, ...]:
        """Which service called which."""
        self.before()
        return hops(self.store, apis, since, until, self.kept)
