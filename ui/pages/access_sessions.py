"""``/access/sessions``: who is signed in, and ending that; ``/access/me``: the same for oneself."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from registry.access import people
from registry.access.roles import Principal
from ui.site import Site, Tab
from ui.views import access as view

TAB = Tab("Sessions", "/access/sessions", order=30, place="/audit", permission="tokens:read")


def routes(site: Site) -> APIRouter:
    """The routes: the list, one's own, ending one or all of a person."""
    router = APIRouter()
    reader = site.services.requires("tokens:read")
    keeper = site.services.requires("tokens:write")
    anyone = site.services.requires(None)

    @router.get("/access/sessions")
    def listing(request: Request, person: Annotated[Principal, Depends(reader)]) -> Response:
        """All that are open."""
        with site.services.database.reading() as session:
            rows = view.session_rows(people.sessions(session, _now(site)))
        return site.page(request, person, "access_sessions.html", rows=rows, answer=view.sessions_answer(rows))

    @router.post("/access/sessions/removal")
    def end(
        person: Annotated[Principal, Depends(keeper)],
        ident: Annotated[str, Form(max_length=64)] = "",
        name: Annotated[str, Form(max_length=200)] = "",
    ) -> Response:
        """End one session, or all of a person."""
        if not (ident or name):
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, "say which session to end, or whose")
        with site.services.database.writing() as session:
            people.end(session, actor=person.name, now=_now(site), ident=ident or None, name=None if ident else name)
        return RedirectResponse("/access/sessions", HTTPStatus.SEE_OTHER)

    @router.get("/access/me")
    def me(request: Request, person: Annotated[Principal, Depends(anyone)]) -> Response:
        """Who one is here, what that allows, and where one is signed in."""
        with site.services.database.reading() as session:
            rows = view.session_rows(people.sessions(session, _now(site), person.name))
        return site.page(request, person, "access_me.html", rows=rows, permissions=sorted(person.permissions))

    @router.post("/access/me/removal")
    def leave(person: Annotated[Principal, Depends(anyone)]) -> Response:
        """Sign out everywhere, here too."""
        with site.services.database.writing() as session:
            people.end(session, actor=person.name, now=_now(site), name=person.name)
        return RedirectResponse("/login", HTTPStatus.SEE_OTHER)

    return router


def _now(site: Site) -> datetime:
    return datetime.fromtimestamp(site.services.clock() / 1e9, UTC)
