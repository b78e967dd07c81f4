"""The made-up company behind the pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastapi import FastAPI, HTTPException, Request

from collectors.timelines.model import Instance
from collectors.timelines.unread import Unread
from registry.access.roles import Principal, principal
from tests.ui import catalogue
from tests.ui.stand_ins import senders
from tests.ui.stand_ins.company import (
    COLLECTION,
    DECLARED,
    NOW,
    POSTING,
    SETTLING,
    WORKFLOW,
    company,
    error,
    in_time,
    invoice,
    milestone,
    paid,
    skewed,
    stuck,
    twice,
)
from tests.ui.stand_ins.corrections import Corrections
from tests.ui.stand_ins.flows import Flows
from tests.ui.stand_ins.reports import Reports
from tests.ui.stand_ins.timelines import Timelines, relations
from tests.ui.stand_ins.traces import Traces, trace, whole
from ui.find import build
from ui.services import Declared, Services

__all__ = [
    "COLLECTION", "DECLARED", "NOW", "POSTING", "SETTLING", "WORKFLOW", "Corrections", "Flows", "Reports", "Timelines", "Traces",
    "app", "company", "error", "in_time", "invoice", "milestone", "paid", "relations", "services", "skewed", "stuck", "trace", "twice",
]  # fmt: skip


def services(
    instances: Sequence[Instance] | None = None, *, declared: Declared = DECLARED, role: str = "finance", now: int = NOW
) -> Services:
    """The sample behind the pages; whoever sends the header ``x-nobody`` is not signed in."""
    own = company() if instances is None else instances
    person = principal("Ada Finance", role)

    def requires(permission: str | None) -> Callable[[Request], Principal]:
        def check(request: Request) -> Principal:
            if "x-nobody" in request.headers:
                raise HTTPException(401, "say who you are")
            if permission and permission not in person.permissions:
                raise HTTPException(403, f"the role {role} does not allow {permission}")
            return person

        return check

    return Services(
        clock=lambda: now,
        requires=requires,
        visitor=lambda request: None if "x-nobody" in request.headers else person,
        declared=lambda: declared,
        timelines=lambda: Timelines(own),
        reports=lambda: Reports(own),
        flows=lambda: Flows(own),
        traces=lambda: Traces(own),
        trace=whole,
        related=lambda one: relations(own, one),
        building=lambda: (),
        unread=lambda: {WORKFLOW.workflow: Unread(3, 2)},
        crossref=Corrections().gateway,
        database=catalogue.database(),
        applied=lambda _kinds: None,
        usage=lambda: catalogue.usage(now),
        gate=catalogue.gate(),
        senders=senders.reader(now),
        receiving=lambda: senders.RECEIVING,
    )


def app(chosen: Services | None = None) -> FastAPI:
    """The pages over the sample, errors as pages."""
    site, router = build(chosen or services())
    made = FastAPI(openapi_url=None)
    made.include_router(router)

    def http(request: Request, problem: HTTPException) -> object:
        return site.error(request, problem.status_code, problem.detail)

    made.add_exception_handler(404, http)
    made.add_exception_handler(HTTPException, http)
    return made
