"""Forms on a timeline's page: an id that does not belong there, one that does, and taking either back."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import RedirectResponse, Response

from collectors.correlation.keys import key_hash
from collectors.timelines.model import Key
from registry.access.roles import Principal
from registry.crossref.check import ConflictError, CorrectionError, read_id
from ui import urls
from ui.pages.timeline import instance_of
from ui.site import Site
from ui.views import corrections as views

_LONGEST = 2_000


def routes(site: Site) -> APIRouter:
    """The routes; who sends a form from another site's page is refused where a person is recognised."""
    router = APIRouter()
    editor = site.services.requires("timelines:write")

    @router.post("/workflows/{workflow}/instances/{ident}/corrections")
    def correct(
        workflow: str,
        ident: str,
        person: Annotated[Principal, Depends(editor)],
        action: Annotated[Literal["same", "apart"], Form()],
        key: Annotated[str, Form(max_length=_LONGEST)],
        reason: Annotated[str, Form(max_length=_LONGEST)],
        type_: Annotated[str, Form(alias="type", max_length=_LONGEST)] = "",
        other: Annotated[str, Form(alias="from", max_length=_LONGEST)] = "",
    ) -> Response:
        """Put it right and show the object that stays; an id that is added comes in two parts."""
        instance, definition = instance_of(site, workflow, ident)
        try:
            named = read_id(f"{type_}:{key}" if type_ else key)
            if action == "same":
                statements = views.also(instance, definition, named)
            else:
                standing = site.services.crossref.standing(instance.workflow)
                statements = views.not_here(instance, named, standing, read_id(other) if other else None)
            site.services.crossref.say(person, instance.workflow, statements, reason)
        except CorrectionError as error:
            raise _refusal(error) from None
        return RedirectResponse(urls.timeline(workflow, key_hash(Key(*statements[0].key)).hex()), HTTPStatus.SEE_OTHER)

    @router.post("/workflows/{workflow}/instances/{ident}/corrections/{correction}/removal")
    def take_back(
        workflow: str, ident: str, correction: str, person: Annotated[Principal, Depends(editor)]
    ) -> Response:
        """Take it back and show what the object is without it."""
        try:
            site.services.crossref.take_back(person, workflow, correction)
        except CorrectionError as error:
            raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from None
        return RedirectResponse(urls.timeline(workflow, ident), HTTPStatus.SEE_OTHER)

    return router


def _refusal(error: CorrectionError) -> HTTPException:
    status = HTTPStatus.CONFLICT if isinstance(error, ConflictError) else HTTPStatus.UNPROCESSABLE_ENTITY
    # An id at the beginning of a sentence would be written with a capital.
    return HTTPException(status, f"this can't be put right: {error}")
