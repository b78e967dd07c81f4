"""``/search?q=``: any id of any system."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from collectors.timelines.reading import Hit
from registry.access.roles import Principal
from ui import naming, urls
from ui.services import Declared
from ui.site import Place, Site

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
        values: dict[str, Any] = {
            "rows": rows(hits, declared),
            "kinds": kinds,
            "trace": trace,
            "full": len(hits) >= _MOST,
        }
        return site.page(request, person, "search.html", **values)

    return router


def rows(hits: list[Hit], declared: Declared) -> list[dict[str, object]]:
    """A row per timeline that was found."""
    return [
        {
            "key": hit.key,
            "href": urls.timeline(hit.instance.workflow, hit.instance.id),
            "workflow": naming.workflow_title(declared.workflows[hit.instance.workflow]),
            "started_at": hit.instance.started_at,
            "state": hit.instance.state,
            "amount": hit.instance.amount,
        }
        for hit in hits
        if hit.instance.workflow in declared.workflows
    ]
