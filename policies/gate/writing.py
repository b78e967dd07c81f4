"""Writing of many who ask at once in one transaction: a store that takes one writer at a time is not queued up for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from registry.database import Database

Work = Callable[[Session], None]


class Together:
    """Whoever comes while a transaction is under way waits, and the next one takes all who wait."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[Work, Future[None]]] = []
        self._lock, self._turn = threading.Lock(), threading.Lock()

    def write(self, work: Work) -> None:
        """Do it in a transaction; returns when it is stored. Raises what it raises when done alone."""
        mine: Future[None] = Future()
        with self._lock:
            self._waiting.append((work, mine))
        with self._turn:
            with self._lock:
                batch, self._waiting = self._waiting, []
            if batch:
                self._all(batch)
        mine.result()

    def _all(self, batch: list[tuple[Work, Future[None]]]) -> None:
        try:
            with self._database.writing() as session:
                for work, _ in batch:
                    work(session)
        except Exception:  # noqa: BLE001  each is tried alone, and whoever it belongs to hears why it failed
            for work, future in batch:
                self._alone(work, future)
        else:
            for _, future in batch:
                future.set_result(None)

    def _alone(self, work: Work, future: Future[None]) -> None:
        for last in (False, True):
            try:
                with self._database.writing() as session:
                    work(session)
            except SQLAlchemyError as error:
                # Another process may have stored the same meanwhile: it is there the second time.
                if last:
                    future.set_exception(error)
            except Exception as error:  # noqa: BLE001
                future.set_exception(error)
                return
            else:
                future.set_result(None)
                return
