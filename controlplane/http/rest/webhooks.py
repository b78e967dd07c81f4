"""Webhooks: how each stands, what became of events, its secret, trying it out, pausing it and going on."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from controlplane.http.problems import Problem
from controlplane.http.wiring import State
from controlplane.state import AppState
from controlplane.webhooks import steering
from policies.gate.answer import moment
from registry.access.roles import Principal
from registry.nearest import did_you_mean
from registry.sources.sealing import SecretError
from registry.webhooks.models import WebhookDelivery
from registry.webhooks.service import Hook, WebhookError

router = APIRouter(prefix="/api/v1/webhooks", tags=["Webhooks"])
Reader = Annotated[Principal, Depends(requires("catalogue:read"))]
Auditor = Annotated[Principal, Depends(requires("audit:read"))]
Writer = Annotated[Principal, Depends(requires("catalogue:write"))]


class WebhookOut(BaseModel):
    """A webhook as it stands."""

    name: str
    url: str
    owner: str | None
    state: Literal["idle", "waiting", "failing", "paused"]
    note: str | None = Field(description="Why it is paused.")
    behind: int = Field(description="Entries of the audit log that it has not been held against yet.")
    secret: Literal["elsewhere", "set", "missing"]
    failing_since: str | None
    attempts: int = Field(description="Of the event that is not taken.")
    next_attempt_at: str | None
    delivered_at: str | None = Field(description="When an event was taken last.")
    last_status: int | None = Field(description="What the receiver answered last; null where nobody answered.")
    last_error: str | None


class DeliveryOut(BaseModel):
    """What became of an event. ``seq`` is its entry of the audit log; a test has none."""

    event: str
    type: str
    subject: str
    seq: int | None
    state: Literal["delivered", "retrying", "refused", "skipped"]
    attempts: int
    first_attempt_at: str
    last_attempt_at: str
    status: int | None
    error: str | None
    milliseconds: int | None


class NewSigningSecret(BaseModel):
    """``whsec_`` and 24 to 64 random bytes in base64; two with a space between while one takes the other's place."""

    model_config = ConfigDict(extra="forbid")

    secret: SecretStr


class MadeSecret(BaseModel):
    """A secret that was made; it can't be had again."""

    secret: str


class Why(BaseModel):
    """Why it is done."""

    model_config = ConfigDict(extra="forbid")

    reason: str | None = Field(default=None, max_length=2_000)


@router.get("", summary="Every webhook")
def list_webhooks(state: State, _who: Reader) -> list[WebhookOut]:
    """By name. They are declared by manifests of kind Webhook."""
    return [told(one) for one in steering.hooks(state)]


@router.get("/{name}", summary="One webhook")
def get_webhook(state: State, _who: Reader, name: str) -> WebhookOut:
    """As it stands."""
    return told(_named(state, name))


@router.get("/{name}/deliveries", summary="What became of events")
def list_deliveries(
    state: State, _who: Auditor, name: str, limit: Limit = 50, cursor: Cursor = None
) -> Page[DeliveryOut]:
    """Those of the last 30 days, the last tried first."""
    _named(state, name)
    rows, last = cut(steering.deliveries(state, name, limit + 1, _older(cursor)), limit)
    following = encode_cursor((last.last_at.isoformat(), last.event)) if last else None
    return Page(items=[delivered(one) for one in rows], next_cursor=following)


@router.put("/{name}/secret", summary="Set a webhook's secret", status_code=HTTPStatus.NO_CONTENT)
def set_webhook_secret(state: State, who: Writer, name: str, new: NewSigningSecret) -> None:
    """In place of the one before. 409 if the manifest says that it is elsewhere, or it is none."""
    _named(state, name)
    try:
        steering.set_secret(state, who, name, new.secret.get_secret_value())
    except SecretError as error:
        raise Problem(HTTPStatus.CONFLICT, str(error)) from None


