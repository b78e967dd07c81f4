"""Mappings: how much they cover, what is odd about them, and trying one on a payload."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, Field

from collectors.timelines.identities import resolver
from controlplane import canon
from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from controlplane.http.problems import Problem
from controlplane.http.wiring import State
from controlplane.state import AppState
from registry.access.roles import Principal
from registry.canon.reading import Model, model
from registry.kinds.mapping import MappingManifest
from registry.mappings.exact_json import MAX_CHARACTERS, PayloadError, read_payload, write_exact
from registry.mappings.trying import NoWayBackError, attempt
from registry.mappings.ways import Ways
from registry.nearest import nearest

router = APIRouter(prefix="/api/v1/mappings", tags=["Mappings"])
Reader = Annotated[Principal, Depends(requires("catalogue:read"))]


class CoverageOut(BaseModel):
    """Fields of the target that are filled: of those that it requires, and of all."""

    required: int
    required_filled: int
    total: int
    filled: int


class MappingBase(BaseModel):
    """What a mapping is; ``coverage`` is null while a schema can't be read."""

    name: str
    title: str
    owner: str | None
    object: str | None
    system: str | None
    source: str
    target: str
    direction: str
    purpose: str
    fields: int
    coverage: CoverageOut | None


class MappingAbout(MappingBase):
    """A mapping in a list; ``findings`` counts them by level."""

    findings: dict[str, int]


class MappingFinding(BaseModel):
    """What is odd about a mapping, and where in its manifest."""

    rule: str
    level: str
    path: str
    message: str


class FieldOut(BaseModel):
    """One field of a direction; ``beside`` are paths that it reads too, such as that of a currency."""

    from_: list[str] = Field(alias="from")
    beside: list[str]
    to: str
    how: str
    note: str | None


class LeafOut(BaseModel):
    """A field of a schema."""

    path: str
    type: str
    required: bool
    values: list[Any] | None
    unit: str | None
    pii: bool
    description: str


class MappingWhole(MappingBase):
    """A mapping with its fields, the derived way back, and what is left over: target's fields and source's paths."""

    findings: list[MappingFinding]
    forward: list[FieldOut]
    back: list[FieldOut] | None
    unfilled: list[LeafOut]
    unread: list[str]


@router.get("", summary="Every mapping")
def list_mappings(
    state: State,
    _who: Reader,
    object_: Annotated[str | None, Query(alias="object", max_length=100, description="A canonical object.")] = None,
    system: Annotated[str | None, Query(max_length=100, description="A system.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[MappingAbout]:
    """By name, with coverage and the number of findings."""
    after = decode_cursor(cursor, (str,))
    with state.database.reading() as session:
        found = model(session)
        chosen = [
            one
            for name, one in sorted(found.mappings.items())
            if (after is None or name > str(after[0]))
            and (object_ is None or canon.object_of(found, one) == object_)
            and (system is None or one.spec.system.system == system)
        ]
        shown, last = cut(chosen[: limit + 1], limit)
        items = [MappingAbout.model_validate(canon.about(found, one)) for one in shown]
    return Page(items=items, next_cursor=encode_cursor((last.name,)) if last else None)


@router.get("/{name}", summary="One mapping")
def get_mapping(state: State, _who: Reader, name: str) -> MappingWhole:
    """With its fields, its findings, and what is left over on both sides."""
    with state.database.reading() as session:
        found = model(session)
        return MappingWhole.model_validate(canon.whole(found, mapping_named(found, name)))


@router.post(
    "/{name}/try",
    summary="Try a mapping on a payload",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The payload as the source's system sends it: any JSON document.",
            "content": {"application/json": {"schema": {}}},
        },
    },
)
async def try_mapping(
    request: Request,
    state: State,
    _who: Reader,
    name: str,
    *,
    back: Annotated[bool, Query(description="The way back, from the target to the source.")] = False,
) -> Response:
    """The result, where each value comes from, and whether it is valid by the target's schema. Nothing is stored.

    Amounts are exact: numbers are written digit by digit. 404 for an unknown mapping, 422 for a body that is no JSON.
    """
    body = await request.body()
    return await run_in_threadpool(_try, state, name, body, back=back)


def _try(state: AppState, name: str, body: bytes, *, back: bool) -> Response:
    try:
        payload = read_payload(body[: MAX_CHARACTERS * 4 + 1].decode())
    except UnicodeDecodeError:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "the payload is not UTF-8 text") from None
    except PayloadError as error:
        where = {"message": str(error), "line": error.line, "path": "payload"}
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), errors=[where]) from error
    with state.database.reading() as session:
        found = model(session)
        ways = found.opened(mapping_named(found, name))
    if not isinstance(ways, Ways):
        reasons = "; ".join(one.message for one in ways) or "a schema of it is not declared"
        raise Problem(HTTPStatus.CONFLICT, f"the mapping can't be tried: {reasons}")
    resolve = resolver(state.observed.timelines) if state.observed else None
    try:
        done = attempt(ways, payload, back=back, resolve=resolve)
    except NoWayBackError as error:
        raise Problem(HTTPStatus.CONFLICT, str(error)) from error
    return Response(write_exact(canon.trial(done)), media_type="application/json")


def mapping_named(found: Model, name: str) -> MappingManifest:
    """The mapping. Raises ``Problem`` 404, with the nearest name that exists."""
    mapping = found.mappings.get(name)
    if mapping is None:
        guess = nearest(name, found.mappings)
        some = f"; there are {', '.join(sorted(found.mappings)[:10])}" if found.mappings else ""
        raise Problem(
            HTTPStatus.NOT_FOUND, f"there is no mapping {name[:100]!r}{f'; did you mean {guess}?' if guess else some}"
        )
    return mapping
