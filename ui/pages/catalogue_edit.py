"""Editing a manifest in the browser: problems with their lines, the difference first, and nobody's change overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from registry.access.roles import Principal
from registry.catalogue import editing, read
from registry.catalogue.apply import Plan, plan
from registry.catalogue.conflict import ConflictError
from registry.catalogue.export import text_of, to_yaml
from registry.kinds.base import Finding
from registry.kinds.find import manifest_kinds
from registry.manifests.parse import Located, parse_manifests
from registry.manifests.problems import ManifestError, Problem
from registry.manifests.reader import SourceText
from registry.manifests.tree import MAX_BYTES
from ui.pages.catalogue_detail import check_kind, resource_named
from ui.site import Site
from ui.views import catalogue as view
from ui.views import skeletons
from ui.views.difference import Line, difference


@dataclass(slots=True)
class Draft:
    """What someone typed, over which revision (0: something new), and what there is to say about it."""

    text: str
    revision: int
    kind: str = ""
    name: str = ""
    reason: str = ""
    problems: Sequence[Problem] = ()
    warnings: Sequence[Problem] = ()
    lines: Sequence[Line] = ()
    theirs: Sequence[Line] = ()
    conflict: str = ""
    checked: bool = False
    status: int = field(default=HTTPStatus.OK)

    @property
    def key(self) -> tuple[str, str] | None:
        """Kind and name of what is edited; None for something new."""
        return (self.kind, self.name) if self.kind else None


def routes(site: Site) -> APIRouter:
    """The routes: a form for something new, one for what is there, and sending either."""
    router = APIRouter()
    writer = site.services.requires("catalogue:write")

    @router.get("/catalogue/new")
    def new(
        request: Request,
        person: Annotated[Principal, Depends(writer)],
        kind: Annotated[str, Query(max_length=50)] = "System",
    ) -> Response:
        """An example to begin with."""
        check_kind(kind)
        return _page(site, request, person, Draft(skeletons.of(kind), 0), kind)

    @router.get("/catalogue/{kind:kind}/{name}/edit")
    def edit(request: Request, person: Annotated[Principal, Depends(writer)], kind: str, name: str) -> Response:
        """The manifest as it stands, with its comments."""
        with site.services.database.reading() as session:
            row = resource_named(session, kind, name)
            draft = Draft(text_of(row), row.revision, kind, name)
        return _page(site, request, person, draft, kind)

    @router.post("/catalogue/edit")
    def send(
        request: Request,
        person: Annotated[Principal, Depends(writer)],
        text: Annotated[str, Form(max_length=MAX_BYTES)] = "",
        revision: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
        kind: Annotated[str, Form(max_length=50)] = "",
        name: Annotated[str, Form(max_length=100)] = "",
        action: Annotated[str, Form(max_length=10)] = "check",
        reason: Annotated[str, Form(max_length=1000)] = "",
    ) -> Response:
        """Show what would change, or store it if it was shown and nobody changed it meanwhile."""
        # A browser sends its own ends of lines.
        draft = Draft(text.replace("\r\n", "\n"), revision, kind, name, reason.strip())
        now = datetime.fromtimestamp(site.services.clock() / 1e9, UTC)
        try:
            located = _one(draft)
        except ManifestError as error:
            draft.problems, draft.status = error.problems, HTTPStatus.UNPROCESSABLE_ENTITY
            return _page(site, request, person, draft, draft.kind)
        try:
            if action == "save":
                with site.services.database.writing() as session:
                    done = editing.put(
                        session, located, revision=revision, actor=person.name, now=now, reason=draft.reason or None
                    )
                site.services.applied(done.kinds)
                return RedirectResponse(view.href(located.manifest.kind, located.manifest.name), HTTPStatus.SEE_OTHER)
            with site.services.database.reading() as session:
                _check(session, draft, located, now)
        except ManifestError as error:
            draft.problems, draft.status = error.problems, HTTPStatus.UNPROCESSABLE_ENTITY
        except ConflictError as error:
            with site.services.database.reading() as session:
                _conflict(session, draft, located, str(error), now)
        return _page(site, request, person, draft, draft.kind)

    return router


def _page(site: Site, request: Request, person: Principal, draft: Draft, kind: str) -> Response:
    values: dict[str, Any] = {"draft": draft, "kind": kind, "kinds": list(manifest_kinds())}
    values["href"] = view.href(draft.kind, draft.name) if draft.key else ""
    return site.page(request, person, "catalogue_edit.html", status=draft.status, **values)


def _one(draft: Draft) -> Located:
    """The manifest that was typed. Raises ``ManifestError``; kind and name of what is there stay what they are."""
    found = parse_manifests([SourceText("", draft.text.encode(errors="replace"))])
    if len(found) != 1:
        sentence = "there is no manifest here" if not found else "there are several manifests here; edit one at a time"
        raise ManifestError([Problem(sentence)])
    (located,) = found
    if draft.key and (located.manifest.kind, located.manifest.name) != draft.key:
        sentence = f"kind and name stay {draft.kind} {draft.name}; declare something new for another"
        raise ManifestError([located.problem(Finding(("metadata", "name"), sentence))])
    return located


def _check(session: Session, draft: Draft, located: Located, now: datetime) -> None:
    """Say what would change; what someone else changed meanwhile is told at once."""
    found: Plan = plan(session, [located], today=now.date())
    manifest = located.manifest
    row = read.resource(session, manifest.kind, manifest.name)
    draft.warnings = found.warnings
    if (row.revision if row else 0) != draft.revision:
        _conflict(
            session, draft, located, f"{manifest.kind} {manifest.name!r} is not as it was when you opened it", now
        )
        return
    (change,) = found.created + found.changed + found.unchanged
    after = change.text or to_yaml([manifest.as_document()])
    draft.lines, draft.checked = difference(text_of(row) if row else "", after), True


def _conflict(session: Session, draft: Draft, located: Located, sentence: str, now: datetime) -> None:
    """Keep what was typed, show what the other one changed, and let it be saved over that once it was seen."""
    kind, name = located.manifest.kind, located.manifest.name
    row = read.resource(session, kind, name)
    rows = {one.revision: one for one in read.revisions(session, kind, name)}
    base = rows.get(draft.revision)
    before = (base.text or to_yaml([base.document])) if base and base.document else ""
    draft.theirs = difference(before, text_of(row) if row else "")
    draft.conflict, draft.status = sentence, HTTPStatus.CONFLICT
    draft.revision = row.revision if row else 0
    if row is not None:
        draft.kind, draft.name = kind, name
    (change,) = (found := plan(session, [located], today=now.date())).created + found.changed + found.unchanged
    after = change.text or to_yaml([located.manifest.as_document()])
    draft.lines, draft.checked = difference(text_of(row) if row else "", after), True
