"""``/catalogue/teams``: who owns what, and how to reach them."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from registry.access.roles import Principal
from registry.catalogue import read
from registry.catalogue.listing import entries
from ui import words
from ui.site import Site, Tab
from ui.views import catalogue as view

TAB = Tab("Teams", "/catalogue/teams", order=60, place="/catalogue", also=("/catalogue/Team",))


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get("/catalogue/teams")
    def teams(request: Request, person: Annotated[Principal, Depends(reader)]) -> Response:
        """The list."""
        with site.services.database.reading() as session:
            found = read.teams(session)
            owned = Counter(entry.owner for entry in entries(session) if entry.owner)
        rows = [view.team_row(team, owned[team.name]) for team in found]
        answer = f"{words.quantity(len(rows), 'team')} own {words.quantity(owned.total(), 'thing')}."
        return site.page(request, person, "catalogue_teams.html", rows=rows, answer=answer)

    return router
