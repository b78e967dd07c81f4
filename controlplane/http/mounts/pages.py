"""The pages, and errors as pages for whoever looks at them in a browser."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from collectors.timelines.related import related
from collectors.timelines.unread import Unread, unread_amounts
from controlplane import correcting, readings
from controlplane.http.asking import now_of, observed_of
from controlplane.http.auth import authenticate, requires
from controlplane.observed import LOOPBACK
from controlplane.state import AppState
from controlplane.webhooks import steering
from registry.access.roles import Principal
from registry.catalogue import read
from ui.find import build
from ui.services import Crossref, Declared, Outgoing, Receiving, Services
from ui.site import Site

Handler = Callable[[Request, Any], Awaitable[Response]]
#: Objects of one relation that a timeline's page shows.
_RELATED = 10
_FOR_PROGRAMS = ("/api/", "/graphql", "/v1/", "/hooks/", "/events")


def mount(app: FastAPI, state: AppState) -> None:
    """Add the routes of the pages and answer errors on them in their voice."""
    site, router = build(_services(state))
    app.include_router(router)
    app.state.site = site
    _install_errors(app, site)


def _services(state: AppState) -> Services:
    def declared() -> Declared:
        # Steps and dimensions are those that the figures were read by, also while a changed workflow reads history.
        answering = state.observed.timelines.active() if state.observed else {}
        with state.database.reading() as session:
            return Declared(
                workflows={one.workflow: answering.get(one.workflow, one) for one in readings.definitions(session)},
                slas={sla.name: sla for sla in readings.slas(session)},
                systems={system.name: system.title for system in read.systems(session)},
                teams={team.name: team.title for team in read.teams(session)},
            )

    return Services(
        clock=lambda: now_of(state),
        requires=requires,
        visitor=_visitor,
        declared=declared,
        timelines=lambda: observed_of(state).timelines,
        reports=lambda: observed_of(state).reports,
        flows=lambda: observed_of(state).flows,
        traces=lambda: observed_of(state).traces,
        trace=lambda trace_id, span_id: observed_of(state).trace(trace_id, span_id),
        related=lambda instance: related(observed_of(state).timelines, instance, _RELATED),
        building=lambda: state.observed.correlator.building if state.observed else (),
        unread=partial(_unread, state),
        crossref=Crossref(
            standing=partial(correcting.standing, state),
            say=partial(correcting.say, state),
            take_back=partial(correcting.take_back, state),
        ),
        database=state.database,
        applied=state.applied,
        usage=lambda: observed_of(state).usage,
        gate=state.gate,
        senders=lambda start, now, sender: observed_of(state).senders(start, now, sender),
        receiving=partial(_receiving, state),
        drift=state.drift.findings,
        drift_known=state.drift.known,
        outgoing=Outgoing(
            test=partial(steering.test, state),
            again=partial(steering.send_again, state),
            make_secret=partial(steering.make_secret, state),
        ),
    )


def _unread(state: AppState) -> Mapping[str, Unread]:
    observed = state.observed
    return unread_amounts(observed.store, observed.timelines.active().values()) if observed else {}


def _receiving(state: AppState) -> Receiving:
    settings = state.settings
    return Receiving(
        http_port=settings.otlp_http_port,
        grpc_port=settings.otlp_grpc_port,
        open=settings.otlp_open and settings.host in LOOPBACK,
        max_bytes=settings.otlp_max_bytes,
        behind=state.observed.correlator.lag_seconds if state.observed else 0.0,
        rules=state.observed.rules if state.observed else (),
        warnings=state.observed.rule_warnings if state.observed else (),
        limits=state.observed.receiver.hygiene.limits.words if state.observed else "",
    )


def _visitor(request: Request) -> Principal | None:
    try:
        return authenticate(request)
    except HTTPException:
        return None


def _install_errors(app: FastAPI, site: Site) -> None:
    as_problem = cast("Handler", app.exception_handlers[HTTPException])
    unexpected = cast("Handler", app.exception_handlers[Exception])

    async def http(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException) or error.status_code == HTTPStatus.UNAUTHORIZED:
            return await as_problem(request, error)
        if not _wants_page(request):
            return await as_problem(request, error)
        return await run_in_threadpool(site.error, request, error.status_code, error.detail)

    async def other(request: Request, error: Exception) -> Response:
        answer = await unexpected(request, error)
        if not _wants_page(request):
            return answer
        return site.error(request, HTTPStatus.INTERNAL_SERVER_ERROR, "")

    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, other)


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(_FOR_PROGRAMS)
