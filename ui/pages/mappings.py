"""``/catalogue/mappings``: every mapping, and how much of each object each system's cover."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from registry.access.roles import Principal
from registry.canon.reading import model
from ui.site import Site, Tab
from ui.views import mappings as view

TAB = Tab("Mappings", "/catalogue/mappings", order=50, place="/catalogue", permission="catalogue:read")


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get("/catalogue/mappings")
    def mappings(request: Request, person: Annotated[Principal, Depends(reader)]) -> Response:
        """The picture and the list."""
        with site.services.database.reading() as session:
            found = model(session)
            rows = view.rows(found)
        systems, table = view.matrix(rows, found.objects)
        titles = {name: one.title for name, one in found.objects.items()}
        return site.page(
            request,
            person,
            "mappings.html",
            answer=view.answer(rows, len(found.objects)),
            rows=rows,
            systems=systems,
            system_titles={one.name: one.title for one in found.systems},
            table=table,
            titles=titles,
            object_href=view.object_href,
        )

    return router
