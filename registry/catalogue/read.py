"""Reading the catalogue."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from registry.catalogue.models import Resource, ResourceRevision
from registry.kinds.base import API_VERSION, Manifest
from registry.kinds.find import manifest_kinds
from registry.kinds.sla import SLAManifest
from registry.kinds.system import SystemManifest
from registry.kinds.team import TeamManifest
from registry.kinds.workflow import WorkflowManifest

# SQLite takes a limited number of parameters.
_AT_ONCE = 500
M = TypeVar("M", bound=Manifest)


def manifest_of(resource: Resource) -> Manifest:
    """The manifest that a row holds."""
    metadata = {"name": resource.name, "title": resource.title, "owner": resource.owner, "labels": resource.labels}
    document = {"apiVersion": API_VERSION, "kind": resource.kind, "metadata": metadata, "spec": resource.spec}
    return manifest_kinds()[resource.kind].model_validate(document, by_alias=True, by_name=False)


def resource(session: Session, kind: str, name: str) -> Resource | None:
    """The row of a declared thing, with its revision and dates."""
    return session.get(Resource, (kind, name))


def get(session: Session, kind: str, name: str) -> Manifest | None:
    """One manifest."""
    found = resource(session, kind, name)
    return None if found is None else manifest_of(found)


def several(session: Session, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Manifest]:
    """Those of the manifests with these kinds and names that exist."""
    found: dict[tuple[str, str], Manifest] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(Resource).where(tuple_(Resource.kind, Resource.name).in_(wanted[start : start + _AT_ONCE]))
        found |= {(row.kind, row.name): manifest_of(row) for row in session.scalars(query)}
    return found


def standing(session: Session, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, str | None]]:
    """Of those that exist: the revision, and the text with comments if it has any."""
    found: dict[tuple[str, str], tuple[int, str | None]] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(Resource.kind, Resource.name, Resource.revision, Resource.text).where(
            tuple_(Resource.kind, Resource.name).in_(wanted[start : start + _AT_ONCE])
        )
        found |= {(kind, name): (revision, text) for kind, name, revision, text in session.execute(query)}
    return found


def last_revision(session: Session, kind: str, name: str) -> int:
    """The number of the latest revision, also of what was removed; 0 if there was never any."""
    query = select(func.max(ResourceRevision.revision)).where(
        ResourceRevision.kind == kind, ResourceRevision.name == name
    )
    return session.scalar(query) or 0


def names(session: Session, kind: str) -> set[str]:
    """The names of a kind."""
    return set(session.scalars(select(Resource.name).where(Resource.kind == kind)))


def page(
    session: Session,
    *,
    kind: str | None = None,
    owner: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 50,
) -> Sequence[Resource]:
    """Rows by kind and name, at most ``limit``, from behind the (kind, name) ``after``."""
    query = select(Resource).order_by(Resource.kind, Resource.name).limit(limit)
    if kind is not None:
        query = query.where(Resource.kind == kind)
    if owner is not None:
        query = query.where(Resource.owner == owner)
    if after is not None:
        query = query.where(tuple_(Resource.kind, Resource.name) > tuple_(*after))
    return session.scalars(query).all()


def revisions(session: Session, kind: str, name: str) -> Sequence[ResourceRevision]:
    """Every revision of a declared thing, newest first."""
    query = select(ResourceRevision).where(ResourceRevision.kind == kind, ResourceRevision.name == name)
    return session.scalars(query.order_by(ResourceRevision.revision.desc())).all()


def every(session: Session, kind: type[M]) -> list[M]:
    """All manifests of a kind, given by its class, in the order of their names."""
    query = select(Resource).where(Resource.kind == kind.model_fields["kind"].default).order_by(Resource.name)
    manifests = (manifest_of(row) for row in session.scalars(query))
    return [manifest for manifest in manifests if isinstance(manifest, kind)]


def teams(session: Session) -> list[TeamManifest]:
    """All teams."""
    return every(session, TeamManifest)


def systems(session: Session) -> list[SystemManifest]:
    """All systems."""
    return every(session, SystemManifest)


def workflows(session: Session) -> list[WorkflowManifest]:
    """All workflows."""
    return every(session, WorkflowManifest)


def slas(session: Session, workflow: str | None = None) -> list[SLAManifest]:
    """All SLAs, or those of one workflow."""
    return [sla for sla in every(session, SLAManifest) if workflow in {None, sla.spec.workflow}]
