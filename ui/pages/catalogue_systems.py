"""``/catalogue/systems``: what takes part in the company's workflows, and what each offers."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from registry.access.roles import Principal
from registry.catalogue import read
from registry.kinds.api import APIManifest
from ui import words
from ui.site import Site, Tab
from ui.views import catalogue as view

TAB = Tab("Systems", "/catalogue/systems", order=20, place="/catalogue", also=("/catalogue/System",))


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get("/catalogue/systems")
    def systems(request: Request, person: Annotated[Principal, Depends(reader)]) -> Response:
        """The list."""
        with site.services.database.reading() as session:
            found = read.systems(session)
            apis = read.every(session, APIManifest)
            workflows = read.workflows(session)
        offered = Counter(api.spec.system for api in apis)
        taking = Counter(system for one in workflows for system in {step.system for step in one.spec.steps})
        rows = [
            {
                "title": one.title,
                "href": view.href("System", one.name),
                "category": one.spec.category,
                "vendor": one.spec.vendor,
                "services": one.spec.services,
                "apis": offered[one.name],
                "workflows": taking[one.name],
                "owner": one.metadata.owner,
            }
            for one in found
        ]
        answer = f"{words.quantity(len(rows), 'system')} offer {view.noun('API', sum(offered.values()))}."
        return site.page(request, person, "catalogue_systems.html", rows=rows, answer=answer, team_href=view.team_href)

    return router
