"""Putting right which ids belong together, and seeing to it that timelines show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from controlplane.state import AppState
from registry.access.roles import Principal
from registry.crossref import service
from registry.crossref.check import Statement
from registry.crossref.models import Correction

#: Mostly some hundredths of a second; only a busy correlator takes longer, and then the answer need not wait for it.
_PATIENCE_SECONDS = 5.0


def say(
    state: AppState, who: Principal, workflow: str, statements: Iterable[Statement], reason: str
) -> Sequence[Correction]:
    """Put something right. Raises ``CorrectionError``."""
    with state.database.writing() as session:
        rows = service.add(session, workflow, statements, reason=reason, actor=who.name, now=state.clock())
    _take_effect(state)
    return rows


def take_back(state: AppState, who: Principal, workflow: str, ident: str) -> None:
    """Take a correction back. Raises ``CorrectionError`` if there is none."""
    with state.database.writing() as session:
        service.remove(session, workflow, ident, actor=who.name, now=state.clock())
    _take_effect(state)


def standing(state: AppState, workflow: str) -> Sequence[Correction]:
    """The corrections of a workflow, the oldest first."""
    with state.database.reading() as session:
        return service.standing(session, workflow)


def _take_effect(state: AppState) -> None:
    state.applied(frozenset({"Correction"}))
    if state.observed is not None:
        state.observed.correlator.settle(_PATIENCE_SECONDS)
