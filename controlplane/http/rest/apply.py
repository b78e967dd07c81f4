"""Applying and exporting manifests."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel

from controlplane.http.auth import requires
from controlplane.http.guards import too_large
from controlplane.http.problems import Problem, as_errors
from controlplane.http.wiring import State
from controlplane.state import AppState
from registry.access.roles import Principal
from registry.catalogue.apply import Change, Plan, apply, plan
from registry.catalogue.export import export
from registry.kinds.find import manifest_kinds
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText
from registry.manifests.tree import MAX_BYTES
from registry.nearest import did_you_mean

router = APIRouter(prefix="/api/v1", tags=["Catalogue"])

Reason = Annotated[str | None, Query(max_length=1000, description="Why, for the audit log.")]


class Named(BaseModel):
    """A manifest by its kind and name."""

    kind: str
    name: str


class Difference(Named):
    """What a dry run would put in place of what."""

    before: dict[str, Any] | None
    after: dict[str, Any]


class Applied(BaseModel):
    """What was created, changed and left as it is; a dry run also says how.

    Warnings name owners and systems that nobody has declared yet.
    """

    created: list[Named]
    changed: list[Named]
    unchanged: list[Named]
    warnings: list[dict[str, Any]] | None = None
    differences: list[Difference] | None = None


@router.post(
    "/apply",
    summary="Apply manifests, all or nothing",
    response_model_exclude_none=True,
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "Manifests: YAML (several documents) or JSON (one, or a list).",
            "content": {"application/yaml": {"schema": {}}, "application/json": {"schema": {}}},
        },
    },
)
async def apply_manifests(
    request: Request,
    state: State,
    who: Annotated[Principal, Depends(requires("catalogue:write"))],
    *,
    dry_run: bool = False,
    reason: Reason = None,
) -> Applied:
    """Store what is new or different. Applying the same again changes nothing.

    422 lists every error with its line; 413 is for more than 4 MiB.
    """
    body = await _body(request)
    done = await run_in_threadpool(_apply, state, body, who.name, dry_run=dry_run, reason=reason)
    if not dry_run:
        await run_in_threadpool(state.applied, done.kinds)
    differences = [_difference(change) for change in done.created + done.changed] if dry_run else None
    return Applied(
        created=_named(done.created),
        changed=_named(done.changed),
        unchanged=_named(done.unchanged),
        warnings=as_errors(done.warnings) or None,
        differences=differences,
    )


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BYTES:
            raise too_large(MAX_BYTES)
    return bytes(body)


def _apply(state: AppState, body: bytes, actor: str, *, dry_run: bool, reason: str | None) -> Plan:
    manifests = parse_manifests([SourceText("", body)])
    if not manifests:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "the body holds no manifest")
    if dry_run:
        with state.database.reading() as session:
            return plan(session, manifests, today=state.clock().date())
    with state.database.writing() as session:
        return apply(session, manifests, actor=actor, now=state.clock(), reason=reason)


def _named(changes: Iterable[Change]) -> list[Named]:
    return [Named(kind=change.manifest.kind, name=change.manifest.name) for change in changes]


def _difference(change: Change) -> Difference:
    manifest = change.manifest
    return Difference(kind=manifest.kind, name=manifest.name, before=change.before, after=manifest.as_document())


@router.get(
    "/export",
    summary="Everything that is declared, as YAML that apply takes",
    response_class=Response,
    responses={200: {"content": {"application/yaml": {}}}},
)
def export_manifests(
    state: State,
    _who: Annotated[Principal, Depends(requires("catalogue:read"))],
    kind: Annotated[str | None, Query(max_length=50)] = None,
) -> Response:
    """All kinds, or one; equal catalogues give equal bytes."""
    check_kind(kind)
    with state.database.reading() as session:
        return Response(export(session, kind), media_type="application/yaml; charset=utf-8")


def check_kind(kind: str | None) -> None:
    """Raise ``Problem`` 404 for a kind that does not exist."""
    kinds = manifest_kinds()
    if kind is not None and kind not in kinds:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no kind {kind!r}{did_you_mean(kind, kinds)}")
