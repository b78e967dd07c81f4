"""``/slas/{sla}``: one deadline; for invoice posting this is finance's first page."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from collectors.timelines.filtering import Filter
from policies.slas.model import Figures, Report, Sla
from policies.slas.report import SlaReports, deadline_of
from registry.access.roles import Principal
from registry.durations import format_duration
from registry.nearest import nearest
from ui import format as fmt
from ui import query, slow
from ui.charts import ageing
from ui.services import Declared
from ui.site import Site
from ui.views import deadline_charts, deadlines, progress
from ui.views.deadlines import Asked

_ROWS = 50
#: More groups than this get no line of their own: each costs a question to the store.
_SPARKLINES = 12


def default_period(sla: Sla) -> str:
    """The SLA's window as ISO 8601."""
    return format_duration(timedelta(microseconds=sla.window // fmt.MICROSECOND))


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("slas:read")

    @router.get("/slas/{sla}")
    def sla(request: Request, sla: str, person: Annotated[Principal, Depends(reader)]) -> Response:
        """The page, or its answer alone for htmx."""
        declared = site.services.declared()
        asked = _asked(declared, sla, request, site.services.clock())
        wants_answer = request.headers.get("HX-Target") == "answer"

        def find() -> Mapping[str, Any]:
            here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return {"here": here, **_found(site, asked, whole=not wants_answer)}

        values: dict[str, Any] = {
            "asked": asked,
            "owner": declared.teams.get(asked.sla.owner, asked.sla.owner),
            "periods": query.PERIODS,
            "dimension_names": [name for name, _ in asked.definition.dimensions],
            "load": slow.later(find),
            **progress.values(site.services, asked.sla.workflow),
        }
        if wants_answer:
            return site.page(request, person, "sla.html", **values)
        return site.stream(request, person, "sla.html", **values)

    return router


def _asked(declared: Declared, name: str, request: Request, now: int) -> Asked:
    sla = declared.slas.get(name)
    definition = declared.workflows.get(sla.workflow) if sla else None
    if sla is None or definition is None:
        guess = nearest(name, declared.slas)
        raise HTTPException(404, f"There is no deadline “{name}”." + (f" Did you mean “{guess}”?" if guess else ""))
    known = [dimension for dimension, _ in definition.dimensions]
    # Nothing asked compares by the entity, else the first dimension; "none" and unknown names compare by nothing.
    usual = "entity" if "entity" in known else known[0] if known else None
    by = request.query_params.get("by", usual)
    return Asked(
        sla=sla,
        definition=definition,
        period=query.period(request.query_params, now, default_period(sla)),
        dimensions=query.dimensions(request.query_params.multi_items(), known),
        by=by if by in known else None,
        now=now,
    )


def _found(site: Site, asked: Asked, *, whole: bool) -> Mapping[str, Any]:
    reports = site.services.reports()
    chosen = Filter(dimensions=asked.dimensions)
    by = asked.by if whole else None
    report = reports.report(asked.sla, asked.period.start, asked.period.end, asked.now, by=by, chosen=chosen)
    dated = replace(chosen, deadline_since=asked.period.start, deadline_until=asked.period.end)
    limit = _ROWS if whole else 1
    waiting = reports.waiting(asked.sla, asked.now, chosen=dated, limit=limit) if report.total.overdue else []
    overdue_ever = site.services.timelines().count(
        asked.sla.workflow,
        replace(chosen, deadline=deadline_of(asked.sla), deadline_state="overdue", now=asked.now),
    )
    view = {
        "total": report.total,
        "answer": deadlines.answer(asked, report.total, waiting[0] if waiting else None),
        "older": deadlines.older(asked, overdue_ever - report.total.overdue),
        "strip": deadlines.strip(asked, report.total),
    }
    if not whole:
        return {"view": view}
    rows = {"rows": deadlines.waiting_rows(asked, waiting)}
    known = query.known_values(asked.definition, [wait.instance for wait in waiting])
    if asked.by:
        known[asked.by] = sorted(filter(None, report.groups))
    return {"view": view | _pictures(reports, asked, report, dated) | rows, "known": known}


def _pictures(reports: SlaReports, asked: Asked, report: Report, dated: Filter) -> dict[str, Any]:
    return {
        "latency": deadline_charts.latency(asked, report),
        "attainment": deadline_charts.attainment(asked, report),
        "volume": deadline_charts.volume(asked, report),
        "ageing": ageing.draw(
            reports.ageing(asked.sla, asked.now, dated),
            "Number",
            "Overdue by age",
            "a bar compares within its column; currencies are never added up",
            lambda band: deadlines.band_link(asked, band),
        ),
        "groups": deadlines.groups(asked, report),
        "sparklines": deadline_charts.sparklines(asked, report, _series(reports, asked, report)),
    }


def _series(reports: SlaReports, asked: Asked, report: Report) -> dict[str, Mapping[int, Figures]]:
    if asked.by is None:
        return {}
    largest = sorted(report.groups, key=lambda name: (-report.groups[name].count, name))[:_SPARKLINES]
    found: dict[str, Mapping[int, Figures]] = {}
    for name in filter(None, largest):
        chosen = Filter(dimensions={**asked.dimensions, asked.by: name})
        found[name] = reports.report(asked.sla, report.start, report.end, asked.now, chosen=chosen).series
    return found
