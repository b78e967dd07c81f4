"""Putting right which ids belong together, and seeing to it that timelines show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from collectors.timelines.chains import chains
from collectors.timelines.model import Key
from controlplane.state import AppState
from registry.access.roles import Principal
from registry.crossref import service
from registry.crossref.check import Id, Statement
from registry.crossref.models import Correction
from registry.crossref.service import statement_of

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


def still_joined(state: AppState, workflow: str, rows: Sequence[Correction]) -> dict[str, Sequence[Id]]:
    """A correction's id -> the ids by which what it takes apart is one object all the same, from its first to its other."""
    if state.observed is None:
        return {}
    said = {row.id: statement_of(row) for row in rows}
    pairs = {ident: (Key(*one.key), Key(*one.other)) for ident, one in said.items() if one.action == "apart"}
    found = chains(state.observed.timelines, workflow, set(pairs.values()))
    return {ident: [Id(*key) for key in found[pair]] for ident, pair in pairs.items() if pair in found}


def _take_effect(state: AppState) -> None:
    state.applied(frozenset({"Correction"}))
    if state.observed is not None:
        state.observed.correlator.settle(_PATIENCE_SECONDS)
