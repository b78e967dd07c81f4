"""How long a stage of work will still take, by how fast it has gone so far. Pure."""

from __future__ import annotations

from dataclasses import dataclass

#: Before so much is done, and for so many seconds, a forecast would be a guess.
_SHARE, _SECONDS = 0.05, 2.0


@dataclass(slots=True)
class Pace:
    """Work of ``total`` units since a moment (seconds of a clock that only goes on), of which ``done`` are done."""

    began: float
    total: int
    done: int = 0

    def left(self, now: float) -> int | None:
        """The seconds that the rest will take if it goes on like that; None while nobody can say."""
        took = now - self.began
        if self.done >= self.total or took < _SECONDS or self.done < self.total * _SHARE:
            return None
        return round(took * (self.total - self.done) / self.done)
