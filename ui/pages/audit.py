"""``/audit``: every change with who, when, before, after and why; and whether anyone rewrote the log."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from registry.access.roles import Principal
from registry.audit import chain
from ui import slow, urls
from ui.query import PERIODS, period
from ui.site import Place, Site, Tab
from ui.views import audit as view

PLACE = Place("Audit", "/audit", order=70, permission="audit:read")
TAB = Tab("Log", "/audit", order=10, place="/audit", permission="audit:read")
_ROWS = 100
_HIGHEST = 2**31 - 1


def routes(site: Site) -> APIRouter:
    """The routes: the list, and one entry."""
    router = APIRouter()
    reader = site.services.requires("audit:read")

    @router.get("/audit")
    def entries(
        request: Request,
        person: Annotated[Principal, Depends(reader)],
        actor: Annotated[str, Query(max_length=200)] = "",
        kind: Annotated[str, Query(max_length=50)] = "",
        name: Annotated[str, Query(max_length=200)] = "",
        action: Annotated[str, Query(max_length=50)] = "",
        before: Annotated[int | None, Query(ge=1, le=_HIGHEST)] = None,
    ) -> Response:
        """Newest first."""
        asked = period(request.query_params, site.services.clock())
        given = {"actor": actor, "kind": kind, "name": name, "action": action}
        with site.services.database.reading() as session:
            rows = chain.entries(
                session,
                before_seq=before,
                limit=_ROWS + 1,
                **{key: value.strip() or None for key, value in given.items()},
                since=None if asked.whole else _moment(asked.start),
                until=None if asked.whole else _moment(asked.end),
            )
            choices = chain.choices(session)

        def find() -> Mapping[str, Any]:
            with site.services.database.reading() as session:
                return {"verdict": chain.verify(session)}

        more = given | asked.parameters | {"before": str(rows[_ROWS - 1].seq)} if len(rows) > _ROWS else None
        return site.stream(
            request,
            person,
            "audit.html",
            rows=[view.row(one) for one in rows[:_ROWS]],
            given=given,
            chosen=any(given.values()) or not asked.whole,
            choices=choices,
            period=asked,
            periods=PERIODS,
            more=urls.with_query("/audit", more) if more else "",
            load=slow.later(find),
        )

    @router.get("/audit/{seq}")
    def entry(request: Request, person: Annotated[Principal, Depends(reader)], seq: int) -> Response:
        """One entry with the difference that it made."""
        with site.services.database.reading() as session:
            found = chain.one(session, seq) if 0 < seq <= _HIGHEST else None
            if found is None:
                raise HTTPException(HTTPStatus.NOT_FOUND, f"the audit log has no entry {seq}")
            return site.page(request, person, "audit_entry.html", **view.entry(found))

    return router


def _moment(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(nanoseconds // 1_000 / 1e6, UTC)
