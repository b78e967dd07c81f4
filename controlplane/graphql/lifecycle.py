"""The end of versions in the graph: who is still there, who was told, and who calls what is gone."""

from __future__ import annotations

from typing import Self

import strawberry
from strawberry.exceptions import StrawberryGraphQLError

from controlplane.graphql.context import Info, needs
from controlplane.http.rest import incidents
from controlplane.http.rest.lifecycle import EndingOut, list_endings
from policies.lifecycle import keeping
from policies.lifecycle.incidents import STATES


@strawberry.type(name="Notice", description="Somebody was told that a version ends.")
class NoticeType:
    caller: str
    teams: list[str]
    webhooks: list[str]
    occasion: str
    sunset: str | None
    at: str
    by: str


@strawberry.type(name="WeekOfCalls", description="Calls within the week that begins on a Monday.")
class WeekType:
    monday: str
    calls: float


@strawberry.type(name="LeavingCaller", description="A service that called a version that ends.")
class CallerType:
    service: str
    calls: float
    last_call: str
    still_there: bool
    version_told: bool
    weeks: list[WeekType]
    notices: list[NoticeType]


@strawberry.type(name="Ending", description="A version that is deprecated, retired, or to be.")
class EndingType:
    api: str
    version: str
    lifecycle: str
    owner: str | None
    deprecated: str | None
    sunset: str | None
    retired: str | None
    replacement: str | None
    calls_known: bool
    incident: bool
    late: bool
    ready_to_retire: bool
    callers: list[CallerType]

    @classmethod
    def of(cls, one: EndingOut) -> Self:
        """From what REST answers."""
        callers = [
            CallerType(
                service=caller.service,
                calls=caller.calls,
                last_call=caller.last_call,
                still_there=caller.still_there,
                version_told=caller.version_told,
                weeks=[WeekType(monday=monday, calls=calls) for monday, calls in sorted(caller.weeks.items())],
                notices=[NoticeType(**notice.model_dump()) for notice in caller.notices],
            )
            for caller in one.callers
        ]
        return cls(**one.model_dump(exclude={"callers"}), callers=callers)


@strawberry.type(name="Incident", description="Calls of a retired version by one caller.")
class IncidentType:
    id: strawberry.ID
    state: str
    api: str
    version: str | None
    operation: str | None
    caller: str
    calls: float
    first_call: str
    last_call: str
    retired_at: str
    opened_at: str
    operations: list[str]
    traces: list[str]
    teams: list[str]
    changed_at: str
    changed_by: str
    comment: str | None

    @classmethod
    def of(cls, one: incidents.IncidentOut) -> Self:
        """From what REST answers."""
        return cls(id=strawberry.ID(one.id), **one.model_dump(exclude={"id"}))


@strawberry.type
class LifecycleQuery:
    """Questions about what ends."""

    @strawberry.field(
        permission_classes=[needs("catalogue:read")], description="Versions of APIs that end, worst first."
    )
    def endings(self, info: Info) -> list[EndingType]:
        """With who still calls them, week by week."""
        found = list_endings(info.context.state, info.context.principal)
        return [EndingType.of(one) for one in found.items]

    @strawberry.field(
        permission_classes=[needs("catalogue:read")], description="Who calls what is retired; the open ones first."
    )
    def incidents(self, info: Info, state: str | None = None, api: str | None = None) -> list[IncidentType]:
        """`state` is open, acknowledged, resolved or closed."""
        if state is not None and state not in STATES:
            raise StrawberryGraphQLError(f"state must be one of {', '.join(STATES)}")
        with info.context.state.database.reading() as session:
            return [IncidentType.of(incidents.told(one)) for one in keeping.standing(session, state=state, api=api)]
