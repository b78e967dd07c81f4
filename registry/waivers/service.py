"""Reading waivers with their decisions, and deciding."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from registry.access.apart import why_not_two
from registry.audit import chain
from registry.catalogue.models import Resource, ResourceRevision
from registry.waivers.models import WaiverDecision
from registry.waivers.standing import Decision, Standing


class WaiverError(ValueError):
    """A decision that can't be taken; one sentence says why."""


def standing(session: Session, *, subject: str | None = None, name: str | None = None) -> list[Standing]:
    """All waivers, or those of a subject or name, by name."""
    query = (
        select(Resource, ResourceRevision, WaiverDecision)
        .join(
            ResourceRevision,
            and_(
                ResourceRevision.kind == Resource.kind,
                ResourceRevision.name == Resource.name,
                ResourceRevision.revision == Resource.revision,
            ),
        )
        .outerjoin(
            WaiverDecision,
            and_(WaiverDecision.name == Resource.name, WaiverDecision.revision == Resource.revision),
        )
        .where(Resource.kind == "Waiver")
        .order_by(Resource.name)
    )
    if name is not None:
        query = query.where(Resource.name == name)
    if subject is not None:
        query = query.where(Resource.spec["subject"].as_string() == subject)
    return [_standing(*row) for row in session.execute(query)]


def _standing(row: Resource, revision: ResourceRevision, decided: WaiverDecision | None) -> Standing:
    return Standing(
        name=row.name,
        subject=row.spec["subject"],
        fingerprints=frozenset(row.spec["fingerprints"]),
        reason=row.spec["reason"],
        expires=date.fromisoformat(row.spec["expires"]),
        ticket=row.spec.get("ticket"),
        requested_by=revision.by,
        requested_at=revision.at,
        decision=cast("Decision", decided.decision) if decided else None,
        decided_by=decided.by if decided else None,
        decided_at=decided.at if decided else None,
        comment=decided.comment if decided else None,
    )


def decide(
    session: Session, name: str, decision: Decision, *, actor: str, now: datetime, comment: str | None = None
) -> Standing:
    """Approve, refuse or withdraw a waiver as it is now.

    Raises ``WaiverError``: there is none, it was decided already, or whoever asked for it would approve it.
    """
    chain.lock(session)
    found: Sequence[Standing] = standing(session, name=name)
    if not found:
        raise WaiverError(f"there is no waiver {name!r}")
    waiver = found[0]
    state = waiver.state(now.date())
    if state in {"refused", "withdrawn", "expired"}:
        when = f"expired on {waiver.expires}" if state == "expired" else f"was {state} by {waiver.decided_by}"
        raise WaiverError(f"waiver {name!r} {when}; request it anew with another end or reason")
    if decision == "approved" and state == "approved":
        raise WaiverError(f"waiver {name!r} was approved by {waiver.decided_by} already")
    if decision == "refused" and state == "approved":
        raise WaiverError(f"waiver {name!r} was approved by {waiver.decided_by}; withdraw it instead")
    if decision == "approved" and waiver.requested_by == actor:
        raise WaiverError(f"{actor} requested waiver {name!r}, so somebody else has to approve it")
    if decision == "approved" and (why := why_not_two(session, waiver.requested_by, actor)) is not None:
        raise WaiverError(
            f"{waiver.requested_by} requested waiver {name!r}, and {why}; somebody else has to approve it"
        )
    resource = session.get_one(Resource, ("Waiver", name))
    row = session.get(WaiverDecision, (name, resource.revision)) or WaiverDecision(
        name=name, revision=resource.revision
    )
    row.decision, row.at, row.by, row.comment = decision, now, actor, comment
    session.add(row)
    chain.record(
        session,
        actor=actor,
        action={"approved": "approve", "refused": "refuse", "withdrawn": "withdraw"}[decision],
        kind="Waiver",
        name=name,
        now=now,
        before={"state": state},
        after={"state": decision},
        reason=comment,
    )
    session.flush()
    (after,) = standing(session, name=name)
    return after
