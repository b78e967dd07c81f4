"""Incidents as they are kept: noted as calls are seen, acknowledged and resolved by people, told to the audit log."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from policies.lifecycle.incidents import STANDING, STATES, Before, Seen, State, step
from policies.lifecycle.leaving import QUIET_DAYS
from policies.lifecycle.models import Incident
from registry.audit import chain

#: The name under which the audit log has what no person did.
ACTOR = "lifecycle"


class IncidentError(ValueError):
    """What can't be done to an incident; one sentence for a person."""


def note(
    session: Session,
    api: str,
    retired: Collection[tuple[str, str]],
    seen: Sequence[Seen],
    now: datetime,
    *,
    watched: bool,
) -> list[str]:
    """Hold what was seen of an API against what is known; the ids of what opened or came back.

    Args:
        session: of a transaction that writes.
        api: whose calls were looked for.
        retired: its versions that are retired, each with "", and its operations that ended, each with its version;
            incidents of others end.
        seen: the calls, by version and caller.
        now: the moment.
        watched: whether traces arrive at all; where none do, silence ends nothing.
    """
    chain.lock(session)
    rows = {row.id: row for row in session.scalars(select(Incident).where(Incident.api == api))}
    calls = {one.id: one for one in seen}
    opened: list[str] = []
    for ident in sorted(rows.keys() | calls.keys()):
        row, one = rows.get(ident), calls.get(ident)
        if row is not None and row.state in STANDING and (row.version, row.operation or "") not in retired:
            _change(session, row, "closed", "close", ACTOR, now, "it is not retired any more")
            continue
        before = Before(cast("State", row.state), row.changed_at, row.last_call) if row is not None else None
        what = step(before, one, now)
        if what == "close" and row is not None and watched:
            _take(row, one)
            _change(session, row, "closed", "close", ACTOR, now, f"no call was seen for {QUIET_DAYS} days")
        elif what == "go-on" and row is not None:
            _take(row, one)
        elif what in {"open", "reopen"} and one is not None:
            row = row or _new(session, one, now)
            _take(row, one)
            _change(session, row, "open", what, ACTOR, now, None)
            opened.append(ident)
    session.flush()
    return opened


def _new(session: Session, one: Seen, now: datetime) -> Incident:
    row = Incident(
        id=one.id, api=one.api, version=one.version, operation=one.operation or None, caller=one.caller, state="", retired_at=one.retired_at,
        opened_at=now, calls=0, first_call=one.first_call, last_call=one.last_call,
    )  # fmt: skip
    session.add(row)
    return row


def _take(row: Incident, one: Seen | None) -> None:
    """What is seen now; spans that were let go meanwhile make nothing unseen."""
    if one is None:
        return
    row.calls, row.retired_at = max(row.calls, one.calls), one.retired_at
    row.first_call, row.last_call = min(row.first_call, one.first_call), max(row.last_call, one.last_call)
    row.operations, row.traces, row.teams = list(one.operations), list(one.traces), list(one.teams)


def _change(
    session: Session, row: Incident, state: State, action: str, actor: str, now: datetime, comment: str | None
) -> None:
    before = {"state": row.state} if row.state else None
    if action == "reopen":
        row.opened_at = now
    row.state, row.changed_at, row.changed_by, row.comment = state, now, actor, comment
    chain.record(
        session, actor=actor, action=action, kind="Incident", name=row.id, now=now, before=before,
        after=document(row), reason=comment,
    )  # fmt: skip


def document(row: Incident) -> dict[str, Any]:
    """An incident as the audit log and webhooks have it."""
    return {
        "state": row.state,
        "api": row.api,
        "version": row.version or None,
        "operation": row.operation,
        "caller": row.caller,
        "calls": row.calls,
        "first_call": _text(row.first_call),
        "last_call": _text(row.last_call),
        "retired_at": _text(row.retired_at),
        "operations": row.operations,
        "traces": row.traces,
        "teams": row.teams,
    }


def standing(session: Session, *, state: str | None = None, api: str | None = None) -> Sequence[Incident]:
    """Those that are open first, then the latest called first."""
    order = case({name: place for place, name in enumerate(STATES)}, value=Incident.state)
    query = select(Incident).order_by(order, Incident.last_call.desc(), Incident.id)
    if state is not None:
        query = query.where(Incident.state == state)
    if api is not None:
        query = query.where(Incident.api == api)
    return session.scalars(query).all()


def counts(session: Session) -> dict[str, int]:
    """How many incidents stand open and acknowledged."""
    found = dict(session.execute(select(Incident.state, func.count()).group_by(Incident.state)).tuples().all())
    return {state: found.get(state, 0) for state in STATES if state in STANDING}


def one(session: Session, ident: str) -> Incident | None:
    """The incident of that id."""
    return session.get(Incident, ident)


def decide(
    session: Session,
    ident: str,
    how: Literal["acknowledge", "resolve"],
    *,
    actor: str,
    now: datetime,
    reason: str | None,
) -> Incident:
    """Take note of an incident, or say that it is over and why; calls after that bring it back.

    Raises ``IncidentError``.
    """
    chain.lock(session)
    row = session.get(Incident, ident)
    if row is None:
        raise IncidentError(f"there is no incident {ident!r}")
    if row.state not in STANDING:
        raise IncidentError(f"incident {ident} is {row.state} already")
    if how == "acknowledge" and row.state == "acknowledged":
        raise IncidentError(f"incident {ident} was acknowledged by {row.changed_by} already")
    if how == "resolve" and not (reason and reason.strip()):
        raise IncidentError("say why the incident is over")
    _change(session, row, "acknowledged" if how == "acknowledge" else "resolved", how, actor, now, reason)
    session.flush()
    return row


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
