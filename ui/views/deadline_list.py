"""The list of deadlines. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policies.slas.model import Figures
from ui import format as fmt
from ui import urls, words
from ui.sentence import Bit
from ui.views.deadlines import Asked


@dataclass(frozen=True, slots=True)
class Row:
    """One deadline and what it came to over its own period."""

    asked: Asked
    total: Figures

    @property
    def missed(self) -> bool:
        """Whether the share in time is below the target."""
        return self.total.attainment is not None and self.total.attainment < self.asked.sla.objective


def answer(rows: Sequence[Row]) -> list[Bit]:
    """How many deadlines keep their target, and which do not."""
    missed = [row for row in rows if row.missed]
    overdue = any(row.total.overdue for row in rows)
    kept = len(rows) - len(missed)
    bits = [
        Bit(
            f"{fmt.count(kept)} of {words.quantity(len(rows), 'deadline')} {words.verb(kept, 'keeps', 'keep')} the target"
        )
    ]
    for place, row in enumerate(missed):
        bits.append(Bit("; " if place == 0 else ", "))
        bits.append(Bit(row.asked.title, urls.sla(row.asked.sla.name), "bad"))
    if missed:
        bits.append(Bit(f" {words.verb(len(missed), 'does', 'do')} not"))
    bits.append(Bit("." if overdue else ". Nothing is overdue."))
    return bits
