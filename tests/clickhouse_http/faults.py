"""What is made to go wrong, for the next statements that match: set by tests, used up by the stand-in."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import Literal

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.clickhouse_http.engine import Statement

#: refuse: 503; error: an exception with ``code``; reset: the connection breaks; stall: no answer for ``seconds``. Those
#: come before the statement runs. after-reset and after-stall: it ran, and nobody learns of it in time. half: half of an
#: OTLP body was stored when the connection broke.
Kind = Literal["refuse", "error", "reset", "stall", "after-reset", "after-stall", "half"]


@dataclass
class Fault:
    """``match`` is a regular expression over the statement; ``times`` says how often, -1 for always."""

    kind: Kind
    match: str = ""
    times: int = 1
    code: int = 241
    seconds: float = 0.0


@dataclass
class Faults:
    """The faults that are in force, and how many statements of each fault were met."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _set: list[Fault] = field(default_factory=list)
    met: int = 0

    def put(self, faults: list[Fault]) -> None:
        with self._lock:
            self._set = faults
            self.met = 0

    def take(self, statement: Statement) -> Fault | None:
        """The fault that this statement meets."""
        with self._lock:
            for fault in self._set:
                if fault.times and re.search(fault.match.encode(), statement.sql[:10_000], re.IGNORECASE):
                    fault.times -= 1
                    self.met += 1
                    return fault
        return None


def half(statement: Statement) -> Statement:
    """The insert of an OTLP body with only the first half of its resources."""
    head = statement.insert
    if head is None:
        raise AssertionError("only an insert can be half done")
    message = ExportTraceServiceRequest.FromString(statement.sql[head.end() :] + statement.data)
    del message.resource_spans[len(message.resource_spans) // 2 :]
    return Statement(
        statement.sql[: head.end()],
        statement.database,
        statement.settings,
        statement.parameters,
        message.SerializeToString(),
    )
