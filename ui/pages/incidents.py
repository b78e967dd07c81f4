"""``/reviews/incidents``: what is retired and called all the same, by whom, and what is done about it."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from policies.lifecycle import keeping
from policies.lifecycle.keeping import IncidentError
from registry.access.roles import Principal
from ui.site import Site, Tab
from ui.views import catalogue
from ui.views import incidents as view

TAB = Tab("Incidents", "/reviews/incidents", order=55, place="/reviews", permission="catalogue:read")
_LONGEST = 2_000
_HOW: dict[str, Literal["acknowledge", "resolve"]] = {"acknowledgement": "acknowledge", "resolution": "resolve"}


def routes(site: Site) -> APIRouter:
    """The routes."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")
    worker = site.services.requires("incidents:write")

    @router.get("/reviews/incidents")
    def listing(request: Request, person: Annotated[Principal, Depends(reader)]) -> Response:
        """Those that are open first."""
        with site.services.database.reading() as session:
            found = keeping.standing(session)
        return site.page(request, person, "incidents.html", answer=view.answer(found), parts=view.parts(found))

    @router.get("/reviews/incidents/{ident}")
    def incident(request: Request, person: Annotated[Principal, Depends(reader)], ident: str) -> Response:
        """One, with the forms that its state and the person's role allow."""
        with site.services.database.reading() as session:
            found = keeping.one(session, ident) if ident.isascii() and ident.isprintable() else None
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no incident {ident[:40]}")
        shown = view.row(found, may_write=person.may("incidents:write"))
        return site.page(request, person, "incident.html", one=shown, team_href=catalogue.team_href)

    @router.post("/reviews/incidents/{ident}/{how}")
    def decide(
        person: Annotated[Principal, Depends(worker)],
        ident: str,
        how: Literal["acknowledgement", "resolution"],
        reason: Annotated[str, Form(max_length=_LONGEST)] = "",
    ) -> Response:
        """Take note of it, or say why it is over."""
        now = datetime.fromtimestamp(site.services.clock() / 1e9, UTC)
        try:
            with site.services.database.writing() as session:
                keeping.decide(session, ident, _HOW[how], actor=person.name, now=now, reason=reason.strip() or None)
        except IncidentError as error:
            raise HTTPException(HTTPStatus.CONFLICT, str(error)) from None
        return RedirectResponse(view.href(ident), HTTPStatus.SEE_OTHER)

    return router
