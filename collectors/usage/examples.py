"""Traces in which calls of an API can be looked at: when the first of a kind was, and the latest few."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from collectors.store.client import Store
from collectors.usage import matching
from collectors.usage.calls import calls_sql
from registry.kinds.api import APISpec

#: Traces that are named for calls of a kind.
MOST_TRACES = 3


class Calls(NamedTuple):
    """Calls of one service, version and operation: nanoseconds at which the first began, and the latest traces (hex)."""

    service: str
    version: str
    operation: str
    first_at: int
    traces: tuple[tuple[int, str], ...]


def examples(
    store: Store, api: APISpec, between: tuple[int, int], operations: Collection[str], services: Collection[str]
) -> list[Calls]:
    """Examples of the calls of these operations, and of those that these services made.

    Args:
        store: has the spans.
        api: whose calls they are.
        between: from, and until before (nanoseconds).
        operations: as calls are named; ``services`` are callers, or whoever receives messages.
        services: see there.

    Raises:
        StoreError: the store can't be asked.
    """
    columns = {
        "version": matching.version_of(api),
        "operation": "call_name",
        "example": "lower(hex(trace_id))",
    }
    who = "receiver" if api.protocol == "webhook" else "if(message, receiver, sender)"
    rows = store.query(
        f"""
SELECT who, version, operation, toUnixTimestamp64Nano(min(at)),
    arrayMap(t -> (-t.1, t.2), groupArraySorted({MOST_TRACES})((-toUnixTimestamp64Nano(at), example)))
FROM (SELECT {who} AS who, version, operation, at, example FROM ({calls_sql(matching.is_call(api), columns)}))
WHERE has({{operations:Array(String)}}, operation) OR has({{services:Array(String)}}, who)
GROUP BY who, version, operation
ORDER BY who, version, operation""",
        {
            "since": between[0],
            "until": between[1],
            "operations": sorted(operations),
            "services": sorted(services),
        },
    )
    return [
        Calls(service, version, operation, int(first), tuple((int(at), str(trace)) for at, trace in traces))
        for service, version, operation, first, traces in rows
    ]
