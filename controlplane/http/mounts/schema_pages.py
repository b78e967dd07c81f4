"""The pages about schemas and the rules by which their changes are judged.

They stand on the registry alone, so they are put together here rather than handed through the readers of what is
observed. Mounts come in the order of their names: the site is there once ``pages`` is mounted.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.responses import Response

from collectors.timelines import times
from controlplane.http.auth import requires
from controlplane.http.problems import Problem
from controlplane.http.subjects import subject_named, version_numbered
from controlplane.state import AppState
from registry.access.roles import Principal
from registry.compat.engine import check, rules
from registry.compat.model import DocumentError, Format, Mode, Options, Report
from registry.nearest import did_you_mean
from registry.schemas import subjects, versions
from registry.schemas.models import SchemaSubject, SchemaVersion
from ui.site import Place, Site
from ui.views import schemas as view

_ROWS = 100
_HIGHEST = 2**31 - 1
Reader = Annotated[Principal, Depends(requires("catalogue:read"))]


def mount(app: FastAPI, state: AppState) -> None:
    """Add the routes, and the list's place in the rail."""
    site: Site = app.state.site
    place = Place("Schemas", "/schemas", order=40, permission="catalogue:read")
    site.places = sorted([*site.places, place], key=lambda one: one.order)
    router = APIRouter(include_in_schema=False)

    @router.get("/schemas")
    def listing(
        request: Request,
        person: Reader,
        q: Annotated[str, Query(max_length=100)] = "",
        after: Annotated[str | None, Query(max_length=100)] = None,
    ) -> Response:
        """Every subject by name."""
        with state.database.reading() as session:
            found = subjects.page(session, search=q.strip(), after=after, limit=_ROWS + 1)
        more = view.listing(q, found[_ROWS - 1].name) if len(found) > _ROWS else ""
        rows = [_row(one) for one in found[:_ROWS]]
        return site.page(request, person, "schemas.html", rows=rows, query=q.strip(), more=more)

    @router.get("/schemas/{subject}")
    def schema(
        request: Request, person: Reader, subject: str, to: Annotated[int | None, Query(ge=1, le=_HIGHEST)] = None
    ) -> Response:
        """One subject: what changed, its versions, its document."""
        return site.page(request, person, "schema.html", **_schema(state, subject, to))

    @router.get("/rules/{form}/{rule}")
    def explained(request: Request, person: Reader, form: str, rule: str) -> Response:
        """What a rule means, who is hurt, what to do."""
        if form not in set(Format):
            raise Problem(HTTPStatus.NOT_FOUND, f"there is no format {form[:60]!r}{did_you_mean(form, Format)}")
        known = rules(Format(form))
        if rule not in known:
            raise Problem(HTTPStatus.NOT_FOUND, f"{form} has no rule {rule[:100]!r}")
        return site.page(request, person, "rule.html", rule=known[rule], format=form)

    app.include_router(router)


def _row(one: SchemaSubject) -> dict[str, Any]:
    return {
        "href": view.schema(one.name),
        "title": one.title or one.name,
        "format": one.format,
        "compatibility": one.compatibility,
        "versions": one.versions,
        "owner": one.owner,
        "changed_at": _nanoseconds(one.updated_at),
    }


def _nanoseconds(moment: datetime) -> int:
    return times.parse(moment.isoformat())


def _schema(state: AppState, subject: str, to: int | None) -> dict[str, Any]:
    with state.database.reading() as session:
        manifest = subject_named(session, subject)
        rows = versions.page(session, manifest.name, limit=_ROWS)
        current = versions.in_force(session, manifest)
        new = version_numbered(session, manifest.name, to or rows[0].version)
        old = versions.one(session, manifest.name, new.version - 1)
    report, trouble = _compared(state, old, new, manifest.spec.mode)
    number = current.version if current else None
    return {
        "name": manifest.name,
        "title": manifest.title,
        "owner": manifest.metadata.owner,
        "format": manifest.spec.format,
        "compatibility": manifest.spec.compatibility,
        "definition": manifest.spec.text,
        "answer": view.answer(number, report, new.version - 1, new.version),
        "trouble": trouble,
        "sections": view.sections(report) if report else [],
        "versions": [_version(row, number) for row in rows],
        "older": rows[-1].version > 1,
    }


def _version(row: SchemaVersion, current: int | None) -> dict[str, Any]:
    return {
        "version": row.version,
        "current": row.version == current,
        "at": _nanoseconds(row.created_at),
        "by": row.created_by,
        "href": view.schema(row.subject, row.version) if row.version > 1 else "",
    }


def _compared(state: AppState, old: SchemaVersion | None, new: SchemaVersion, mode: Mode) -> tuple[Report | None, str]:
    if old is None:
        return None, ""
    try:
        options = Options(as_of=state.clock().date())
        return check(Format(new.format), old.text, new.text, mode=mode, options=options), ""
    except DocumentError as error:
        return None, f"The two versions can't be compared: {error}."
