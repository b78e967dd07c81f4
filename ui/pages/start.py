"""``/``: the deadlines, where a day begins."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from registry.access.roles import Principal
from ui.site import Site


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    anyone = site.services.requires(None)

    @router.get("/")
    def start(request: Request, person: Annotated[Principal, Depends(anyone)]) -> Response:
        """To where the person has something to read."""
        if not person.may("slas:read"):
            return site.page(request, person, "welcome.html")
        return RedirectResponse("/slas", 303)

    return router
