"""``/workflows/{workflow}/flow``: which way objects take, how long each hop takes, and where they stop."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from registry.access.roles import Principal
from ui import naming, query, slow, urls, words
from ui.pages.instances import workflow_named
from ui.site import Site
from ui.views import flow as views
from ui.views import progress, wanted

_VARIANTS = 20


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("workflows:read")

    @router.get("/workflows/{workflow}/flow")
    def flow(request: Request, workflow: str, person: Annotated[Principal, Depends(reader)]) -> Response:
        """The picture, its tables and the ranked ways."""
        declared = site.services.declared()
        definition = workflow_named(declared, workflow)
        slas = declared.slas_of(workflow)
        now = site.services.clock()
        period = query.period(request.query_params, now)
        asked = wanted.read(definition, slas, request.query_params.multi_items(), period, now)

        def find() -> Mapping[str, Any]:
            flows = site.services.flows()
            found = flows.flow(workflow, asked.filter)
            ways = flows.variants(workflow, asked.filter, _VARIANTS)
            errors = site.services.timelines().error_types(workflow, asked.filter)
            return {"view": views.view(asked, found, ways, naming.system_titles(declared.systems), errors)}

        return site.stream(
            request,
            person,
            "flow.html",
            asked=asked,
            slas=slas,
            object=definition.object,
            heading=f"How {words.plural(definition.object)} flow",
            workflow_title=naming.workflow_title(definition),
            list_href=urls.instances(workflow, asked.parameters()),
            step_titles=naming.step_titles(definition),
            periods=query.PERIODS,
            lengths=wanted.LENGTHS,
            sorts={},
            dimension_names=[name for name, _ in definition.dimensions],
            load=slow.later(find),
            **progress.values(site.services, workflow),
        )

    return router
