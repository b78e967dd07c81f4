"""What is odd about the catalogue."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from controlplane.http.rest.apply import check_kind
from controlplane.http.wiring import State
from registry.access.roles import Principal
from registry.findings.find import findings
from registry.findings.model import Level

router = APIRouter(prefix="/api/v1", tags=["Catalogue"])


class CatalogueFindingOut(BaseModel):
    """What is odd about one declared thing: which check says so, how bad it is, and who owns it."""

    check: str
    level: Level
    kind: str
    name: str
    message: str
    owner: str | None


@router.get("/findings", summary="What is odd about the catalogue")
def list_findings(
    state: State,
    _who: Annotated[Principal, Depends(requires("catalogue:read"))],
    check: Annotated[str | None, Query(max_length=100, description="One check, such as ownership.")] = None,
    kind: Annotated[str | None, Query(max_length=50)] = None,
    owner: Annotated[str | None, Query(max_length=100, description="The team that owns it.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[CatalogueFindingOut]:
    """Owners that are missing or gone, stages that are overdue, names of nothing; errors first."""
    check_kind(kind)
    position = decode_cursor(cursor, (int,))
    start = max(0, int(position[0])) if position else 0
    with state.database.reading() as session:
        every = findings(session, state.clock().date())
    wanted = ((check, "check"), (kind, "kind"), (owner, "owner"))
    chosen = [one for one in every if all(value in {None, getattr(one, name)} for value, name in wanted)]
    items = [CatalogueFindingOut.model_validate(one, from_attributes=True) for one in chosen[start : start + limit]]
    end = start + limit
    return Page(items=items, next_cursor=encode_cursor((end,)) if end < len(chosen) else None)
