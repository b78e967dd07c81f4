"""APIs that documents describe and nobody declared."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from controlplane.http.paging import Page
from controlplane.http.rest.schemas import Reader
from controlplane.http.wiring import State
from registry.catalogue.derived import described_apis

router = APIRouter(prefix="/api/v1/described-apis", tags=["Schemas"])


class DescribedAPIAbout(BaseModel):
    """An API as the OpenAPI or AsyncAPI ``document``, by its name as a schema, tells it, and how many operations it has."""

    document: str
    title: str
    version: str | None
    protocol: Literal["rest", "event"]
    owner: str | None
    operations: int
    deprecated: int


@router.get("", summary="APIs from documents that no declared API names")
def list_described(state: State, _who: Reader) -> Page[DescribedAPIAbout]:
    """By schema, all on one page. An API of kind API that names the schema takes its place."""
    with state.database.reading() as session:
        found = described_apis(session)
    items = [
        DescribedAPIAbout(
            document=one.schema,
            title=one.title,
            version=one.version,
            protocol=one.protocol,
            owner=one.owner,
            operations=one.operations,
            deprecated=one.deprecated,
        )
        for one in found
    ]
    return Page(items=items, next_cursor=None)
