"""``/traces/{trace_id}``: the spans of a trace, down to every attribute."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from collectors.timelines.model import Instance
from collectors.workflows.definition import Definition
from registry.access.roles import Principal
from ui.site import Site
from ui.views import trace as views

_OBJECTS = 8


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("traces:read")

    @router.get("/traces/{trace_id}")
    def trace(
        request: Request, trace_id: str, person: Annotated[Principal, Depends(reader)], span: str | None = None
    ) -> Response:
        """The waterfall with one span in detail."""
        spans = site.services.trace(trace_id.lower())
        if not spans:
            raise HTTPException(
                404, f"There is no trace “{trace_id}”. It may not have arrived yet, or its time of keeping is over."
            )
        view = views.view(spans, span, _carried(site, trace_id.lower()))
        return site.page(request, person, "trace.html", view=view)

    return router


def _carried(site: Site, trace_id: str) -> list[tuple[Instance, Definition]]:
    timelines = site.services.timelines()
    workflows = site.services.declared().workflows
    found: list[tuple[Instance, Definition]] = []
    for hit in timelines.search(trace_id, _OBJECTS):
        definition = workflows.get(hit.instance.workflow)
        if definition is not None:
            found += [(whole, definition) for whole in timelines.whole(definition.workflow, [hit.instance])]
    return found
