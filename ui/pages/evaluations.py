"""``/reviews/evaluations``: what pipelines asked the gate, and each answer with its grounds."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from policies.gate import keeping
from registry.access.roles import Principal
from ui.site import Site, Tab
from ui.views import evaluations as view

TAB = Tab("Evaluations", "/reviews/evaluations", order=20, place="/reviews", permission="catalogue:read")
_ROWS = 50
_DAYS = 30
_Text = Annotated[str, Query(max_length=100)]


def routes(site: Site) -> APIRouter:
    """The routes."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get("/reviews/evaluations")
    def listing(
        request: Request,
        person: Annotated[Principal, Depends(reader)],
        subject: _Text = "",
        verdict: Literal["", "allow", "warn", "deny"] = "",
        batch: _Text = "",
        before: _Text = "",
    ) -> Response:
        """The latest first."""
        now = datetime.fromtimestamp(site.services.clock() / 1e9, UTC)
        with site.services.database.reading() as session:
            counts = keeping.counts(session, now - timedelta(days=_DAYS))
            found = keeping.page(
                session,
                subject=subject.strip() or None,
                verdict=verdict or None,
                batch=batch or None,
                before=view.position(before),
                limit=_ROWS + 1,
            )
            rows = [view.row(one) for one in found[:_ROWS]]
            last = found[_ROWS - 1] if len(found) > _ROWS else None
            given = {"subject": subject, "verdict": verdict, "batch": batch}
            more = view.older(given, last) if last else ""
        return site.page(
            request,
            person,
            "evaluations.html",
            answer=view.answer(counts, _DAYS),
            rows=rows,
            given=given,
            more=more,
        )

    @router.get("/reviews/evaluations/{ident}")
    def evaluation(request: Request, person: Annotated[Principal, Depends(reader)], ident: str) -> Response:
        """One answer: verdict, findings, whom it may touch."""
        today = datetime.fromtimestamp(site.services.clock() / 1e9, UTC).date()
        with site.services.database.reading() as session:
            found = keeping.one(session, ident) if ident.isalnum() else None
            if found is None:
                sentence = f"There is no evaluation {ident[:40]}, or its time of keeping is over"
                raise HTTPException(HTTPStatus.NOT_FOUND, sentence)
            shown = view.detail(found)
        may_ask = "policies:evaluate" in person.permissions
        latest = (today + timedelta(days=30)).isoformat()
        may_propose = person.may("reviews:write")
        return site.page(
            request, person, "evaluation.html", one=shown, may_ask=may_ask, may_propose=may_propose, until=latest
        )

    return router
