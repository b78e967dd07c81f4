"""``/reviews/lifecycle``: versions of APIs that end, and their callers leaving week by week."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from collectors.usage.reading import ApiUsage
from policies.gate.usage import LOOK_BACK_DAYS
from policies.lifecycle.reading import ending, sentence
from registry.access.roles import Principal
from registry.catalogue import read
from registry.kinds.api import APIManifest
from ui.site import Site, Tab
from ui.views import catalogue
from ui.views import lifecycle as view

TAB = Tab("Lifecycle", "/reviews/lifecycle", order=50, place="/reviews", permission="catalogue:read")
_DAY = 86_400 * 10**9


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    def usage_of(api: APIManifest) -> ApiUsage | None:
        now = site.services.clock()
        try:
            return site.services.usage().api(api.spec, now - LOOK_BACK_DAYS * _DAY, now)
        except HTTPException:
            return None

    @router.get("/reviews/lifecycle")
    def lifecycle(request: Request, person: Annotated[Principal, Depends(reader)]) -> Response:
        """All of them, worst first."""
        with site.services.database.reading() as session:
            apis = read.every(session, APIManifest)
        found = ending(apis, usage_of, datetime.fromtimestamp(site.services.clock() / 1e9, UTC))
        return site.page(
            request,
            person,
            "lifecycle.html",
            answer=sentence(found),
            rows=[view.row(one) for one in found],
            days=LOOK_BACK_DAYS,
            team_href=catalogue.team_href,
        )

    return router
