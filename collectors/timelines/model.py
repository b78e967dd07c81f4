"""The plain values of a timeline. Times are integers: nanoseconds since 1970-01-01T00:00:00Z, as OTLP has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

State = Literal["running", "completed", "failed", "cancelled"]
Status = Literal["ok", "error"]
Origin = Literal["span", "event"]


class Key(NamedTuple):
    """One id of a business object, as one system knows it: ``("stripe.invoice", "in_1")``."""

    type: str
    value: str


class Money(NamedTuple):
    """An exact amount and its ISO 4217 currency."""

    value: Decimal
    currency: str


@dataclass(frozen=True, slots=True, order=True)
class Milestone:
    """A span or event that matched a step of a workflow: a fact, never changed.

    Its identity is (step, trace_id, span_id): a span that is delivered twice is one milestone. ``amount`` is the text
    that the sender gave, "" where there was none. Ids are lower-case hex. ``keys`` make it part of an instance, ``links``
    only relate that instance to others. ``error_type`` is what kind of error a failed one met, "" where that is not known
    or none was. ``observed_at`` is when it arrived here, which is no part of what it says.
    """

    occurred_at: int
    step: str
    span_id: str
    trace_id: str
    system: str
    status: Status
    source: Origin
    keys: tuple[Key, ...]
    links: tuple[Key, ...] = ()
    amount: str = ""
    currency: str = ""
    dimensions: tuple[tuple[str, str], ...] = ()
    name: str = ""
    service: str = ""
    message: str = ""
    duration: int = 0
    error_type: str = ""
    observed_at: int = field(default=0, compare=False)

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes two deliveries the same milestone.

        A CloudEvent's span id stands for its source and id, and it is the same event whatever trace it names.
        """
        return (self.step, "" if self.source == "event" else self.trace_id, self.span_id)


class Turn(NamedTuple):
    """An instance entered a state at a time, by a step (the first is the start, by the earliest milestone)."""

    state: State
    at: int
    step: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the milestones of settling steps come to.

    ``total`` is the sum of the ``parts`` and ``open`` what is missing from the instance's amount, below zero if the sum is
    larger (of an amount below zero: the other way round); both are None where nothing can be added up, since no amount is
    known or not all parts are at hand. ``parts`` are the identities of the milestones that count, in time, and whether the
    sum comes up to the amount with all of their moment; ``left_out`` those that don't count; ``repeated`` those that report a part once
    more, each behind the one that counts. ``reached`` maps a step to when it was settled in full, one
    that only takes back to when it first did.
    """

    total: Money | None
    open: Money | None
    parts: Mapping[tuple[str, str, str], bool] = field(default_factory=dict)
    left_out: tuple[Milestone, ...] = ()
    repeated: tuple[tuple[Milestone, Milestone], ...] = ()
    reached: Mapping[str, int] = field(default_factory=dict)

    @property
    def covered(self) -> bool:
        """Whether all parts together come up to the amount."""
        return bool(self.parts) and list(self.parts.values())[-1]


@dataclass(frozen=True, slots=True)
class Instance:
    """One business object on its way through a workflow: a function of the set of its milestones.

    ``reached`` maps a step to the time of its first milestone without an error (of a step that is a failure: of its first); ``keys`` are sorted, ``milestones``
    sorted by (occurred_at, step, span_id). ``id`` is the smallest hash among its keys, as 32 hex digits. ``history`` has
    every turn of its state, the last being the present one. ``error_types`` are the kinds of error that its milestones
    met, sorted; ``counts`` has all milestones by step and status where they are so many that ``milestones`` (and what
    follows from them: keys, links, kinds of errors) are only the first and the last of each. ``unread_amounts`` of its milestones stated an amount that can't be read.
    ``settlement`` is there where steps of the workflow settle parts and the milestones are at hand.
    """

    id: str
    workflow: str
    state: State
    started_at: int
    ended_at: int | None
    last_at: int
    amount: Money | None
    dimensions: Mapping[str, str]
    keys: tuple[Key, ...]
    reached: Mapping[str, int]
    milestones: tuple[Milestone, ...] = field(default=())
    errors: int = 0
    links: tuple[Key, ...] = ()
    history: tuple[Turn, ...] = ()
    error_types: tuple[str, ...] = ()
    unread_amounts: int = 0
    counts: Mapping[tuple[str, Status], int] = field(default_factory=dict)
    settlement: Settlement | None = None

    @property
    def total(self) -> int:
        """How many milestones it has, also where only some of them are at hand."""
        return sum(self.counts.values()) or len(self.milestones)
