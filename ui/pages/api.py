"""``/api``: the doors for programs, and how to knock."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from registry.access.roles import Principal
from ui.site import Place, Site

PLACE = Place("API", "/api", order=90)


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    anyone = site.services.requires(None)

    @router.get("/api")
    def api(request: Request, person: Annotated[Principal, Depends(anyone)]) -> Response:
        """Addresses and examples, with the address that the person used."""
        declared = site.services.declared()
        workflow = next(iter(declared.workflows), "invoice-to-cash")
        sla = next(iter(declared.slas), "invoice-posting")
        base = str(request.base_url).rstrip("/")
        return site.page(request, person, "api.html", base=base, workflow=workflow, sla=sla)

    return router
