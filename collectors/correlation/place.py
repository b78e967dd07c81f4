"""How far a collector has come with the feed, in the store's time, whatever clocks do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from collectors.correlation.feed import Entry

MICROSECONDS = 1_000_000
#: Half as long as an entry is remembered as done: by so much two reads of the feed overlap.
OVERLAP_SECONDS = 2


@dataclass(slots=True)
class Place:
    """All that was received before ``cursor`` is dealt with, and of what was received around it what is in ``done``.

    The store stamps what arrives with its own clock, which may be put right at any time; ours here only goes on.
    ``behind`` is by how many microseconds ours is behind the store's. ``done`` has (when it was received, fact): a fact that
    is received again, since its reading was dropped and is made anew, is one that nothing has been done about.
    """

    cursor: int = 0
    behind: int = 0
    done: set[tuple[int, int]] = field(default_factory=set)
    _known: bool = False
    _marks: tuple[int, int] = (0, 0)
    _held: int = 0

    def begin(self, cursor: int) -> None:
        """Start from here."""
        self.cursor = cursor
        self._marks = cursor, cursor

    def synchronise(self, ours: int, stores: int, hold: int) -> int:
        """Learn what the store's clock says at a moment of ours; by how much it was put back meanwhile, 0 if it was not.

        When it is put forward, what an insert has stamped before may show only now: so we stay for ``hold`` microseconds.
        """
        jump = stores - ours - self.behind if self._known else 0
        self.behind, self._known = stores - ours, True
        if jump > OVERLAP_SECONDS * MICROSECONDS:
            self._held = ours + hold
        return max(0, -jump)

    def back(self, jump: int) -> None:
        """The store's clock was put back: what has arrived since then bears times that we have passed already."""
        self.cursor = max(0, self.cursor - jump)
        self._marks = max(0, self._marks[0] - jump), max(0, self._marks[1] - jump)

    @property
    def start(self) -> int:
        """Where to read on from."""
        return max(0, self.cursor - OVERLAP_SECONDS * MICROSECONDS)

    def mark(self, *, again: bool, before: int) -> None:
        """Some time has passed; ``again``: go back to where we were at the last mark but one, and ``before`` at least."""
        earlier, last = self._marks
        self._marks = last, self.cursor
        if again:
            self.done.clear()
            self.cursor = max(0, min(self.cursor, before, earlier))

    def remember(self, entries: Iterable[Entry], upto: int) -> None:
        """These are dealt with."""
        since = self._since(upto)
        self.done.update((entry.received_at, entry.fact) for entry in entries if entry.received_at >= since)

    def reached(self, upto: int, ours: int) -> int:
        """All that was received before ``upto`` is dealt with; where we are then."""
        since = self._since(upto)
        if ours >= self._held:
            self._held = 0
            self.cursor = upto
        self.done = {(at, fact) for at, fact in self.done if at >= since}
        return self.cursor

    def _since(self, upto: int) -> int:
        return (min(upto, self.cursor) if self._held else upto) - 2 * OVERLAP_SECONDS * MICROSECONDS
