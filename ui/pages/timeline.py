"""``/workflows/{workflow}/instances/{id}``: one object's way through all systems."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from collectors.timelines.filtering import Filter
from registry.access.roles import Principal
from ui import naming, urls, words
from ui.pages.instances import workflow_named
from ui.site import Site
from ui.views import timeline as views

#: The latest objects that have been completed show what is usual.
_COMPARED = 200


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("workflows:read")

    @router.get("/workflows/{workflow}/instances/{ident}")
    def timeline(
        request: Request, workflow: str, ident: str, person: Annotated[Principal, Depends(reader)]
    ) -> Response:
        """The page; an id from before a late event joined two objects leads to the joined one."""
        declared = site.services.declared()
        definition = workflow_named(declared, workflow)
        timelines = site.services.timelines()
        instance = timelines.get(workflow, ident)
        if instance is None:
            noun = words.noun(definition.object)
            raise HTTPException(404, f"No {noun} has the timeline “{ident}”. Search for it by any id of any system.")
        if instance.id != ident:
            return RedirectResponse(urls.timeline(workflow, instance.id), 303)
        others = timelines.page(workflow, Filter(state="completed"), _COMPARED).items
        usual = views.usual_hops(views.hops_of(instance), others)
        view = views.view(
            instance,
            definition,
            declared.slas_of(workflow),
            naming.system_titles(declared.systems),
            usual,
            site.services.clock(),
        )
        return site.page(request, person, "timeline.html", view=view)

    return router
