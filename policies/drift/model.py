"""What drift is told by: a difference between what was seen and what is declared, before it is put into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Check = Literal["unknown-operation", "undeclared-consumer", "operation-not-seen"]
#: How far back traffic is looked at.
LOOK_BACK_DAYS = 30


@dataclass(frozen=True, slots=True)
class Drift:
    """Calls that differ from what is declared; nothing was seen where ``calls`` is 0.

    ``operations`` are the names of the calls as traces have them, ``service`` and ``version`` who made them, where they are
    one caller's. Times are nanoseconds.
    """

    check: Check
    sentence: str
    advice: str
    calls: int = 0
    last_at: int = 0
    operations: frozenset[str] = frozenset()
    service: str | None = None
    version: str = ""
