"""What depends on a field, schema, API, system or anything else that is declared."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from collectors.timelines import times
from collectors.usage.hops import Hop
from controlplane.http.asking import now_of, observed_of
from controlplane.http.auth import requires
from controlplane.http.problems import Problem
from controlplane.http.rest.apply import check_kind
from controlplane.http.wiring import State
from controlplane.state import AppState
from policies.impact.graph import Node, Provenance, Reached, reached
from policies.impact.reading import DAYS, HopsOf, read_graph
from registry.access.roles import Principal
from registry.catalogue import read
from registry.kinds.api import APISpec
from registry.mappings.paths import PathError
from registry.nearest import did_you_mean

router = APIRouter(prefix="/api/v1", tags=["Catalogue"])
_DAY = 86_400 * 10**9


class ImpactNode(BaseModel):
    """A declared thing; `service` is a kind for what traces name and nobody declared."""

    kind: str
    name: str
    title: str


class Dependence(ImpactNode):
    """What depends on it: why, as which step of the way to it says (`on`), how many steps away, and how sure that is.

    `provenance` is that of the least sure step: `declared`, `observed` in traces, or `inferred` from names.
    """

    why: str
    on: ImpactNode
    hops: int
    provenance: Provenance
    calls: int | None
    last_call: datetime | None


class ImpactAnswer(BaseModel):
    """All that depends on a thing, nearest and surest first; `notes` say what can't have been seen."""

    of: ImpactNode
    path: str | None
    items: list[Dependence]
    notes: list[str]


@router.get("/impact", summary="What depends on a field, a schema, an API, a system")
def impact(
    state: State,
    _who: Annotated[Principal, Depends(requires("catalogue:read"))],
    of: Annotated[str, Query(max_length=200, description="KIND:NAME, such as Schema:netsuite-invoice.")],
    path: Annotated[
        str | None,
        Query(max_length=1000, description="A field of a schema: a JSON Pointer into it, or a path of its documents."),
    ] = None,
) -> ImpactAnswer:
    """Through references, mappings, workflows and SLAs as declared, calls as seen in 30 days, and names of fields."""
    kind, colon, name = of.partition(":")
    if not (kind and colon and name):
        raise Problem(HTTPStatus.BAD_REQUEST, "of must be KIND:NAME, such as Schema:netsuite-invoice")
    check_kind(kind)
    if path and kind != "Schema":
        raise Problem(HTTPStatus.BAD_REQUEST, f"only a Schema has fields, so path goes with of=Schema:NAME, not {kind}")
    start = Node(kind, name, path or "")
    with state.database.reading() as session:
        if name not in (names := read.names(session, kind)):
            raise Problem(HTTPStatus.NOT_FOUND, f"there is no {kind} {name!r}{did_you_mean(name, names)}")
        try:
            graph = read_graph(session, hops_of(state), start)
        except PathError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, f"path: {error}") from None

    def node(one: Node) -> ImpactNode:
        return ImpactNode(kind=one.kind, name=one.name, title=graph.titles.get(Node(one.kind, one.name), one.name))

    items = [_dependence(one, node(one.node), node(one.edge.on)) for one in reached(graph.edges, start)]
    return ImpactAnswer(of=node(start), path=path, items=items, notes=list(graph.notes))


def hops_of(state: AppState) -> HopsOf:
    """The calls of the last days, None where this server observes nothing."""

    def hops(apis: Mapping[str, APISpec]) -> Sequence[Hop] | None:
        if state.observed is None:
            return None
        until = now_of(state)
        return observed_of(state).usage.hops(apis, until - DAYS * _DAY, until)

    return hops


def _dependence(one: Reached, node: ImpactNode, on: ImpactNode) -> Dependence:
    return Dependence(
        **node.model_dump(),
        why=one.edge.why,
        on=on,
        hops=one.hops,
        provenance=one.provenance,
        calls=one.edge.calls or None,
        last_call=datetime.fromisoformat(times.rfc3339(one.edge.last_at)) if one.edge.last_at else None,
    )
