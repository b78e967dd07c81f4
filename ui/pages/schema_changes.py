"""``/catalogue/schemas/{schema}/changes``: two versions side by side, and what the change does to whom."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from registry.access.roles import Principal
from registry.compat.model import DocumentError, Mode, Report
from registry.schemas import versions
from registry.schemas.comparing import compared
from registry.schemas.models import SchemaVersion
from ui.schema_finding import HIGHEST, moment, schema_named, version_numbered
from ui.site import Site
from ui.views import schemas as view
from ui.views.source import readable
from ui.views.text_diff import difference

Number = Annotated[int | None, Query(ge=1, le=HIGHEST)]
Named = Annotated[int | None, Query(alias="from", ge=1, le=HIGHEST)]
_ROWS = 100


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get(view.PLACE + "/{schema}/changes")
    def changes(
        request: Request, person: Annotated[Principal, Depends(reader)], schema: str, older: Named = None, to: Number = None
    ) -> Response:  # fmt: skip
        """From one version to another, by default the latest from the one before."""
        today = moment(site.services.clock()).date()
        with site.services.database.reading() as session:
            manifest = schema_named(session, schema)
            number = to or versions.latest(session, schema)
            new = version_numbered(session, schema, number)
            old = version_numbered(session, schema, older or max(1, number - 1))
            # Once: laying out a long document takes its time.
            texts = {row.text: readable(row.text) for row in (old, new)}
            report, trouble = _compared(session, old, new, manifest.spec.mode, today, texts)
            rows = versions.page(session, schema, limit=_ROWS)
        values: dict[str, Any] = {
            "schema": schema,
            "schema_href": view.schema(schema),
            "title": manifest.title,
            "compatibility": manifest.spec.compatibility,
            "old": old.version,
            "new": new.version,
            "old_href": view.version(schema, old.version),
            "new_href": view.version(schema, new.version),
            "answer": view.changed(report, old.version, new.version) if not trouble else "The two can't be compared.",
            "trouble": trouble,
            "sections": view.sections(report) if report else [],
            "difference": difference(texts[old.text], texts[new.text]),
            "numbers": sorted({old.version, new.version, *(row.version for row in rows)}, reverse=True),
            "address": f"{view.schema(schema)}/changes",
        }
        return site.page(request, person, "schema_changes.html", **values)

    return router


def _compared(
    session: Session, old: SchemaVersion, new: SchemaVersion, mode: Mode, today: date, texts: Mapping[str, str]
) -> tuple[Report | None, str]:
    try:
        return compared(session, old, new, mode, today, texts.__getitem__), ""
    except DocumentError as error:
        return None, f"The two versions can't be compared: {error}."
