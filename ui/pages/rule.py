"""``/rules/{format}/{rule}``: what a rule means, who is hurt, what to do."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from registry.access.roles import Principal
from registry.compat.engine import rules
from registry.compat.model import Format
from registry.nearest import did_you_mean
from ui.site import Site


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get("/rules/{form}/{rule}")
    def explained(request: Request, person: Annotated[Principal, Depends(reader)], form: str, rule: str) -> Response:
        """One rule."""
        if form not in set(Format):
            sentence = f"there is no format {form[:60]!r}{did_you_mean(form, Format)}"
            raise HTTPException(HTTPStatus.NOT_FOUND, sentence)
        known = rules(Format(form))
        if rule not in known:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"{form} has no rule {rule[:100]!r}")
        return site.page(request, person, "rule.html", rule=known[rule], format=form)

    return router
