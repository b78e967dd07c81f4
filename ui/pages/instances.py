"""``/workflows/{workflow}/instances``: a workflow's objects, filtered and by pages."""

from collections.abc import Mapping
from itertools import chain, islice
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response, StreamingResponse

from collectors.timelines.ordering import CursorError
from collectors.workflows.definition import Definition
from policies.slas import table
from registry.access.roles import Principal
from registry.nearest import nearest
from ui import naming, query, slow, urls, words
from ui.services import Declared
from ui.site import HEADERS, Site
from ui.views import instances as views
from ui.views import progress, wanted

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
        asked = wanted.read(definition, slas, request.query_params.multi_items(), period, now)

        def find() -> Mapping[str, Any]:
            timelines = site.services.timelines()
            try:
                page = timelines.page(workflow, asked.filter, _PAGE, asked.cursor, asked.narrowing.sort)
            except CursorError:
                return {"gone": True, "first": asked.address(None)}
            return {
                "gone": False,
                "answer": wanted.answer(asked, timelines.totals(workflow, asked.filter)),
                "rows": views.rows(asked, slas, page.items),
                "known": query.known_values(definition, page.items)
                | {"error_type": list(timelines.error_types(workflow, asked.filter))},
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
            lengths=wanted.LENGTHS,
            sorts=wanted.SORTS,
            flow_href=urls.flow(workflow, asked.parameters(sort=None)),
            csv_href=urls.instances_csv(workflow, asked.parameters()),
            dimension_names=[name for name, _ in definition.dimensions],
            load=slow.later(find),
            **progress.values(site.services, workflow),
        )

    @router.get("/workflows/{workflow}/instances.csv")
    def as_csv(request: Request, workflow: str, _person: Annotated[Principal, Depends(reader)]) -> Response:
        """The whole list as a file, filtered and ordered as the page shows it."""
        declared = site.services.declared()
        definition = workflow_named(declared, workflow)
        slas = declared.slas_of(workflow)
        now = site.services.clock()
        period = query.period(request.query_params, now)
        asked = wanted.read(definition, slas, request.query_params.multi_items(), period, now)
        if asked.troubles:
            raise HTTPException(400, asked.troubles[0])
        portions = site.services.timelines().walk(workflow, asked.filter, asked.narrowing.sort)
        # What fails at the start is still told as an error; later the file just ends, and the browser says so.
        begun = chain(list(islice(portions, 1)), portions)
        lines = table.lines(definition, slas, begun, now)
        saved = {"Content-Disposition": f'attachment; filename="{workflow}.csv"'}
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8; header=present", headers=HEADERS | saved)

    return router
