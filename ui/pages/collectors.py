"""``/collectors``: who sends telemetry, what was refused and why; ``/collectors/{sender}``: one of them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from collectors.senders.model import Senders
from registry.access.roles import Principal
from registry.durations import parse_duration
from ui import format as fmt
from ui import slow
from ui.site import Place, Site
from ui.views import collectors as view

PLACE = Place("Collectors", "/collectors", order=60, permission="traces:read")
_USUAL = view.PERIODS[0][0]


def routes(site: Site) -> APIRouter:
    """The routes."""
    router = APIRouter()
    reader = site.services.requires("traces:read")

    def found(period: str, sender: str = "") -> Senders:
        now = site.services.clock()
        length = parse_duration(period) // timedelta(microseconds=1) * fmt.MICROSECOND
        return site.services.senders(now - length, now, sender)

    @router.get("/collectors")
    def collectors(request: Request, person: Annotated[Principal, Depends(reader)]) -> Response:
        """All senders."""
        period, receiving = _period(request), site.services.receiving()
        every = "all" in request.query_params

        def find() -> Mapping[str, Any]:
            senders = found(period)
            return {
                "answer": view.answer(senders, period, receiving.behind, len(receiving.warnings)),
                "rows": view.rows(senders, period)[: None if every else view.FIRST],
                "number": len(senders.senders),
                "reasons": view.reasons(senders, period),
            }

        return site.stream(
            request, person, "collectors.html",
            period=period, periods=view.PERIODS, size=view.size,
            load=slow.later(find),
        )  # fmt: skip

    @router.get("/collectors/{sender}")
    def collector(request: Request, sender: str, person: Annotated[Principal, Depends(reader)]) -> Response:
        """One sender."""
        period = _period(request)
        senders = found(period, sender)
        if not senders.senders:
            raise HTTPException(
                404, f"No such sender was here in the last {dict(view.PERIODS)[period]}; see all under Collectors"
            )
        one = senders.senders[0]
        return site.page(
            request, person, "collector.html",
            period=period, periods=view.PERIODS, sender=one, title=view.title(one), under=view.under(one), size=view.size,
            answer=view.story(one, period, site.services.clock(), silent=senders.silent(one)), chart=view.chart(senders, one),
            reasons=view.reasons(senders, period), rate=view.rate(one.recent),
        )  # fmt: skip

    return router


def _period(request: Request) -> str:
    asked = request.query_params.get("period", _USUAL)
    return asked if asked in dict(view.PERIODS) else _USUAL
