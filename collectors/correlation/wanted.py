"""What the correlator is asked to read by, handed over from other threads and acknowledged once it holds."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from collectors.correlation.corrections import Corrections
from collectors.workflows.definition import Definition


class Reading(NamedTuple):
    """Workflow -> its definition, and workflow -> what people put right in it."""

    definitions: Mapping[str, Definition]
    corrections: Mapping[str, Corrections]


@dataclass(slots=True)
class Wanted:
    """The latest wish; a newer one takes the place of one that was not dealt with."""

    _wish: Reading | None = None
    _asked: int = 0
    _done: int = 0
    _news: threading.Condition = field(default_factory=threading.Condition)

    def ask(self, wish: Reading) -> None:
        """Leave a wish."""
        with self._news:
            self._wish = wish
            self._asked += 1

    def latest(self) -> tuple[Reading, int] | None:
        """The wish and its number; None if nothing is wanted. It stays until it is :meth:`done`, so that it can be tried again."""
        with self._news:
            return None if self._wish is None else (self._wish, self._asked)

    def done(self, number: int) -> None:
        """A wish is dealt with."""
        with self._news:
            self._done = number
            if self._asked == number:
                self._wish = None
            self._news.notify_all()

    def settle(self, seconds: float) -> bool:
        """Wait until the latest wish is dealt with; False if that takes longer."""
        with self._news:
            asked = self._asked
            return self._news.wait_for(lambda: self._done >= asked, seconds)
