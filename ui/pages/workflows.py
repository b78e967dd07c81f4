"""``/workflows``: what is followed, with the way to each list."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from collectors.correlation.readings import Progress
from collectors.timelines.unread import Unread
from collectors.workflows.definition import Definition
from registry.access.roles import Principal
from ui import naming, urls, words
from ui.services import Declared
from ui.site import Place, Site
from ui.views import progress

PLACE = Place("Workflows", "/workflows", order=20, permission="workflows:read")


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("workflows:read")

    @router.get("/workflows")
    def workflows(request: Request, person: Annotated[Principal, Depends(reader)]) -> Response:
        """The list of workflows."""
        found = rows(site.services.declared(), site.services.building(), site.services.unread())
        return site.page(request, person, "workflows.html", rows=found, open=any(row["reading"] for row in found))

    return router


def rows(declared: Declared, building: Iterable[Progress], unread: Mapping[str, Unread]) -> list[dict[str, object]]:
    """A row per workflow, by name."""
    readings = list(building)
    return [
        {
            "title": naming.workflow_title(definition),
            "href": urls.instances(definition.workflow),
            "flow": urls.flow(definition.workflow),
            "objects": words.plural(definition.object),
            "steps": " → ".join(naming.step_title(step) for step in definition.steps),
            "slas": [(sla.title or words.title(sla.name), urls.sla(sla.name)) for sla in declared.slas_of(name)],
            "reading": progress.of(readings, name),
            "unread": _unread(definition, unread.get(name)),
            "long": _long(definition, unread.get(name)),
        }
        for name, definition in sorted(declared.workflows.items())
    ]


def _unread(definition: Definition, unread: Unread | None) -> tuple[str, str] | None:
    """What can't be read there, in words, and the list of it."""
    if unread is None or not unread.instances:
        return None
    amounts, objects = words.quantity(unread.milestones, "amount"), words.quantity(unread.instances, definition.object)
    return f"{amounts} of {objects} can't be read", urls.instances(definition.workflow, {"amount_unread": "true"})


def _long(definition: Definition, unread: Unread | None) -> tuple[str, str] | None:
    """Objects of thousands of milestones, in words, and the list of what joins them."""
    if unread is None or not unread.long:
        return None
    noun = words.quantity(unread.long, definition.object)
    return f"{noun} of thousands of milestones", urls.joining_keys(definition.workflow)
