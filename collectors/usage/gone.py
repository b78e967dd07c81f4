"""Calls of what is gone: who still calls versions that were retired, how often since, and in which traces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from collectors.store.client import Store
from collectors.usage import matching
from collectors.usage.calls import calls_sql
from collectors.workflows.matching import quote
from registry.kinds.api import APISpec

#: Traces and operations that are named for a caller.
MOST_TRACES = 5
MOST_OPERATIONS = 10
#: What is read at most; names with ids in them could be without end.
MOST_ROWS = 10_000


class LateCalls(NamedTuple):
    """One service's calls of one version ("" where spans don't tell), since it was retired.

    ``first_at`` and ``last_at`` are nanoseconds, ``traces`` the latest ones (hex), ``operations`` in order of their names.
    """

    service: str
    version: str
    calls: int
    first_at: int
    last_at: int
    operations: tuple[str, ...]
    traces: tuple[str, ...]


def late_calls(
    store: Store, api: APISpec, since: Mapping[str, int], until: int, *, apart: bool = False
) -> list[LateCalls]:
    """Who called a version after it was retired.

    Args:
        store: has the spans.
        api: whose calls they are.
        since: version -> the moment of its end (nanoseconds); "" stands for calls that tell no version.
        until: calls before this count.
        apart: tell operations apart, one row for each.

    Raises:
        StoreError: the store can't be asked.
    """
    if not since:
        return []
    columns = {
        "version": matching.version_of(api),
        "operation": "call_name",
        "example": "lower(hex(trace_id))",
    }
    who = "receiver" if api.protocol == "webhook" else "if(message, receiver, sender)"
    gone = " OR ".join(
        f"(version = {quote(version)} AND at >= fromUnixTimestamp64Nano({int(at)}, 'UTC'))"
        for version, at in sorted(since.items())
    )
    by_operation = ", operation" if apart else ""
    rows = store.query(
        f"""
SELECT who, version, count(), toUnixTimestamp64Nano(min(at)), toUnixTimestamp64Nano(max(at)),
    arraySort(groupUniqArray({MOST_OPERATIONS})(operation)),
    arrayMap(t -> t.2, groupArraySorted({MOST_TRACES})((-toUnixTimestamp64Nano(at), example)))
FROM (SELECT {who} AS who, version, operation, example, at FROM ({calls_sql(matching.is_call(api), columns)}))
WHERE {gone}
GROUP BY who, version{by_operation}
ORDER BY who, version, count() DESC, 6
LIMIT {MOST_ROWS}""",
        {"since": min(since.values()), "until": until},
    )
    return [
        LateCalls(
            service, version, int(calls), int(first), int(last), tuple(map(str, operations)), tuple(map(str, traces))
        )
        for service, version, calls, first, last, operations, traces in rows
    ]
