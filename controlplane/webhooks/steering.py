"""What people do to webhooks, for REST, GraphQL and pages alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from controlplane.sealing import seal
from controlplane.state import AppState
from controlplane.webhooks.delivering import home_of
from registry.access.roles import Principal
from registry.access.secret import new_id
from registry.kinds.webhook import WebhookManifest
from registry.webhooks import events, service, signing
from registry.webhooks.models import WebhookDelivery
from registry.webhooks.service import Hook, WebhookError


def hooks(state: AppState) -> list[Hook]:
    """All, by name."""
    with state.database.reading() as session:
        return service.hooks(session)


def one(state: AppState, name: str) -> Hook | None:
    """The one of that name."""
    with state.database.reading() as session:
        return next(iter(service.hooks(session, name)), None)


def deliveries(
    state: AppState, name: str, limit: int, older: tuple[datetime, str] | None = None
) -> Sequence[WebhookDelivery]:
    """What became of events, the last tried first."""
    with state.database.reading() as session:
        return service.log(session, name, limit=limit, older=older)


def steer(
    state: AppState, who: Principal, name: str, how: Literal["pause", "resume", "skip"], reason: str | None = None
) -> None:
    """Pause, go on, or pass over the event that is not taken. Raises ``WebhookError``."""
    with state.database.writing() as session:
        service.steer(session, name, how, actor=who.name, now=state.clock(), reason=reason or None)


def set_secret(state: AppState, who: Principal, name: str, secret: str) -> None:
    """Keep a secret, sealed. Raises ``SecretError`` or ``WebhookError``."""
    manifest = _manifest(state, name)
    with state.database.writing() as session:
        service.put_secret(session, manifest, secret, seal(state.settings), actor=who.name, now=state.clock())


def make_secret(state: AppState, who: Principal, name: str) -> str:
    """Make a secret, keep it, and tell it this once. Raises ``SecretError`` or ``WebhookError``."""
    made = signing.new_secret()
    set_secret(state, who, name, made)
    return made


def test(state: AppState, who: Principal, name: str) -> WebhookDelivery:
    """Send an event that shows only that the way is open, also to one that is paused. Raises ``WebhookError``."""
    manifest, now, ident = _manifest(state, name), state.clock(), f"test-{new_id()}"
    body = events.test_event(ident, name, who.name, now, home_of(state.settings))
    outcome = state.deliveries.send_now(manifest, ident, body)
    with state.database.writing() as session:
        return service.tested(session, name, ident, events.TEST_TYPE, outcome, state.clock())


def send_again(state: AppState, name: str, event: str) -> WebhookDelivery:
    """Send an event of the log once more, under the same id. Raises ``WebhookError``."""
    manifest = _manifest(state, name)
    with state.database.reading() as session:
        row = session.get(WebhookDelivery, (name, event))
        happened = service.event_at(session, row.seq) if row is not None and row.seq is not None else None
    if happened is None:
        raise WebhookError(f"webhook {name} has no event {event[:80]!r} that could be sent again")
    outcome = state.deliveries.send_now(manifest, happened.id, events.cloud_event(happened, home_of(state.settings)))
    with state.database.writing() as session:
        return service.sent_again(session, name, happened, outcome, state.clock())


def _manifest(state: AppState, name: str) -> WebhookManifest:
    found = one(state, name)
    if found is None:
        raise WebhookError(f"there is no webhook {name!r}")
    return found.manifest
