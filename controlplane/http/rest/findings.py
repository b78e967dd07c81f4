"""What is odd about the catalogue, and what traffic shows that it does not allow."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from controlplane.http.rest.apply import check_kind
from controlplane.http.wiring import State
from registry.access.roles import Principal
from registry.findings.model import Finding, Level

router = APIRouter(prefix="/api/v1", tags=["Catalogue"])


class SeenOut(BaseModel):
    """What traffic shows of it; `traces` are ids to look at, `example` is a payload with its values masked."""

    count: int
    first_at: datetime | None
    last_at: datetime | None
    traces: list[str]
    example: str | None


class CatalogueFindingOut(BaseModel):
    """What is odd about one declared thing: which check says so, how bad it is, who owns it, and what to do about it.

    `seen` is there for what traffic shows.
    """

    check: str
    level: Level
    kind: str
    name: str
    message: str
    owner: str | None
    advice: str | None
    seen: SeenOut | None

    @classmethod
    def of(cls, one: Finding) -> "CatalogueFindingOut":
        """From a finding."""
        seen = None
        if one.seen is not None:
            seen = SeenOut(
                count=one.seen.count,
                first_at=one.seen.first_at,
                last_at=one.seen.last_at,
                traces=list(one.seen.traces),
                example=one.seen.example or None,
            )
        return cls(
            check=one.check,
            level=one.level,
            kind=one.kind,
            name=one.name,
            message=one.message,
            owner=one.owner,
            advice=one.advice or None,
            seen=seen,
        )


@router.get("/findings", summary="What is odd about the catalogue, and what traffic shows that it does not allow")
def list_findings(
    state: State,
    _who: Annotated[Principal, Depends(requires("catalogue:read"))],
    check: Annotated[str | None, Query(max_length=100, description="One check, such as ownership.")] = None,
    kind: Annotated[str | None, Query(max_length=50)] = None,
    owner: Annotated[str | None, Query(max_length=100, description="The team that owns it.")] = None,
    about: Annotated[
        Literal["declared", "traffic"] | None, Query(description="What is declared only, or what traffic shows only.")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[CatalogueFindingOut]:
    """Owners that are missing or gone, stages that are overdue, names of nothing, drift; errors first."""
    check_kind(kind)
    position = decode_cursor(cursor, (int,))
    start = max(0, int(position[0])) if position else 0
    wanted = ((check, "check"), (kind, "kind"), (owner, "owner"), (about, "about"))
    chosen = [one for one in state.drift.every() if all(value in {None, getattr(one, name)} for value, name in wanted)]
    items = [CatalogueFindingOut.of(one) for one in chosen[start : start + limit]]
    end = start + limit
    return Page(items=items, next_cursor=encode_cursor((end,)) if end < len(chosen) else None)
