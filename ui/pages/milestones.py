"""All milestones of one object, page by page; and what joins too much in a workflow."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from collectors.timelines.ordering import CursorError
from registry.access.roles import Principal
from ui import naming, urls, words
from ui.pages.instances import workflow_named
from ui.pages.timeline import instance_of
from ui.site import Site

_PAGE = 200


def routes(site: Site) -> APIRouter:
    """The routes."""
    router = APIRouter()
    reader = site.services.requires("workflows:read")

    @router.get("/workflows/{workflow}/instances/{ident}/milestones")
    def milestones(
        request: Request,
        workflow: str,
        ident: str,
        person: Annotated[Principal, Depends(reader)],
        cursor: Annotated[str | None, Query(max_length=1000)] = None,
    ) -> Response:
        """A page of them, in the order of time."""
        instance, definition = instance_of(site, workflow, ident)
        try:
            page = site.services.timelines().milestones(workflow, ident, _PAGE, cursor)
        except CursorError:
            raise HTTPException(400, "these milestones have gone; begin again at the first") from None
        system_title = naming.system_titles(site.services.declared().systems)
        titles = naming.step_titles(definition)
        facts = page.items if page else ()
        return site.page(
            request,
            person,
            "milestones.html",
            name=naming.display_key(instance, definition).value,
            noun=words.noun(definition.object),
            workflow_title=naming.workflow_title(definition),
            list_href=urls.instances(workflow),
            timeline_href=urls.timeline(workflow, instance.id),
            total=instance.total,
            rows=[
                {
                    "fact": fact,
                    "title": titles.get(fact.step) or words.title(fact.step),
                    "system": system_title(fact.system),
                    "href": urls.trace(fact.trace_id, fact.span_id) if fact.trace_id else "",
                }
                for fact in facts
            ],
            first=urls.milestones(workflow, instance.id) if cursor else None,
            next=urls.milestones(workflow, instance.id, page.next_cursor) if page and page.next_cursor else None,
        )

    @router.get("/workflows/{workflow}/joining-keys")
    def joining_keys(request: Request, workflow: str, person: Annotated[Principal, Depends(reader)]) -> Response:
        """The longest objects, and the key that makes each of them one."""
        definition = workflow_named(site.services.declared(), workflow)
        rows = [(one, urls.timeline(workflow, one.instance)) for one in site.services.timelines().longest(workflow)]
        return site.page(
            request,
            person,
            "joining_keys.html",
            noun=words.noun(definition.object),
            nouns=words.plural(definition.object),
            workflow_title=naming.workflow_title(definition),
            list_href=urls.instances(workflow),
            rows=rows,
        )

    return router
