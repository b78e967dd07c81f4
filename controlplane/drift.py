"""Drift, remembered for a while: comparing the traffic of a month with all documents takes seconds on a large store."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from controlplane.observed import Observed
from policies.drift.events import event_findings
from policies.drift.mark import Mark
from policies.drift.mark import mark as declared_mark
from policies.drift.reading import declared, find
from registry.database import Database
from registry.findings.find import findings, ranked
from registry.findings.model import Finding

log = logging.getLogger(__name__)
FRESH = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Compared:
    mark: Mark
    at: datetime
    found: Sequence[Finding]


@dataclass(slots=True)
class DriftWatch:
    """Answers from what was compared last, and compares anew once that is old or something was declared since.

    Whoever asks first waits; later, what is old is shown while the new is made.
    """

    database: Database
    observed: Callable[[], Observed | None]
    clock: Callable[[], datetime]
    _last: _Compared | None = None
    _ending: bool = False
    _comparing: threading.Lock = field(default_factory=threading.Lock)

    def every(self) -> Sequence[Finding]:
        """All findings, those about what is declared and those about traffic, errors first."""
        with self.database.reading() as session:
            about_declared = findings(session, self.clock().date())
        return ranked([*about_declared, *self.findings()])

    def findings(self) -> Sequence[Finding]:
        """Drift alone; nothing where a server reads no traffic."""
        observed, mark = self.observed(), self._mark()
        if observed is not None and (self._last is None or self._last.mark != mark):
            with self._comparing:
                if self._last is None or self._last.mark != mark:
                    self._compare(observed, mark)
        return self.known()

    def known(self) -> Sequence[Finding]:
        """What was compared last, without waiting: nothing at first, and something newer the next time."""
        observed, last, mark = self.observed(), self._last, self._mark()
        if observed is None:
            return ()
        old = last is None or last.mark != mark or self.clock() - last.at > FRESH
        if old and not self._ending and self._comparing.acquire(blocking=False):
            threading.Thread(target=self._refresh, args=(observed, mark), name="drift", daemon=True).start()
        with self.database.reading() as session:
            about_events = event_findings(session, self.clock())
        return ranked([*(() if last is None else last.found), *about_events])

    def stop(self) -> None:
        """Begin nothing any more; returns once what is under way has ended, so that the store can be closed."""
        self._ending = True
        self._comparing.acquire()

    def _mark(self) -> Mark:
        with self.database.reading() as session:
            return declared_mark(session)

    def _refresh(self, observed: Observed, mark: Mark) -> None:
        try:
            self._compare(observed, mark)
        except Exception:
            log.exception("traffic could not be compared with what is declared; what was found before stands")
        finally:
            self._comparing.release()

    def _compare(self, observed: Observed, mark: Mark) -> None:
        now = self.clock()
        observed.commit.asked()
        with self.database.reading() as session:
            apis, systems = declared(session)
        self._last = _Compared(mark, now, ranked(find(apis, systems, observed.usage, now)))
