"""Bodies that were acknowledged lately, so that one that comes again after its answer was lost is not stored twice.

A repeated span harms nothing, since reads tell spans apart by their ids; this saves its space and its insert.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field

#: Exporters give up a batch after a minute or so of tries.
REMEMBER_SECONDS = 300.0
#: Beyond so many the oldest are forgotten, about 100 bytes each.
_MOST = 50_000


@dataclass(slots=True)
class Recent:
    """Hashes of bodies. 64 bits of SipHash with this process's own secret, beside the length."""

    _seen: OrderedDict[tuple[int, int], float] = field(default_factory=OrderedDict)

    def has(self, body: bytes) -> bool:
        """Whether the very same bytes were acknowledged in the last minutes."""
        at = self._seen.get((hash(body), len(body)))
        return at is not None and at > time.monotonic() - REMEMBER_SECONDS

    def add(self, body: bytes) -> None:
        """Remember a body as acknowledged."""
        self._seen[hash(body), len(body)] = time.monotonic()
        if len(self._seen) > _MOST:
            self._seen.popitem(last=False)
