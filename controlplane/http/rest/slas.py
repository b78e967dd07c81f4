"""SLAs: what was promised, and how it went."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from collectors.timelines.filtering import Filter
from controlplane.documents import ReportOut, report
from controlplane.http.asking import between, dimensions_of, now_of, observed_of, sla_named, workflow_named
from controlplane.http.auth import requires
from controlplane.http.problems import Problem
from controlplane.http.queries import BY_DIMENSION
from controlplane.http.wiring import State

router = APIRouter(prefix="/api/v1", tags=["slas"], dependencies=[Depends(requires("slas:read"))])


@router.get("/slas/{sla}/report", summary="Figures of an SLA over a period", dependencies=[BY_DIMENSION])
def sla_report(
    request: Request,
    state: State,
    sla: str,
    since: Annotated[str | None, Query(alias="from", description="RFC 3339; by default the SLA's window ago.")] = None,
    until: Annotated[str | None, Query(alias="to", description="RFC 3339, exclusive; by default now.")] = None,
    by: Annotated[str | None, Query(description="A dimension of the workflow.")] = None,
) -> ReportOut:
    """Instances count in the period in which they reached the SLA's first step; any dimension narrows it."""
    chosen = sla_named(state, sla)
    definition = workflow_named(state, chosen.workflow)
    names = [name for name, _ in definition.dimensions]
    if by is not None and by not in names:
        raise Problem(
            HTTPStatus.BAD_REQUEST,
            f"by: {definition.workflow} has no dimension {by!r}; it has {', '.join(names) or 'none'}",
        )
    dimensions = dimensions_of(request, definition, ("from", "to", "by"))
    now = now_of(state)
    start, end = between(since, until)
    # The default period ends a nanosecond after now, so that what was reached just now counts.
    end = now + 1 if end is None else end
    start = max(0, end - chosen.window) if start is None else start
    if start >= end:
        raise Problem(HTTPStatus.BAD_REQUEST, "from must be before to, which is now if it is not given")
    found = observed_of(state).reports.report(chosen, start, end, now, by=by, chosen=Filter(dimensions=dimensions))
    return report(found, by)
