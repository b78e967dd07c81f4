"""What depends on a field, schema, API, system or anything else that is declared."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from collectors.timelines import times
from controlplane.http.auth import requires
from controlplane.http.problems import Problem
from controlplane.http.wiring import State
from controlplane.impact import hops_of
from policies.impact.graph import Node, Provenance, Reached
from policies.impact.reading import AskedError, NothingThereError, asked
from policies.impact.reading import impact as find
from registry.access.roles import Principal

router = APIRouter(prefix="/api/v1", tags=["Catalogue"])


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
    try:
        start = asked(of, path)
        with state.database.reading() as session:
            found = find(session, hops_of(state), start)
    except AskedError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from None
    except NothingThereError as error:
        raise Problem(HTTPStatus.NOT_FOUND, str(error)) from None
    titles = found.graph.titles

    def node(one: Node) -> ImpactNode:
        return ImpactNode(kind=one.kind, name=one.name, title=titles.get(Node(one.kind, one.name), one.name))

    items = [_dependence(one, node(one.node), node(one.edge.on)) for one in found.items]
    return ImpactAnswer(of=node(start), path=path, items=items, notes=list(found.graph.notes))


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
