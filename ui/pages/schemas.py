"""``/catalogue/schemas``: every schema, by any of its names."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from registry.access.roles import Principal
from registry.compat.model import Format
from registry.schemas import subjects
from registry.schemas.models import SchemaSubject
from ui import urls
from ui.schema_finding import nanoseconds
from ui.site import Site, Tab
from ui.views import schemas as view

TAB = Tab(
    "Schemas",
    view.PLACE,
    order=40,
    place="/catalogue",
    permission="catalogue:read",
    also=("/rules", "/catalogue/operations"),
)
_ROWS = 100


def routes(site: Site) -> APIRouter:
    """The list, and the addresses that it and its pages once had."""
    router = APIRouter()
    Reader = Annotated[Principal, Depends(site.services.requires("catalogue:read"))]  # noqa: N806  a type

    @router.get(view.PLACE)
    def schemas(
        request: Request,
        person: Reader,
        q: Annotated[str, Query(max_length=100)] = "",
        form: Annotated[str, Query(alias="format", max_length=20)] = "",
        after: Annotated[str | None, Query(max_length=100)] = None,
    ) -> Response:
        """By name; some words of names, owner or title narrow it."""
        asked = q.strip()
        with site.services.database.reading() as session:
            found = subjects.page(session, search=asked, format=form, after=after, limit=_ROWS + 1)
            total = subjects.count(session)
        more = view.listing(asked, form, found[_ROWS - 1].name) if len(found) > _ROWS else ""
        rows = [_row(one) for one in found[:_ROWS]]
        return site.page(
            request,
            person,
            "schemas.html",
            rows=rows,
            total=total,
            query=asked,
            form=form,
            formats=[one.value for one in Format],
            more=more,
            operations=view.operations(),
        )

    @router.get("/schemas")
    def once_schemas(request: Request, _person: Reader) -> Response:
        """Where the list stood before."""
        return RedirectResponse(_moved(view.PLACE, request), HTTPStatus.MOVED_PERMANENTLY)

    @router.get("/schemas/{schema}")
    def once_schema(request: Request, _person: Reader, schema: str) -> Response:
        """Where a schema stood before."""
        return RedirectResponse(_moved(view.schema(schema), request), HTTPStatus.MOVED_PERMANENTLY)

    return router


def _moved(path: str, request: Request) -> str:
    return urls.with_query(path, request.query_params.multi_items())


def _row(one: SchemaSubject) -> dict[str, Any]:
    return {
        "href": view.schema(one.name),
        "title": one.title or one.described or one.name,
        "name": one.name,
        "format": one.format,
        "compatibility": one.compatibility,
        "version": one.current,
        "versions": one.versions,
        "owner": one.owner,
        "changed_at": nanoseconds(one.updated_at),
    }
