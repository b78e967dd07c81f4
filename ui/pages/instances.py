"""``/workflows/{workflow}/instances``: a workflow's objects, filtered and by pages."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from collectors.timelines.ordering import CursorError
from collectors.workflows.definition import Definition
from registry.access.roles import Principal
from registry.nearest import nearest
from ui import naming, query, slow, words
from ui.services import Declared
from ui.site import Site
from ui.views import instances as views

_PAGE = 50


def workflow_named(declared: Declared, name: str) -> Definition:
    """The workflow. Raises 404 with the nearest name."""
    found = declared.workflows.get(name)
    if found is None:
        guess = nearest(name, declared.workflows)
        raise HTTPException(404, f"There is no workflow “{name}”." + (f" Did you mean “{guess}”?" if guess else ""))
    return found


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("workflows:read")

    @router.get("/workflows/{workflow}/instances")
    def instances(request: Request, workflow: str, person: Annotated[Principal, Depends(reader)]) -> Response:
        """The list."""
        declared = site.services.declared()
        definition = workflow_named(declared, workflow)
        slas = declared.slas_of(workflow)
        now = site.services.clock()
        period = query.period(request.query_params, now)
        asked = views.read(definition, slas, request.query_params.multi_items(), period, now)

        def find() -> Mapping[str, Any]:
            timelines = site.services.timelines()
            try:
                page = timelines.page(workflow, asked.filter, _PAGE, asked.cursor)
            except CursorError:
                raise HTTPException(400, "this page of the list has gone; begin again at the newest") from None
            return {
                "answer": views.answer(asked, timelines.count(workflow, asked.filter)),
                "rows": views.rows(asked, slas, page.items),
                "known": query.known_values(definition, page.items),
                "first": asked.address(None),
                "next": asked.address(page.next_cursor) if page.next_cursor else None,
            }

        return site.stream(
            request,
            person,
            "instances.html",
            asked=asked,
            slas=slas,
            heading=words.title(words.plural(definition.object)),
            object=definition.object,
            workflow_title=naming.workflow_title(definition),
            step_titles=naming.step_titles(definition),
            periods=query.PERIODS,
            dimension_names=[name for name, _ in definition.dimensions],
            load=slow.later(find),
        )

    return router
