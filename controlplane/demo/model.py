"""What the simulator plans, as plain values. Times are nanoseconds since 1970-01-01T00:00:00Z."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

MILLISECOND = 1_000_000
SECOND = 1_000 * MILLISECOND
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Value = str | int | float | bool
Attributes = Mapping[str, Value]


class Sender(NamedTuple):
    """One running process: its ``service.name`` and which of the service's instances it is."""

    service: str
    instance: int


class Context(NamedTuple):
    """The ids by which a span is known elsewhere: in a child's parent, in a link."""

    trace_id: int
    span_id: int


class Happening(NamedTuple):
    """An event on a span."""

    name: str
    at: int
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class PlannedSpan:
    """A span as it will be sent; ``start`` and ``end`` are read from the sender's own clock, right or wrong.

    ``error`` is the status message of a span that failed, None for one that did not.
    """

    sender: Sender
    name: str
    kind: Kind
    start: int
    end: int
    context: Context
    parent: Context | None
    attributes: Attributes
    error: str | None = None
    events: tuple[Happening, ...] = ()
    links: tuple[Context, ...] = ()


@dataclass(frozen=True, slots=True)
class Hop:
    """One trace: what happened between two waits. ``ready_at`` is the true time at which its last span ended."""

    ready_at: int
    spans: tuple[PlannedSpan, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One business object and all its hops, in the order of their true times; some may lie in the future."""

    object: Literal["order", "invoice"]
    number: str
    hops: tuple[Hop, ...]
