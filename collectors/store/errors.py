"""Errors of the store, and what ClickHouse or the network says made into one line."""

from __future__ import annotations

import re

from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError
from urllib3.exceptions import TimeoutError as HTTPTimeoutError

#: ClickHouse's numbers for what passes or is put right on the server, whatever the statement was: time, memory, space,
#: too many parts, queries or mutations, keeper and replicas, the network, a password that was changed, rights.
_PASSING = frozenset(
    {159, 160, 164, 192, 193, 194, 198, 201, 202, 203, 209, 210, 225, 236, 241, 242, 243, 252, 279, 285, 286, 289, 290}
    | {319, 394, 425, 439, 473, 497, 499, 516, 571, 692, 722, 999}
)
_SERVER_SAID = re.compile(r"server response: (.*?)(?: \(for url [^()]*\))?$")


class StoreError(RuntimeError):
    """The store refused a statement: what it said, in one line."""


class StoreUnavailable(StoreError):  # noqa: N818 - it is a state of the store, and reads so at the call
    """The store can't be reached, does not answer in time or can't take anything now; the same call may succeed later."""


class StoreInUse(StoreError):  # noqa: N818 - likewise
    """Another process has the embedded engine's directory open."""


def translated(error: Exception, place: str) -> StoreError:
    """The client's error as one of ours; ``place`` is where the store is."""
    passing = not isinstance(error, DatabaseError) or isinstance(error, OperationalError) or error.code in _PASSING
    return StoreUnavailable(f"ClickHouse at {place}: {_said(error)}") if passing else StoreError(_said(error))


def _said(error: Exception) -> str:
    """What ClickHouse or the network said, in one line, without what the client wraps around it."""
    text = " ".join(str(error).split())
    if (found := _SERVER_SAID.search(text)) is not None:
        text = found[1]
    elif (reason := _network_reason(error)) is not None:
        text = reason
    return text if len(text) <= 500 else text[:500] + " ..."  # noqa: PLR2004 - a log line, not a page


def _network_reason(error: BaseException) -> str | None:
    """The words of the system's own error at the root of the client's."""
    seen: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in seen:
        seen.append(step)
        reason = getattr(step, "reason", None)
        step = reason if isinstance(reason, BaseException) else step.__cause__ or step.__context__
    words = next((one.strerror for one in reversed(seen) if isinstance(one, OSError) and one.strerror), None)
    if words is None and any(isinstance(one, TimeoutError | HTTPTimeoutError) for one in seen):
        words = "it did not answer in time"
    return words
