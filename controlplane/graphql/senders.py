"""Senders of traces in the graph."""

from __future__ import annotations

from typing import Self

import strawberry
from strawberry.exceptions import StrawberryGraphQLError

from collectors.senders.model import Refused, SenderReport, Senders
from collectors.senders.reasons import ADVICE
from collectors.timelines.times import rfc3339
from controlplane.graphql.context import Info, needs
from controlplane.http.problems import Problem
from controlplane.http.rest.collectors import asked


@strawberry.type(name="Refused", description="What was refused for one reason, what to do, and the latest example.")
class RefusedType:
    reason: str
    what: str
    then: str
    lost: bool
    requests: float
    spans: float
    last_at: str
    example: str

    @classmethod
    def of(cls, one: Refused) -> Self:
        """From a count."""
        advice = ADVICE[one.reason]
        return cls(
            reason=one.reason,
            what=advice.what,
            then=advice.then,
            lost=advice.lost,
            requests=one.requests,
            spans=one.spans,
            last_at=rfc3339(one.last_at),
            example=one.example,
        )


@strawberry.type(name="Sender", description="Who sends traces: a token and a service, or an address and a service.")
class SenderType:
    id: strawberry.ID
    token: str
    service: str
    peers: list[str]
    agents: list[str]
    transports: list[str]
    requests: float
    spans: float
    bytes: float
    spans_per_second: float = strawberry.field(description="Over the last whole minute.")
    last_seen_at: str
    silent: bool = strawberry.field(description="It sent regularly, and not for more than twice its longest pause.")
    lag_seconds: float | None
    refused: list[RefusedType]

    @classmethod
    def of(cls, found: Senders, one: SenderReport) -> Self:
        """From a report."""
        return cls(
            id=strawberry.ID(one.id),
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
            refused=[RefusedType.of(each) for each in one.refused],
        )


@strawberry.type
class SenderQuery:
    """Questions about senders."""

    @strawberry.field(
        permission_classes=[needs("traces:read")],
        description="Who sent traces within an ISO 8601 duration up to now, most spans first.",
    )
    def senders(self, info: Info, period: str = "PT1H") -> list[SenderType]:
        """All servers on one store add up."""
        try:
            found = asked(info.context.state, period)
            return [SenderType.of(found, one) for one in found.senders]
        except Problem as error:
            raise StrawberryGraphQLError(str(error.detail)) from error
