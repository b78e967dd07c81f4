"""``/catalogue/KIND/NAME``: one declared thing, what it says, what depends on it, and how it came to be."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.convertors import Convertor, register_url_convertor

from policies.gate.consumers import relying
from policies.gate.usage import LOOK_BACK_DAYS, Usage, callers, words
from policies.impact.graph import Node
from policies.impact.reading import AskedError, NothingThereError, asked, impact
from registry.access.roles import Principal
from registry.catalogue import editing, read
from registry.catalogue.conflict import ConflictError
from registry.catalogue.export import text_of, to_yaml
from registry.catalogue.listing import entries
from registry.catalogue.models import Resource, ResourceRevision
from registry.findings.find import findings
from registry.findings.model import Finding
from registry.kinds.api import APIManifest
from registry.kinds.base import Manifest
from registry.kinds.find import manifest_kinds
from registry.manifests.problems import ManifestError
from registry.nearest import did_you_mean
from ui import slow
from ui.site import Site
from ui.views import catalogue as view
from ui.views import impact as impact_view
from ui.views.difference import difference

_DAY = 86_400 * 10**9
#: Longer manifests are shown up to here; their document has a page of its own.
_LONGEST_TEXT = 60_000


class KindConvertor(Convertor[str]):
    """A kind in an address: capital first, so that it is none of the pages beside it."""

    regex = "[A-Z][A-Za-z]*"

    def convert(self, value: str) -> str:
        """As it stands."""
        return value

    def to_string(self, value: str) -> str:
        """As it stands."""
        return value


register_url_convertor("kind", KindConvertor())


def routes(site: Site) -> APIRouter:
    """The routes: the thing, one of its changes, and taking it out."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")
    writer = site.services.requires("catalogue:write")

    @router.get("/catalogue/{kind:kind}/{name}")
    def detail(
        request: Request,
        person: Annotated[Principal, Depends(reader)],
        kind: str,
        name: str,
        path: Annotated[str, Query(max_length=1000)] = "",
    ) -> Response:
        """All of it; who was seen calling it, and what depends on it or on a field of it, follows when that is known."""
        with site.services.database.reading() as session:
            row = resource_named(session, kind, name)
            values = _values(session, row, today_of(site), site.services.drift_known())
            status, wrong = _checked(session, kind, name, path.strip())
        of = Node(kind, name, "" if wrong else path.strip())

        def find() -> Mapping[str, Any]:
            return _observed(site, values["manifest"], of)

        more = {"path": path.strip(), "wrong": wrong, "load": slow.later(find)}
        return site.stream(request, person, "catalogue_detail.html", status=status, **values, **more)

    @router.get("/catalogue/{kind:kind}/{name}/history")
    def history(
        request: Request,
        person: Annotated[Principal, Depends(reader)],
        kind: str,
        name: str,
        revision: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    ) -> Response:
        """What one revision changed, and all revisions."""
        check_kind(kind)
        with site.services.database.reading() as session:
            rows = read.revisions(session, kind, name)
        if not rows:
            raise nothing(kind, name)
        chosen = next((row for row in rows if row.revision == revision), rows[0])
        if revision is not None and chosen.revision != revision:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"{kind} {name} has no revision {revision}")
        before = next((row for row in rows if row.revision < chosen.revision), None)
        return site.page(
            request,
            person,
            "catalogue_history.html",
            kind=kind,
            name=name,
            href=view.href(kind, name),
            chosen=_revision(chosen, rows[-1].revision),
            lines=difference(_text(before), _text(chosen)),
            rows=[_revision(row, rows[-1].revision) for row in rows],
        )

    @router.post("/catalogue/{kind:kind}/{name}/removal")
    def remove(
        person: Annotated[Principal, Depends(writer)],
        kind: str,
        name: str,
        revision: Annotated[int, Form()],
        reason: Annotated[str, Form(max_length=1000)] = "",
    ) -> Response:
        """Take it out of the catalogue; what something names stays."""
        check_kind(kind)
        now = datetime.fromtimestamp(site.services.clock() / 1e9, UTC)
        try:
            with site.services.database.writing() as session:
                editing.take_out(
                    session, kind, name, revision=revision, actor=person.name, now=now, reason=reason.strip() or None
                )
        except ConflictError as error:
            raise HTTPException(HTTPStatus.CONFLICT, str(error)) from None
        except ManifestError as error:
            raise HTTPException(HTTPStatus.CONFLICT, str(error.problems[0])) from None
        site.services.applied(frozenset({kind}))
        return RedirectResponse("/catalogue", HTTPStatus.SEE_OTHER)

    return router


def today_of(site: Site) -> date:
    """The day, UTC."""
    return datetime.fromtimestamp(site.services.clock() / 1e9, UTC).date()


def check_kind(kind: str) -> None:
    """Raise 404 for a kind that does not exist."""
    kinds = manifest_kinds()
    if kind not in kinds:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"there is no kind {kind!r}{did_you_mean(kind, kinds)}")