@router.post("/{name}/secret", summary="Make a webhook's secret", status_code=HTTPStatus.CREATED)
def make_webhook_secret(state: State, who: Writer, name: str) -> MadeSecret:
    """It is kept sealed and told this once."""
    _named(state, name)
    try:
        return MadeSecret(secret=steering.make_secret(state, who, name))
    except SecretError as error:
        raise Problem(HTTPStatus.CONFLICT, str(error)) from None


@router.post("/{name}/test", summary="Send a test event")
def test_webhook(state: State, who: Writer, name: str) -> DeliveryOut:
    """Sent at once, also to one that is paused; the answer says what the receiver said."""
    _named(state, name)
    return delivered(steering.test(state, who, name))


@router.post("/{name}/deliveries/{event}/redelivery", summary="Send an event once more")
def redeliver(state: State, _who: Writer, name: str, event: str) -> DeliveryOut:
    """Under the same id, whatever became of it before."""
    _named(state, name)
    try:
        return delivered(steering.send_again(state, name, event if event.isprintable() else ""))
    except WebhookError as error:
        raise Problem(HTTPStatus.NOT_FOUND, str(error)) from None


@router.post("/{name}/pause", summary="Pause a webhook")
def pause_webhook(state: State, who: Writer, name: str, why: Why | None = None) -> WebhookOut:
    """What happens meanwhile waits for it."""
    return _steered(state, who, name, "pause", why)


@router.post("/{name}/resume", summary="Go on with a webhook")
def resume_webhook(state: State, who: Writer, name: str, why: Why | None = None) -> WebhookOut:
    """It gets all that has waited, in order; one that fails is tried at once."""
    return _steered(state, who, name, "resume", why)


@router.post("/{name}/skip", summary="Pass over the event that is not taken")
def skip_event(state: State, who: Writer, name: str, why: Why | None = None) -> WebhookOut:
    """The next one is tried at once. 409 if none waits."""
    return _steered(state, who, name, "skip", why)


def _steered(
    state: AppState, who: Principal, name: str, how: Literal["pause", "resume", "skip"], why: Why | None
) -> WebhookOut:
    _named(state, name)
    try:
        steering.steer(state, who, name, how, why.reason if why else None)
    except WebhookError as error:
        raise Problem(HTTPStatus.CONFLICT, str(error)) from None
    return told(_named(state, name))


def _named(state: AppState, name: str) -> Hook:
    found = steering.one(state, name) if name.isascii() and name.isprintable() else None
    if found is None:
        hint = did_you_mean(name, [one.manifest.name for one in steering.hooks(state)])
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no webhook {name[:100]!r}{hint}")
    return found


def _older(cursor: str | None) -> tuple[datetime, str] | None:
    position = decode_cursor(cursor, (str, str))
    if position is None:
        return None
    try:
        at = datetime.fromisoformat(str(position[0]))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Problem(HTTPStatus.BAD_REQUEST, "the cursor is not one of this list; leave it out to begin at the start")
    return at, str(position[1])


def told(one: Hook) -> WebhookOut:
    """A webhook as it is answered."""
    row, last = one.state, one.last
    return WebhookOut(
        name=one.manifest.name,
        url=one.manifest.spec.url,
        owner=one.manifest.metadata.owner,
        state=one.standing,
        note=row.note,
        behind=one.behind,
        secret=one.secret,
        failing_since=moment(row.failing_since),
        attempts=row.attempts,
        next_attempt_at=moment(row.next_at),
        delivered_at=moment(row.delivered_at),
        last_status=last.status if last else None,
        last_error=last.error if last else None,
    )


def delivered(one: WebhookDelivery) -> DeliveryOut:
    """A row of the log as it is answered."""
    return DeliveryOut.model_validate(
        {
            "event": one.event,
            "type": one.type,
            "subject": one.subject,
            "seq": one.seq,
            "state": one.state,
            "attempts": one.attempts,
            "first_attempt_at": moment(one.first_at),
            "last_attempt_at": moment(one.last_at),
            "status": one.status,
            "error": one.error,
            "milliseconds": one.milliseconds,
        }
    )
