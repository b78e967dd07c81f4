"""``/reviews/lifecycle``: versions of APIs that end, and their callers leaving week by week."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from collectors.usage.reading import ApiUsage
from policies.gate.usage import LOOK_BACK_DAYS
from policies.lifecycle import notices
from policies.lifecycle.leaving import leaving
from policies.lifecycle.reading import ending, sentence
from policies.lifecycle.retired import retired_since
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
    writer = site.services.requires("catalogue:write")

    def usage_of(api: APIManifest) -> ApiUsage | None:
        now = site.services.clock()
        try:
            return site.services.usage().api(api.spec, now - LOOK_BACK_DAYS * _DAY, now)
        except HTTPException:
            return None

    def page(request: Request, person: Principal, said: str = "") -> Response:
        now = _now(site)
        with site.services.database.reading() as session:
            apis = read.every(session, APIManifest)
            retired = {api.name: retired_since(session, api) for api in apis}
            given = notices.given(session)
        found = ending(apis, usage_of, now, retired)
        return site.page(
            request,
            person,
            "lifecycle.html",
            answer=sentence(found),
            rows=[view.row(one, given) for one in found],
            days=LOOK_BACK_DAYS,
            team_href=catalogue.team_href,
            said=said,
        )

    @router.get("/reviews/lifecycle")
    def lifecycle(request: Request, person: Annotated[Principal, Depends(reader)]) -> Response:
        """All of them, worst first."""
        return page(request, person)

    @router.post("/reviews/lifecycle/{name}/{label}/notices")
    def tell(request: Request, person: Annotated[Principal, Depends(writer)], name: str, label: str) -> Response:
        """Tell those who still call a version, and show whom."""
        with site.services.database.reading() as session:
            api = read.get(session, "API", name) if name.isascii() and name.isprintable() else None
        version = api.spec.version_named(label) if isinstance(api, APIManifest) else None
        if not isinstance(api, APIManifest) or version is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no version {label[:60]} of an API {name[:100]}")
        now = _now(site)
        found = leaving(api, version, usage_of(api), now)
        with site.services.database.writing() as session:
            given, earlier = notices.tell_by_hand(session, found, person.name, now)
        return page(request, person, view.said(given, earlier))

    return router


def _now(site: Site) -> datetime:
    return datetime.fromtimestamp(site.services.clock() / 1e9, UTC)
