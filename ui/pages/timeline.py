"""``/workflows/{workflow}/instances/{ident}``: one object's way through all systems."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from collectors.timelines.filtering import Filter
from collectors.timelines.model import Instance
from collectors.workflows.definition import Definition
from registry.access.roles import Principal
from ui import naming, urls, words
from ui.pages.instances import workflow_named
from ui.site import Site
from ui.views import corrections, progress, related
from ui.views import timeline as views

#: The latest objects that have been completed show what is usual.
_COMPARED = 200


def instance_of(site: Site, workflow: str, ident: str) -> tuple[Instance, Definition]:
    """The object and the definition by which its events were read. Raises 404."""
    declared = workflow_named(site.services.declared(), workflow)
    timelines = site.services.timelines()
    instance = timelines.get(workflow, ident)
    if instance is None:
        noun = words.noun(declared.object)
        raise HTTPException(404, f"No {noun} has the timeline “{ident}”. Search for it by any id of any system.")
    return instance, timelines.active().get(workflow, declared)


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("workflows:read")

    @router.get("/workflows/{workflow}/instances/{ident}")
    def timeline(
        request: Request, workflow: str, ident: str, person: Annotated[Principal, Depends(reader)]
    ) -> Response:
        """The page; an id from before a late event joined two objects leads to the joined one."""
        services = site.services
        instance, definition = instance_of(site, workflow, ident)
        if instance.id != ident:
            return RedirectResponse(urls.timeline(workflow, instance.id), 303)
        declared = services.declared()
        others = services.timelines().page(workflow, Filter(state="completed"), _COMPARED).items
        usual = views.usual_hops(views.hops_of(instance), others)
        view = views.view(
            instance,
            definition,
            declared.slas_of(workflow),
            naming.system_titles(declared.systems),
            usual,
            services.clock(),
        )
        return site.page(
            request,
            person,
            "timeline.html",
            view=view,
            related=related.groups(services.related(instance), declared.workflows),
            ids=corrections.view(instance, definition, services.crossref.standing(workflow)),
            reading=progress.of(services.building(), workflow),
            may_correct=person.may("timelines:write"),
        )

    return router
