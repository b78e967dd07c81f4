"""``/reviews``: the way to what is reviewed; its pages stand beside one another as tabs."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import RedirectResponse, Response

from registry.access.roles import Principal
from ui.site import Place, Site

PLACE = Place("Reviews", "/reviews", order=50, permission="catalogue:read")


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get("/reviews")
    def reviews(person: Annotated[Principal, Depends(reader)]) -> Response:
        """The first tab that this person may see."""
        tabs = [one for one in site.tabs if one.place == PLACE.href]
        first = next((one for one in tabs if not one.permission or one.permission in person.permissions), None)
        if first is None:
            raise HTTPException(HTTPStatus.FORBIDDEN, f"the role {person.role} sees none of the reviews")
        return RedirectResponse(first.href, HTTPStatus.SEE_OTHER)

    return router
