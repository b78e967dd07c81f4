"""``/slas``: all deadlines, each over its own period."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from registry.access.roles import Principal
from ui import slow
from ui.pages.sla import default_period
from ui.query import period
from ui.services import Declared
from ui.site import Place, Site
from ui.views import deadline_list, deadlines

PLACE = Place("Deadlines", "/slas", order=10, permission="slas:read")


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("slas:read")

    @router.get("/slas")
    def slas(request: Request, person: Annotated[Principal, Depends(reader)]) -> Response:
        """The list."""
        asked = _asked(site.services.declared(), site.services.clock())

        def find() -> Mapping[str, Any]:
            reports = site.services.reports()
            totals = [reports.report(one.sla, one.period.start, one.period.end, one.now).total for one in asked]
            rows = [deadline_list.Row(one, total) for one, total in zip(asked, totals, strict=True)]
            return {"rows": rows, "answer": deadline_list.answer(rows)}

        return site.stream(request, person, "slas.html", rows=asked, load=slow.later(find))

    return router


def _asked(declared: Declared, now: int) -> list[deadlines.Asked]:
    return [
        deadlines.Asked(
            sla=sla,
            definition=definition,
            period=period({}, now, default_period(sla)),
            dimensions={},
            by=None,
            now=now,
        )
        for sla in declared.slas.values()
        if (definition := declared.workflows.get(sla.workflow))
    ]
