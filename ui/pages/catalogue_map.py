"""``/catalogue/map``: systems, interfaces, and what flows between them with its rates and failures."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from collectors.usage.hops import Hop
from policies.impact.landscape import Choice, narrowed, read
from registry.access.roles import Principal
from registry.kinds.api import APISpec
from ui import slow, urls
from ui.charts import landscape as chart
from ui.query import PERIODS, period
from ui.site import Site, Tab
from ui.views import landscape as view

TAB = Tab("Map", "/catalogue/map", order=70, place="/catalogue", permission="catalogue:read")


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get("/catalogue/map")
    def landscape(
        request: Request,
        person: Annotated[Principal, Depends(reader)],
        q: Annotated[str, Query(max_length=200)] = "",
        system: Annotated[str, Query(max_length=100)] = "",
        owner: Annotated[str, Query(max_length=100)] = "",
        workflow: Annotated[str, Query(max_length=100)] = "",
    ) -> Response:
        """The picture, and the same as a table."""
        asked = period(request.query_params, site.services.clock(), "P1D")
        choice = Choice(q, system, owner, workflow)

        def hops_of(apis: Mapping[str, APISpec]) -> Sequence[Hop] | None:
            try:
                return site.services.usage().hops(apis, asked.start, asked.end)
            except HTTPException:
                return None

        def find() -> Mapping[str, Any]:
            with site.services.database.reading() as session:
                whole = read(session, hops_of, workflow)
            found = narrowed(whole, choice)
            length = asked.end - asked.start
            return {
                "answer": view.answer(found, asked),
                "picture": chart.draw(view.boxes(found), view.lines(found, length)) if found.flows else "",
                "apart": [(one.title, view.href(one.node)) for one in view.apart(found)],
                "rows": view.rows(found, length),
                "observed": whole.observed,
            }

        with site.services.database.reading() as session:
            known = read(session, lambda _: ())
        given = {"q": q, "system": system, "owner": owner, "workflow": workflow}
        exports = [
            (name, urls.with_query("/api/v1/map", given | asked.parameters | {"format": form}))
            for name, form in (("JSON", "json"), ("GraphViz", "dot"), ("SVG", "svg"))
        ]
        return site.stream(
            request,
            person,
            "catalogue_map.html",
            load=slow.later(find),
            given=given,
            chosen=bool(choice),
            period=asked,
            periods=PERIODS,
            systems=[(one.node.name, one.title) for one in known.sites if one.node.kind == "System"],
            owners=sorted({one.owner for one in known.sites if one.owner}),
            workflows=known.workflows,
            exports=exports,
        )

    return router
