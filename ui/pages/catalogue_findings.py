"""``/catalogue/findings``: what is odd about the catalogue, first of all what nobody owns, and what traffic shows beside."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from registry.access.roles import Principal
from registry.findings.find import findings, ranked
from ui import urls
from ui.site import Site, Tab
from ui.views import catalogue as view

TAB = Tab("Findings", "/catalogue/findings", order=80, place="/catalogue", permission="catalogue:read")
_ROWS = 200


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get("/catalogue/findings")
    def found(
        request: Request,
        person: Annotated[Principal, Depends(reader)],
        check: Annotated[str, Query(max_length=100)] = "",
        owner: Annotated[str, Query(max_length=100)] = "",
        about: Literal["", "declared", "traffic"] = "",
        start: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    ) -> Response:
        """All of them, or those of one check or owner, about what is declared or about traffic."""
        now = site.services.clock()
        today = datetime.fromtimestamp(now / 1e9, UTC).date()
        with site.services.database.reading() as session:
            declared = findings(session, today)
        every = ranked([*declared, *site.services.drift()])
        chosen = [
            one for one in every if check in {"", one.check} and owner in {"", one.owner} and about in {"", one.about}
        ]
        end = start + _ROWS
        query: dict[str, str | int | None] = {"check": check, "owner": owner, "about": about, "start": end}
        return site.page(
            request,
            person,
            "catalogue_findings.html",
            answer=view.findings_answer(chosen, narrowed=bool(check or owner or about)),
            rows=[view.finding_row(one) for one in chosen[start:end]],
            checks=view.checks_of(every),
            owners=sorted({one.owner for one in every if one.owner}),
            given={"check": check, "owner": owner, "about": about},
            more=urls.with_query("/catalogue/findings", query) if end < len(chosen) else "",
            team_href=view.team_href,
        )

    return router
