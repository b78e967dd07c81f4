"""``/reviews/waivers``: what is let pass, by whom, until when; asking for it and deciding."""

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response

from registry.access.apart import why_not_two
from registry.access.roles import Principal
from registry.manifests.problems import ManifestError
from registry.waivers import asking, service
from registry.waivers.service import WaiverError
from registry.waivers.standing import Decision, in_order
from ui.site import Site, Tab
from ui.views import waivers as view

TAB = Tab("Waivers", "/reviews/waivers", order=40, place="/reviews", permission="catalogue:read")
_LONGEST = 2_000
_WORDS: dict[str, Decision] = {"approval": "approved", "refusal": "refused", "withdrawal": "withdrawn"}


def routes(site: Site) -> APIRouter:
    """The routes; a form that is sent from another site's page is refused where a person is recognised."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")
    asker = site.services.requires("policies:evaluate")
    decider = site.services.requires("waivers:write")

    @router.get("/reviews/waivers")
    def listing(
        request: Request,
        person: Annotated[Principal, Depends(reader)],
        subject: Annotated[str, Query(max_length=100)] = "",
    ) -> Response:
        """What waits for somebody first, then what ends soonest."""
        today = _today(site)
        with site.services.database.reading() as session:
            found = in_order(service.standing(session, subject=subject.strip() or None), today)
        return site.page(
            request,
            person,
            "waivers.html",
            answer=view.answer(found, today),
            parts=view.parts(found, today),
            subject=subject,
        )

    @router.get("/reviews/waivers/{name}")
    def waiver(request: Request, person: Annotated[Principal, Depends(reader)], name: str) -> Response:
        """One waiver, with the forms that its state and the person's role allow."""
        return _page(site, request, person, name)

    @router.post("/reviews/waivers")
    def ask(
        person: Annotated[Principal, Depends(asker)],
        subject: Annotated[str, Form(max_length=100)],
        reason: Annotated[str, Form(max_length=_LONGEST)],
        expires: Annotated[str, Form(max_length=40)],
        fingerprint: Annotated[list[str] | None, Form()] = None,
        ticket: Annotated[str, Form(max_length=500)] = "",
    ) -> Response:
        """Ask for one and show it."""
        try:
            with site.services.database.writing() as session:
                made = asking.request(
                    session,
                    actor=person.name,
                    now=_now(site),
                    subject=subject,
                    fingerprints=fingerprint or [],
                    reason=reason,
                    expires=expires,
                    ticket=ticket.strip() or None,
                )
        except ManifestError as error:
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, view.refusal(error)) from None
        site.services.applied(frozenset({"Waiver"}))
        return RedirectResponse(view.href(made.name), HTTPStatus.SEE_OTHER)

    @router.post("/reviews/waivers/{name}/{how}")
    def decide(
        person: Annotated[Principal, Depends(decider)],
        name: str,
        how: Literal["approval", "refusal", "withdrawal"],
        comment: Annotated[str, Form(max_length=_LONGEST)] = "",
    ) -> Response:
        """Decide, and show what came of it."""
        try:
            with site.services.database.writing() as session:
                service.decide(
                    session, name, _WORDS[how], actor=person.name, now=_now(site), comment=comment.strip() or None
                )
        except WaiverError as error:
            raise HTTPException(HTTPStatus.CONFLICT, f"this can't be decided so: {error}") from None
        return RedirectResponse(view.href(name), HTTPStatus.SEE_OTHER)

    return router


def _page(site: Site, request: Request, person: Principal, name: str) -> Response:
    with site.services.database.reading() as session:
        found = service.standing(session, name=name) if name.isascii() and name.isprintable() else []
        why_not = why_not_two(session, found[0].requested_by, person.name) if found else None
    if not found:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no waiver {name[:60]}")
    may_decide = "waivers:write" in person.permissions
    shown = view.detail(found[0], _today(site), person.name, may_decide=may_decide, why_not=why_not)
    return site.page(request, person, "waiver.html", one=shown)


def _now(site: Site) -> datetime:
    return datetime.fromtimestamp(site.services.clock() / 1e9, UTC)


def _today(site: Site) -> date:
    return _now(site).date()
