"""One request is answered by one reading of each workflow, however many questions it asks of the store.

When a changed workflow takes over, the rows of the reading before stay for a while (:data:`ledger.LEAVING_SECONDS`), so that
whoever began with it also ends with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from collectors.workflows.definition import Definition

Answering = Mapping[str, Definition]


@dataclass(slots=True)
class _Held:
    """What a request was answered by first; None until it asks."""

    readings: Answering | None = None


_HELD: ContextVar[_Held | None] = ContextVar("held", default=None)


@contextmanager
def holding() -> Iterator[None]:
    """From the first question on, everything within, threads that it starts included, is answered by the same readings."""
    token = _HELD.set(_Held())
    try:
        yield
    finally:
        _HELD.reset(token)


def held(present: Callable[[], Answering]) -> Answering:
    """The readings by which the request at hand is answered; outside of one those that answer at present."""
    mine = _HELD.get()
    if mine is None:
        return present()
    if mine.readings is None:
        mine.readings = present()
    return mine.readings