def nothing(kind: str, name: str) -> HTTPException:
    """404 for a thing that is not there."""
    return HTTPException(HTTPStatus.NOT_FOUND, f"there is no {kind} {name[:100]!r}; look for it in the catalogue")


def resource_named(session: Session, kind: str, name: str) -> Resource:
    """The row of a thing. Raises 404, with the nearest name that exists."""
    check_kind(kind)
    row = read.resource(session, kind, name)
    if row is None:
        hint = did_you_mean(name, read.names(session, kind))
        raise HTTPException(HTTPStatus.NOT_FOUND, f"there is no {kind} {name[:100]!r}{hint}")
    return row


def _values(session: Session, row: Resource, today: date, drift: Sequence[Finding]) -> dict[str, Any]:
    manifest = read.manifest_of(row)
    text = text_of(row)
    versions = (
        [view.version_row(one, today) for one in manifest.spec.versions] if isinstance(manifest, APIManifest) else []
    )
    provider = read.get(session, "System", manifest.spec.system) if isinstance(manifest, APIManifest) else None
    owned = entries(session, owner=manifest.name, limit=200) if manifest.kind == "Team" else []
    return {
        "manifest": manifest,
        "title": manifest.title,
        "answer": view.api_answer(manifest.title, provider.title if provider else manifest.spec.system, manifest.spec)
        if isinstance(manifest, APIManifest)
        else "",
        "facts": view.facts(manifest),
        "labels": sorted(manifest.metadata.labels.items()),
        "owner": manifest.metadata.owner,
        "row": row,
        "changed_at": view.nanoseconds(row.updated_at),
        "created_at": view.nanoseconds(row.created_at),
        "href": view.href(manifest.kind, manifest.name),
        "own_page": view.own_page(manifest.kind, manifest.name),
        "versions": versions,
        "owned": [view.row(one) for one in owned],
        "text": text[:_LONGEST_TEXT],
        "cut": len(text) > _LONGEST_TEXT,
        "findings": [
            view.finding_row(one)
            for one in [*findings(session, today), *drift]
            if (one.kind, one.name) == (manifest.kind, manifest.name)
        ],
        "team_href": view.team_href,
        "node_href": view.href,
    }


def _checked(session: Session, kind: str, name: str, path: str) -> tuple[int, str]:
    """The page's status, and what is wrong with a field that somebody asked about."""
    try:
        of = asked(f"{kind}:{name}", path)
        if path:
            impact(session, lambda _: None, of)
    except AskedError as error:
        return HTTPStatus.BAD_REQUEST, str(error)
    except NothingThereError as error:
        return HTTPStatus.NOT_FOUND, str(error)
    return HTTPStatus.OK, ""


def _observed(site: Site, manifest: Manifest, of: Node) -> Mapping[str, Any]:
    """What traces tell: who calls an API, and what depends on the thing, or a field of it, by way of calls."""
    now = site.services.clock()
    usage = _usage(site, manifest, now)
    try:
        with site.services.database.reading() as session:
            systems = read.systems(session)
            whole = impact(session, _hops_of(site, now), of)
    except NothingThereError as error:  # removed meanwhile
        raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from None
    found, graph = whole.items, whole.graph
    consumers = []
    if isinstance(manifest, APIManifest):
        seen = callers(usage, None, systems) if usage else []
        consumers = [impact_view.consumer(one) for one in relying(manifest, None, seen)]
    return {
        "consumers": consumers,
        "usage_words": words(usage, manifest.title) if isinstance(manifest, APIManifest) else "",
        "operations": impact_view.operations(usage) if usage else [],
        "days": LOOK_BACK_DAYS,
        "dependants": impact_view.rows(found, graph.titles),
        "dependants_answer": impact_view.answer(
            f"{of.place} of {manifest.title}" if of.place else manifest.title, found
        ),
        "notes": graph.notes,
    }


def _usage(site: Site, manifest: Manifest, now: int) -> Usage | None:
    if not isinstance(manifest, APIManifest):
        return None
    try:
        return Usage(site.services.usage().api(manifest.spec, now - LOOK_BACK_DAYS * _DAY, now))
    except HTTPException:
        return None


def _hops_of(site: Site, now: int) -> Any:
    def hops(apis: Mapping[str, Any]) -> Any:
        try:
            return site.services.usage().hops(apis, now - 30 * _DAY, now)
        except HTTPException:
            return None

    return hops


def _revision(row: ResourceRevision, first: int) -> dict[str, Any]:
    return {
        "revision": row.revision,
        "at": view.nanoseconds(row.at),
        "by": row.by,
        "removal": row.document is None,
        "first": row.revision == first,
        "href": f"{view.href(row.kind, row.name)}/history?revision={row.revision}",
    }


def _text(row: ResourceRevision | None) -> str:
    if row is None or row.document is None:
        return ""
    return row.text or to_yaml([row.document])
