"""Which service calls which, over a time: the flows that a map shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from collectors.store.client import Store
from collectors.usage import matching
from collectors.usage.counting import Kept, Key, Question, Tally, counted
from collectors.workflows.matching import quote
from registry.kinds.api import APISpec

#: More flows than these are names with ids in them.
MOST = 2_000
# A service's own database is not an interface between systems.
_NOT_A_QUERY = "attributes['db.system.name'] = '' AND attributes['db.system'] = ''"


@dataclass(frozen=True, slots=True)
class Hop:
    """Calls that went one way.

    ``sender`` and ``receiver`` are services, "" where they send no traces; ``host`` is the address that was called,
    ``queue`` the queue or topic, ``api`` and ``version`` the declared interface, each "" where there is none.
    ``last_at`` is when the last one began (nanoseconds).
    """

    sender: str
    receiver: str
    host: str
    queue: str
    api: str
    version: str
    calls: int
    errors: int
    last_at: int


def hops(
    store: Store, apis: Mapping[str, APISpec], since: int, until: int, kept: Kept | None = None
) -> tuple[Hop, ...]:
    """All flows from ``since`` until before ``until`` (nanoseconds), most calls first; ``kept`` spares looking twice.

    Raises ``StoreError``.
    """
    question = _question(apis)
    rows = (kept.counted if kept else counted)(store, question, since, until)
    sums: dict[Key, Tally] = {}
    for _, key, tally in rows:
        sums[key] = sums[key].plus(tally) if key in sums else tally
    ordered = sorted(sums.items(), key=lambda one: (-one[1].calls, one[0]))
    return tuple(
        Hop(sender, receiver, host, queue, api, version, *tally)
        for (sender, receiver, host, queue, api, version), tally in ordered[:MOST]
    )


def _question(apis: Mapping[str, APISpec]) -> Question:
    known = {name: api for name, api in apis.items() if any(one.calls for one in api.versions) or api.calls}
    is_known = " OR ".join(f"({matching.is_call(api)})" for api in known.values()) or "0"
    columns = {
        "api": _first_of({name: quote(name) for name in known}, known),
        "version": _first_of({name: matching.version_of(api) for name, api in known.items()}, known),
        "host": "if(kind = 3, call_host, '')",
        "queue": "if(kind = 5, call_queue, '')",
    }
    by = ("sender", "receiver", "if(receiver = '', host, '')", "queue", "api", "version")
    return Question(f"({_NOT_A_QUERY}) OR {is_known}", columns, by)


def _first_of(values: Mapping[str, str], apis: Mapping[str, APISpec]) -> str:
    """The value of the first API that a span is a call of; '' if it is none's."""
    if not apis:
        return "''"
    return f"multiIf({', '.join(f'{matching.is_call(api)}, {values[name]}' for name, api in apis.items())}, '')"
