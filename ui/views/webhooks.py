"""Webhooks as pages show them; never a secret among them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from registry.kinds.webhook import Events
from registry.webhooks.models import WebhookDelivery
from registry.webhooks.service import Hook
from ui import words
from ui.views.evaluations import nanoseconds

_LOOKS = {"idle": "met", "waiting": "pending", "failing": "overdue", "paused": "breached"}
_SAID = {"idle": "up to date", "waiting": "under way", "failing": "not taken", "paused": "paused"}
_DELIVERIES = {"delivered": "met", "retrying": "overdue", "refused": "breached", "skipped": "cancelled"}
_RETRIED = {"retrying": "tried again", "refused": "refused, given up", "skipped": "passed over"}


@dataclass(frozen=True, slots=True)
class Row:
    """A webhook."""

    name: str
    title: str
    href: str
    url: str
    owner: str | None
    state: str
    said: str
    wants: str
    behind: int
    trouble: str
    missing: bool
    failing_since: int | None
    next_at: int | None
    delivered_at: int | None
    actions: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of an event. ``entry`` is its page, ``again`` where to send it once more."""

    event: str
    type: str
    subject: str
    entry: str
    state: str
    said: str
    attempts: int
    at: int
    answer: str
    again: str


def href(name: str) -> str:
    """The address of a webhook."""
    return f"/webhooks/{quote(name, safe='')}"


def answer(found: Sequence[Hook]) -> str:
    """The sentence that the list begins with."""
    if not found:
        return "Nobody is told what happens here."
    counts = {name: sum(one.standing == name for one in found) for name in _LOOKS}
    well = counts["idle"] + counts["waiting"]
    said = f"{well:,} of {words.quantity(len(found), 'webhook')} {words.verb(well, 'takes', 'take')} what happens here"
    troubles = [
        f"{counts[name]:,} {words.verb(counts[name], *verbs)}"
        for name, verbs in (("failing", ("does not", "do not")), ("paused", ("is paused", "are paused")))
        if counts[name]
    ]
    return "; ".join([said, *troubles]) + "."


def row(one: Hook) -> Row:
    """A webhook with what can be done about it."""
    standing = one.standing
    # A skipped or refused event is in the log; here stands only what holds the others up.
    failed = one.last.error if one.last is not None and standing == "failing" else ""
    actions = [("resume", "Go on")] if standing == "paused" else [("pause", "Pause")]
    if standing == "failing" or (standing == "paused" and one.state.attempts):
        actions = [("resume", "Try again now" if standing == "failing" else "Go on")]
        actions += [("skip", "Pass over this event")] + ([("pause", "Pause")] if standing == "failing" else [])
    return Row(
        name=one.manifest.name,
        title=one.manifest.title,
        href=href(one.manifest.name),
        url=one.manifest.spec.url,
        owner=one.manifest.metadata.owner,
        state=_LOOKS[standing],
        said=_SAID[standing],
        wants=wants(one.manifest.spec.events),
        behind=one.behind,
        trouble=one.state.note or failed or "",
        missing=one.secret == "missing",  # noqa: S105  a state, not a secret
        failing_since=nanoseconds(one.state.failing_since) if one.state.failing_since else None,
        next_at=nanoseconds(one.state.next_at) if one.state.next_at else None,
        delivered_at=nanoseconds(one.state.delivered_at) if one.state.delivered_at else None,
        actions=actions,
    )


def wants(events: Events) -> str:
    """Which events, in words."""
    lists = (("", events.kinds), ("only ", events.actions), ("named ", events.names), ("of ", events.teams))
    said = [f"{before}{words.listing(names)}" for before, names in lists if names]
    return ", ".join(said) or "everything but who signed in"


def tried(one: WebhookDelivery) -> Tried:
    """A row of the log."""
    return Tried(
        event=one.event,
        type=one.type.removeprefix("controlplane."),
        subject=one.subject,
        entry=f"/audit/{one.seq}" if one.seq is not None else "",
        state=_DELIVERIES[one.state],
        said=_RETRIED.get(one.state, one.state) if one.seq is not None or one.state == "delivered" else "not taken",
        attempts=one.attempts,
        at=nanoseconds(one.last_at),
        answer=one.error or f"answered {one.status} in {one.milliseconds or 0:,} ms",
        again=f"{href(one.webhook)}/deliveries/{quote(one.event, safe='')}" if one.seq is not None else "",
    )
