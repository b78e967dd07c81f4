"""Applying and exporting manifests."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

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
from registry.catalogue.conflict import ConflictError
from registry.catalogue.export import export
from registry.catalogue.removal import Scope
from registry.kinds.find import manifest_kinds
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText
from registry.manifests.tree import MAX_BYTES
from registry.nearest import did_you_mean

router = APIRouter(prefix="/api/v1", tags=["Catalogue"])

Reason = Annotated[str | None, Query(max_length=1000, description="Why, for the audit log.")]


@dataclass(frozen=True, slots=True)
class PruneQuery:
    """The part of the catalogue of which only what is sent is to be left; nothing is removed where none is named."""

    prune_kind: Annotated[list[str] | None, Query(description="Remove what is of this kind and not sent.")] = None
    prune_owner: Annotated[list[str] | None, Query(description="Of this owner only.")] = None
    prune_label: Annotated[list[str] | None, Query(description="With this label only, NAME=VALUE.")] = None

    def scope(self) -> Scope | None:
        """The part. Raises ``Problem`` 404 for a kind that does not exist, 400 for a label of another form."""
        if not (self.prune_kind or self.prune_owner or self.prune_label):
            return None
        for kind in self.prune_kind or ():
            check_kind(kind)
        pairs = [label.partition("=") for label in self.prune_label or ()]
        if any(not (name and equals) for name, equals, _ in pairs):
            raise Problem(HTTPStatus.BAD_REQUEST, "prune_label must be NAME=VALUE, such as repository=billing")
        labels = {name: value for name, _, value in pairs}
        return Scope(frozenset(self.prune_kind or ()), frozenset(self.prune_owner or ()), labels)


class Named(BaseModel):
    """A manifest by its kind and name."""

    kind: str
    name: str


class Difference(Named):
    """What a dry run would put in place of what; as text where people wrote comments, since those count too."""

    before: dict[str, Any] | None
    after: dict[str, Any]
    before_text: str | None = None
    after_text: str | None = None


class Applied(BaseModel):
    """What was created, changed, left as it is and, if asked for, removed; a dry run also says how.

    Warnings name owners and systems that nobody has declared yet. `plan` stands for what a dry run found: sent back with
    the same manifests, they are applied only if that would still do the same.
    """

    created: list[Named]
    changed: list[Named]
    unchanged: list[Named]
    removed: list[Named] | None = None
    plan: str | None = None
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
    scope: Annotated[PruneQuery, Depends()],
    expected: Annotated[str | None, Query(alias="plan", max_length=64, description="`plan` of a dry run.")] = None,
) -> Applied:
    """Store what is new or different. Applying the same again changes nothing.

    422 lists every error with its line; 413 is for more than 16 MiB; 409 if the plan is not what would happen by now.
    """
    wanted = Wanted(who.name, dry_run, reason, scope.scope(), expected)
    done = await run_in_threadpool(_apply, state, await body_of(request), wanted)
    if not dry_run:
        await run_in_threadpool(state.applied, done.kinds)
    differences = [_difference(change) for change in done.created + done.changed] if dry_run else None
    return Applied(
        created=_named(done.created),
        changed=_named(done.changed),
        unchanged=_named(done.unchanged),
        removed=[Named(kind=one.kind, name=one.name) for one in done.removed] if wanted.scope else None,
        plan=done.token if dry_run else None,
        warnings=as_errors(done.warnings) or None,
        differences=differences,
    )


async def body_of(request: Request) -> bytes:
    """A request's body. Raises ``Problem`` 413."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BYTES:
            raise too_large(MAX_BYTES)
    return bytes(body)


class Wanted(NamedTuple):
    """How manifests are to be applied."""

    actor: str
    dry_run: bool
    reason: str | None
    scope: Scope | None
    expected: str | None


def _apply(state: AppState, body: bytes, wanted: Wanted) -> Plan:
    manifests = parse_manifests([SourceText("", body)])
    if not manifests:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "the body holds no manifest")
    if wanted.dry_run:
        with state.database.reading() as session:
            return plan(session, manifests, today=state.clock().date(), prune=wanted.scope)
    try:
        with state.database.writing() as session:
            return apply(
                session,
                manifests,
                actor=wanted.actor,
                now=state.clock(),
                reason=wanted.reason,
                prune=wanted.scope,
                expected=wanted.expected,
            )
    except ConflictError as error:
        raise Problem(HTTPStatus.CONFLICT, str(error)) from None


def _named(changes: Iterable[Change]) -> list[Named]:
    return [Named(kind=change.manifest.kind, name=change.manifest.name) for change in changes]


def _difference(change: Change) -> Difference:
    manifest = change.manifest
    return Difference(
        kind=manifest.kind,
        name=manifest.name,
        before=change.before,
        after=manifest.as_document(),
        before_text=change.text_before,
        after_text=change.text,
    )


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
