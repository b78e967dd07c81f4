"""``/catalogue/operations``: what one can call or listen to, over all documents in force."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from registry.access.roles import Principal
from registry.schemas import subjects
from registry.schemas.models import SchemaOperation
from ui.site import Site
from ui.views import schemas as view

_ROWS = 100


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get("/catalogue/operations")
    def operations(
        request: Request,
        person: Annotated[Principal, Depends(reader)],
        q: Annotated[str, Query(max_length=100)] = "",
        schema: Annotated[str, Query(max_length=100)] = "",
        deprecated: Annotated[str, Query(max_length=3)] = "",
        after: Annotated[str, Query(max_length=120)] = "",
    ) -> Response:
        """By schema, then in the order of the document."""
        name, _, position = after.rpartition(":")
        behind = (name, min(int(position), 2**31 - 1)) if position.isascii() and position.isdecimal() else None
        only = {"yes": True, "no": False}.get(deprecated)
        with site.services.database.reading() as session:
            found = subjects.operations(
                session, subject=schema or None, search=q.strip(), deprecated=only, after=behind, limit=_ROWS + 1
            )
        last = found[_ROWS - 1] if len(found) > _ROWS else None
        more = view.operations(q.strip(), schema, deprecated, f"{last.subject}:{last.position}") if last else ""
        rows = [_row(one) for one in found[:_ROWS]]
        return site.page(
            request,
            person,
            "operations.html",
            rows=rows,
            query=q.strip(),
            schema=schema,
            schema_href=view.schema(schema) if schema else "",
            deprecated=deprecated,
            more=more,
        )

    return router


def _row(one: SchemaOperation) -> dict[str, Any]:
    return {
        "action": one.action,
        "address": one.address,
        "name": one.operation_id,
        "summary": one.summary,
        "deprecated": one.deprecated,
        "sunset": one.sunset,
        "security": one.security,
        "schema": one.subject,
        "schema_href": view.schema(one.subject),
        "href": f"{view.version(one.subject, one.version)}?at={one.pointer}",
    }
