"""What is odd about mappings, systems of record and states, over the whole catalogue."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from controlplane import canon
from controlplane.http.auth import requires
from controlplane.http.paging import Page
from controlplane.http.wiring import State
from registry.access.roles import Principal
from registry.canon.reading import model

router = APIRouter(prefix="/api/v1/records", tags=["Canonical model"])


class FindingOut(BaseModel):
    """What is odd about mappings, records or states: about whom, where in the manifest, and who owns it."""

    rule: str
    level: str
    kind: str
    name: str
    path: str
    message: str
    owner: str | None


@router.get("/findings", summary="What is odd about mappings and systems of record")
def list_findings(state: State, _who: Annotated[Principal, Depends(requires("catalogue:read"))]) -> Page[FindingOut]:
    """Over the whole catalogue, errors first, all on one page."""
    with state.database.reading() as session:
        found = model(session).findings()
    return Page(items=[FindingOut.model_validate(canon.finding(one)) for one in found], next_cursor=None)
