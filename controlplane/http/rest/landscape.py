"""The map of systems and interfaces, with what flows between them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse, Response

from collectors.usage.hops import Hop
from controlplane.http.asking import now_of, observed_of
from controlplane.http.auth import requires
from controlplane.http.problems import Problem
from controlplane.http.wiring import State
from policies.impact.landscape import Choice, narrowed, read
from registry.access.roles import Principal
from registry.kinds.api import APISpec
from ui.charts import landscape as chart
from ui.query import period
from ui.views import landscape as view

router = APIRouter(prefix="/api/v1", tags=["Catalogue"])
_TYPES = {"dot": "text/vnd.graphviz; charset=utf-8", "svg": "image/svg+xml"}
# A picture on its own has no page to take its look from.
_LOOK = (
    "text{font:12px sans-serif;fill:#211e1a}.note{font-size:11px;fill:#635c52}.name{font-weight:600}"
    ".site rect{fill:#fffefb;stroke:#8f8678}.site.system rect{fill:#f2eee6;stroke:#211e1a}"
    ".site.unknown rect{stroke-dasharray:3 3}.flow path{fill:none;stroke:#55606c}.flow .tip{fill:#55606c;stroke:none}"
    ".flow.well path{stroke:#0b655c}.flow.troubled path{stroke:#8a5200}.flow.failing path{stroke:#a8261c}"
    ".flow.well .tip{fill:#0b655c}.flow.troubled .tip{fill:#8a5200}.flow.failing .tip{fill:#a8261c}"
    ".flow.messages path{stroke-dasharray:9 4}.flow.declared path{stroke-dasharray:2 4}"
    ".labels text{text-anchor:middle;font-size:11px}"
)


@router.get(
    "/map",
    summary="Systems, interfaces and what flows between them",
    response_class=Response,
    responses={200: {"content": {"application/json": {}, "text/vnd.graphviz": {}, "image/svg+xml": {}}}},
)
def landscape(
    state: State,
    _who: Annotated[Principal, Depends(requires("catalogue:read"))],
    *,
    q: Annotated[str, Query(max_length=200, description="Words of names, titles, owners.")] = "",
    system: Annotated[str, Query(max_length=100)] = "",
    owner: Annotated[str, Query(max_length=100)] = "",
    workflow: Annotated[str, Query(max_length=100, description="Its systems, and its hops from step to step.")] = "",
    length: Annotated[str, Query(alias="period", max_length=40, description="ISO 8601, such as P7D.")] = "P1D",
    since: Annotated[str, Query(alias="from", max_length=40)] = "",
    until: Annotated[str, Query(alias="to", max_length=40)] = "",
    form: Annotated[Literal["json", "dot", "svg"], Query(alias="format")] = "json",
) -> Response:
    """What was seen in the last day, or in the period given, beside what is declared; JSON, GraphViz or a picture."""
    asked = period({"period": length, "from": since, "to": until}, now_of(state), "P1D")
    if asked.trouble:
        raise Problem(400, asked.trouble.split(". This shows", maxsplit=1)[0])

    def hops_of(apis: Mapping[str, APISpec]) -> Sequence[Hop] | None:
        return observed_of(state).usage.hops(apis, asked.start, asked.end) if state.observed else None

    with state.database.reading() as session:
        found = narrowed(read(session, hops_of, workflow), Choice(q, system, owner, workflow))
    if form == "json":
        return JSONResponse(view.as_object(found, asked.start, asked.end))
    return Response(_written(form, found, asked.end - asked.start), media_type=_TYPES[form])


def _written(form: str, found: Any, span: int) -> str:
    if form == "dot":
        return view.as_dot(found, span)
    picture = str(chart.draw(view.boxes(found), view.lines(found, span)))
    head, _, rest = picture.partition(">")
    named = head.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f"{named}><style>{_LOOK}</style>{rest}"
