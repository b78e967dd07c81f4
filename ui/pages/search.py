"""``/search?q=``: any id of any system."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from registry.access.roles import Principal
from ui import urls
from ui.site import Place, Site
from ui.views import search as views

PLACE = Place("Search", "/search", order=30, permission="workflows:read")
_MOST = 50
_LONGEST = 500


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("workflows:read")

    @router.get("/search")
    def search(request: Request, person: Annotated[Principal, Depends(reader)], q: str = "") -> Response:
        """The form, what was found, or straight on to the only timeline."""
        declared = site.services.declared()
        hits = site.services.timelines().search(q[:_LONGEST], _MOST) if q.strip() else []
        if len(hits) == 1:
            return RedirectResponse(urls.timeline(hits[0].instance.workflow, hits[0].instance.id), 303)
        place = site.services.traces().find(q[:_LONGEST]) if q.strip() else None
        trace = urls.trace(place.trace_id, place.span_id) if place and person.may("traces:read") else ""
        if trace and not hits:
            return RedirectResponse(trace, 303)
        kinds = sorted({kind for definition in declared.workflows.values() for kind, _ in definition.keys})
        full = len(hits) >= _MOST
        values: dict[str, Any] = {
            "answer": views.answer(q, hits, trace, full=full) if hits else [],
            "rows": views.rows(hits, declared.workflows),
            "kinds": kinds,
            "described": sorted({name for one in declared.workflows.values() for name, _ in one.dimensions}),
            "full": full,
            "more": views.more(hits, declared.workflows),
            "amounts": views.amounts(q, declared.workflows),
            "near": [] if hits or not q.strip() else site.services.timelines().near(q[:_LONGEST]),
        }
        return site.page(request, person, "search.html", **values)

    return router
