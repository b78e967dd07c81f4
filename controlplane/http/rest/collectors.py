"""Who sends telemetry, how much, how late, and what was refused and why."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from collectors.senders.model import Refused, SenderReport, Senders
from collectors.senders.reasons import ADVICE
from collectors.timelines.times import rfc3339
from controlplane.http.asking import now_of, observed_of
from controlplane.http.auth import requires
from controlplane.http.problems import Problem
from controlplane.http.wiring import State
from controlplane.state import AppState
from registry.durations import parse_duration

router = APIRouter(prefix="/api/v1", tags=["collectors"], dependencies=[Depends(requires("traces:read"))])
#: Counts are kept for 30 days.
LONGEST = timedelta(days=30)
Period = Annotated[str, Query(description="How far back, as an ISO 8601 duration; at most P30D.", max_length=30)]


class RefusedOut(BaseModel):
    """What was refused for one reason; the example is the latest, with where it came from."""

    reason: str
    what: str
    then: str = Field(description="What to do about it.")
    lost: bool = Field(description="false: the sender was asked to send the spans again.")
    requests: int
    spans: int = Field(description="Where they could be counted.")
    last_at: str
    example: str
    peer: str
    agent: str
    transport: str


class RateOut(BaseModel):
    """Spans taken in a bucket of time."""

    at: str
    spans: int


class SenderOut(BaseModel):
    """A sender: a token and a service, or, without a token, an address and a service."""

    id: str
    token: str
    service: str
    peers: list[str]
    agents: list[str]
    transports: list[str]
    requests: int
    spans: int
    bytes: int
    spans_per_second: float = Field(description="Over the last whole minute.")
    last_seen_at: str
    silent: bool = Field(description="It sent regularly, and not for more than twice its longest pause in the period.")
    lag_seconds: float | None = Field(description="Mean time from the end of a request's last span to its arrival.")
    lag_most_seconds: float | None
    rates: list[RateOut]
    refused: list[RefusedOut]


class CollectorsOut(BaseModel):
    """All senders of a period, most spans first; all servers on one store add up."""

    since: str
    until: str
    bucket_seconds: int = Field(description="The width of a bucket of `rates`.")
    timelines_behind_seconds: float = Field(description="How far this server's timelines are behind.")
    attribute_rules: list[str] = Field(description="Rules in force on this server, in their order.")
    attribute_warnings: list[str] = Field(description="What these rules take from workflows that read it.")
    items: list[SenderOut]


@router.get("/collectors", summary="Who sends traces, and what was refused")
def get_collectors(state: State, period: Period = "PT1H") -> CollectorsOut:
    """Counts are at most some seconds old, and kept for 30 days."""
    observed = observed_of(state)
    found = asked(state, period)
    return CollectorsOut(
        since=rfc3339(found.start),
        until=rfc3339(found.end),
        bucket_seconds=found.bucket // 1_000_000_000,
        timelines_behind_seconds=observed.correlator.lag_seconds,
        attribute_rules=observed.rules,
        attribute_warnings=observed.rule_warnings,
        items=[_sender(found, one) for one in found.senders],
    )


@router.get("/collectors/{sender}", summary="One sender")
def get_collector(state: State, sender: str, period: Period = "PT1H") -> SenderOut:
    """By the id that the list gives."""
    found = asked(state, period, sender)
    if not found.senders:
        raise Problem(
            HTTPStatus.NOT_FOUND, f"no sender {sender[:40]!r} was here in that time; GET /api/v1/collectors lists them"
        )
    return _sender(found, found.senders[0])


def asked(state: AppState, period: str, sender: str = "") -> Senders:
    """The senders of a period up to now. Raises ``Problem`` 400 for a period that is none."""
    try:
        length = parse_duration(period)
    except (ValueError, OverflowError) as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"period: {error}") from error
    if not timedelta(0) < length <= LONGEST:
        raise Problem(
            HTTPStatus.BAD_REQUEST, "period: counts are kept for 30 days, so it is more than nothing and at most P30D"
        )
    now = now_of(state)
    return observed_of(state).senders(now - length // timedelta(microseconds=1) * 1_000, now, sender)


def _sender(found: Senders, one: SenderReport) -> SenderOut:
    return SenderOut(
        id=one.id,
        token=one.token,
        service=one.service,
        peers=list(one.peers),
        agents=list(one.agents),
        transports=list(one.transports),
        requests=one.requests,
        spans=one.spans,
        bytes=one.bytes,
        spans_per_second=round(one.recent / 60, 2),
        last_seen_at=rfc3339(one.last_at),
        silent=found.silent(one),
        lag_seconds=one.lag_seconds,
        lag_most_seconds=one.lag_most_seconds,
        rates=[RateOut(at=rfc3339(at), spans=spans) for at, spans in sorted(one.rates.items())],
        refused=[_refused(each) for each in one.refused],
    )


def _refused(one: Refused) -> RefusedOut:
    advice = ADVICE[one.reason]
    return RefusedOut(
        reason=one.reason,
        what=advice.what,
        then=advice.then,
        lost=advice.lost,
        requests=one.requests,
        spans=one.spans,
        last_at=rfc3339(one.last_at),
        example=one.example,
        peer=one.peer,
        agent=one.agent,
        transport=one.transport,
    )
