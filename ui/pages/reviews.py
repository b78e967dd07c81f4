"""``/reviews``: what waits for whoever looks, and what others decide on; its other pages stand beside it as tabs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from policies.reviews import reading
from policies.reviews.deciding import ALIVE
from registry.access.roles import Principal
from ui.schema_finding import moment
from ui.site import Place, Site, Tab
from ui.views import reviews as view

PLACE = Place("Reviews", "/reviews", order=50, permission="catalogue:read")
TAB = Tab("Inbox", "/reviews", order=10, place="/reviews", permission="catalogue:read")
_ALIVE, _OVER = 500, 20


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get("/reviews")
    def reviews(
        request: Request,
        person: Annotated[Principal, Depends(reader)],
        subject: Annotated[str, Query(max_length=100)] = "",
    ) -> Response:
        """What is due first comes first."""
        today = moment(site.services.clock()).date()
        # A name of other characters is nobody's, and not every database can be asked for it.
        wanted = subject.strip() if subject.isascii() and subject.isprintable() else "-"
        with site.services.database.reading() as session:
            alive = reading.page(session, today, states=sorted(ALIVE), subject=wanted or None, limit=_ALIVE)
            over = reading.decided(session, subject=wanted or None, limit=_OVER)
            who = reading.voter(session, person)
        answer, parts = view.inbox(alive, over, who, today, publishes=person.may("catalogue:write"))
        return site.page(request, person, "reviews.html", answer=answer, parts=parts, subject=subject)

    return router
