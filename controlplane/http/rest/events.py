"""``POST /events``: CloudEvents 1.0 over HTTP, structured, batched or binary."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from collectors.events.door import TRANSPORT
from collectors.events.model import Fault
from collectors.otlp.http_body import read_body
from collectors.otlp.refusal import Refusal
from collectors.senders.tally import Sender
from controlplane.http.asking import observed_of
from controlplane.http.auth import requires
from controlplane.http.problems import Problem
from controlplane.http.wiring import State
from registry.access.roles import Principal

router = APIRouter(tags=["Events"])
#: Faults that an answer lists; their number is always told.
_MOST_LISTED = 100


class EventFaultOut(BaseModel):
    """Why an event is refused: its place in the batch from 0, its id where it has one, the attribute or header."""

    message: str
    position: int | None = None
    id: str | None = None
    path: str | None = None


class EventsTaken(BaseModel):
    """How many events are stored, how many are refused, and why (the first hundred)."""

    accepted: int
    refused: int = 0
    errors: list[EventFaultOut] = Field(default_factory=list)


@router.post(
    "/events",
    summary="Send CloudEvents",
    responses={
        HTTPStatus.MULTI_STATUS.value: {"model": EventsTaken, "description": "Some are stored, some are refused"}
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/cloudevents+json": {"schema": {"type": "object"}},
                "application/cloudevents-batch+json": {"schema": {"type": "array", "items": {"type": "object"}}},
                "*/*": {
                    "schema": {"description": "Data of an event whose attributes are headers: ce-id, ce-type, ..."}
                },
            },
        }
    },
)
async def take_events(
    request: Request,
    response: Response,
    state: State,
    who: Annotated[Principal, Depends(requires("telemetry:write"))],
) -> EventsTaken:
    """Structured (`application/cloudevents+json`), batched (`application/cloudevents-batch+json`) or binary (`ce-` headers).

    200 says that all are stored; 207 that some are, and which are not; 400 that none is. An event that is sent again,
    with the same source and id, changes nothing.
    """
    door = observed_of(state).events
    client = request.client
    sender = Sender(who.name, client.host if client else "", request.headers.get("user-agent", ""), TRANSPORT)
    try:
        body = await read_body(door.receiver, sender, request.headers, request.receive)
        outcome = await door.take(request.headers.items(), body, sender)
    except Refusal as refusal:
        wait = {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}
        raise Problem(refusal.http, refusal.message, headers=wait) from refusal
    if not outcome.faults:
        return EventsTaken(accepted=outcome.accepted)
    errors = [_error(fault) for fault in outcome.faults[:_MOST_LISTED]]
    if not outcome.accepted:
        raise Problem(HTTPStatus.BAD_REQUEST, _said(outcome.faults), errors=[one.model_dump() for one in errors])
    response.status_code = HTTPStatus.MULTI_STATUS
    return EventsTaken(accepted=outcome.accepted, refused=len(outcome.faults), errors=errors)


def _error(fault: Fault) -> EventFaultOut:
    return EventFaultOut(message=fault.message, position=fault.position, id=fault.id or None, path=fault.path or None)


def _said(faults: tuple[Fault, ...]) -> str:
    first = faults[0]
    where = "" if first.position is None else f"event {first.position} of the batch: "
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"nothing was stored: {where}{first.message}{more}"
