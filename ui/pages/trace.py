"""``/traces/{trace_id}``: the spans of a trace, down to every attribute."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from collectors.timelines.context import Context
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
        found = site.services.trace(trace_id.lower(), span or "")
        if found is None:
            raise HTTPException(
                404, f"There is no trace “{trace_id}”. It may not have arrived yet, or its time of keeping is over."
            )
        context = site.services.traces().context(trace_id, span or "")
        workflows = site.services.declared().workflows
        view = views.view(found, span, _carried(site, context, workflows), context, workflows)
        return site.page(request, person, "trace.html", view=view)

    return router


def _carried(site: Site, context: Context, workflows: Mapping[str, Definition]) -> list[tuple[Instance, Definition]]:
    """The first objects that the trace has milestones of, with their milestones."""
    timelines = site.services.timelines()
    own = [
        one.instance for one in context.objects if one.how in ("span", "trace") and one.instance.workflow in workflows
    ]
    first = own[:_OBJECTS]
    return [
        (whole, workflows[workflow])
        for workflow in dict.fromkeys(one.workflow for one in first)
        for whole in timelines.whole(workflow, [one for one in first if one.workflow == workflow])
    ]
