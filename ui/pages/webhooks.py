"""``/webhooks``: who is told what happens here, and what became of each event."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from registry.access.roles import Principal
from registry.sources.sealing import SecretError
from registry.webhooks import service
from registry.webhooks.service import WebhookError
from ui.services import Outgoing
from ui.site import Site, Tab
from ui.views import catalogue
from ui.views import webhooks as view

TAB = Tab("Webhooks", "/webhooks", order=15, place="/audit", permission="audit:read")
_MOST = 100
_LONGEST = 2_000


def routes(site: Site) -> APIRouter:
    """The routes: what stands there, and what can be done."""
    router = APIRouter()
    router.include_router(_reading(site))
    router.include_router(_doing(site))
    return router


def _reading(site: Site) -> APIRouter:
    router = APIRouter()
    reader = site.services.requires("audit:read")

    @router.get("/webhooks")
    def listing(request: Request, person: Annotated[Principal, Depends(reader)]) -> Response:
        """All of them and how they stand."""
        with site.services.database.reading() as session:
            found = service.hooks(session)
        return site.page(
            request,
            person,
            "webhooks.html",
            answer=view.answer(found),
            rows=[view.row(one) for one in found],
            team_href=catalogue.team_href,
        )

    @router.get("/webhooks/{name}")
    def webhook(request: Request, person: Annotated[Principal, Depends(reader)], name: str) -> Response:
        """One, with its log."""
        return _page(site, request, person, name)

    return router


def _doing(site: Site) -> APIRouter:
    router = APIRouter()
    writer = site.services.requires("catalogue:write")

    @router.post("/webhooks/{name}/test")
    def test(person: Annotated[Principal, Depends(writer)], name: str) -> Response:
        """Send a test event and show what came of it."""
        try:
            _outgoing(site).test(person, name)
        except WebhookError as error:
            raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from None
        return _back(name)

    @router.post("/webhooks/{name}/secret")
    def secret(request: Request, person: Annotated[Principal, Depends(writer)], name: str) -> Response:
        """Make a secret and show it, this once."""
        try:
            made = _outgoing(site).make_secret(person, name)
        except (WebhookError, SecretError) as error:
            raise HTTPException(HTTPStatus.CONFLICT, str(error)) from None
        return _page(site, request, person, name, made=made, status=HTTPStatus.CREATED)

    @router.post("/webhooks/{name}/deliveries/{event}")
    def again(_person: Annotated[Principal, Depends(writer)], name: str, event: str) -> Response:
        """Send an event once more."""
        try:
            _outgoing(site).again(name, event if event.isprintable() else "")
        except WebhookError as error:
            raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from None
        return _back(name)

    @router.post("/webhooks/{name}/{how}")
    def steer(
        person: Annotated[Principal, Depends(writer)],
        name: str,
        how: Literal["pause", "resume", "skip"],
        reason: Annotated[str, Form(max_length=_LONGEST)] = "",
    ) -> Response:
        """Pause, go on or pass over an event."""
        now = datetime.fromtimestamp(site.services.clock() / 1e9, UTC)
        try:
            with site.services.database.writing() as session:
                service.steer(session, name, how, actor=person.name, now=now, reason=reason.strip() or None)
        except WebhookError as error:
            raise HTTPException(HTTPStatus.CONFLICT, str(error)) from None
        return _back(name)

    return router


def _page(
    site: Site, request: Request, person: Principal, name: str, *, made: str = "", status: int = HTTPStatus.OK
) -> Response:
    with site.services.database.reading() as session:
        found = service.hooks(session, name)
        log = service.log(session, name, limit=_MOST) if found else ()
    if not found:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no webhook {name[:60]}")
    return site.page(
        request,
        person,
        "webhook.html",
        status=status,
        one=view.row(found[0]),
        elsewhere=found[0].manifest.spec.secret or "",
        log=[view.tried(one) for one in log],
        most=_MOST,
        made=made,
        team_href=catalogue.team_href,
    )


def _outgoing(site: Site) -> Outgoing:
    if site.services.outgoing is None:
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, "this server sends nothing")
    return site.services.outgoing


def _back(name: str) -> Response:
    return RedirectResponse(view.href(name), HTTPStatus.SEE_OTHER)
