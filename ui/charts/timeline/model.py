"""The plain values of a timeline as it is drawn. Times and lengths are nanoseconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from collectors.timelines.model import Key

#: done: reached; met and late: reached, and an SLA ended here; failed: an error and never reached; again: reached once
#: more though it should not; more: reached once more as it may be; part: settles a part, and is not what reaches the step;
#: attempt: an error before it was reached; awaited and overdue: has not come, drawn where it was due.
Kind = Literal["done", "met", "late", "failed", "again", "more", "part", "attempt", "awaited", "overdue"]

#: What makes a milestone itself: step, trace, span.
Identity = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Lane:
    """One system's line; ``system`` is its name, ``title`` what people call it."""

    system: str
    title: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A milestone or one that is awaited (which has no ``fact``).

    ``lane`` is the lane's place; ``notes`` are the numbers of remarks on it.
    """

    step: str
    title: str
    lane: int
    at: int
    kind: Kind
    href: str | None = None
    message: str = ""
    error_type: str = ""
    source: str = ""
    keys: tuple[Key, ...] = ()
    notes: tuple[int, ...] = ()
    fact: Identity | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """The way from one dot to the next: places in ``Story.path``, and its usual (median) length where it is known."""

    start: int
    end: int
    length: int
    usual: int | None = None
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """An SLA's due time. ``state`` is the verdict's; ``told`` says how it went or goes."""

    sla: str
    title: str
    limit: str
    at: int
    state: str
    told: str

    @property
    def words(self) -> str:
        """What its line says; little where all is well."""
        if self.state == "met":
            return f"{self.title} due"
        return f"{self.title}, {self.limit}: {self.told}"


@dataclass(frozen=True, slots=True)
class Note:
    """A remark in words; ``kind`` is a few of them: "retried", "reported again", "out of order"."""

    number: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """All that the drawings show.

    ``path`` are the dots that the hops join, by time; ``beside`` attempts and repetitions; ``awaited`` what has not
    come. ``now`` is given while something is still to come.
    """

    lanes: tuple[Lane, ...]
    path: tuple[Dot, ...]
    beside: tuple[Dot, ...] = ()
    awaited: tuple[Dot, ...] = ()
    hops: tuple[Hop, ...] = ()
    dues: tuple[Due, ...] = ()
    notes: tuple[Note, ...] = field(default=())
    now: int | None = None
    missing: tuple[str, ...] = ()

    @property
    def drawn_dues(self) -> tuple[Due, ...]:
        """The due times that are worth a line, by time: not those that were met and lie beyond all that happened."""
        latest = max((dot.at for dot in (*self.path, *self.beside)), default=0)
        worth = (due for due in self.dues if due.state != "met" or due.at <= latest)
        return tuple(sorted(worth, key=lambda due: due.at))

    @property
    def moments(self) -> list[int]:
        """Every time that the drawing has to place, sorted, each once."""
        dots = (*self.path, *self.beside, *self.awaited)
        times = {dot.at for dot in dots} | {due.at for due in self.drawn_dues}
        return sorted(times | ({self.now} if self.now is not None else set()))
