"""``/catalogue/schemas/{schema}/versions/{version}``: one document as it was registered, and the state that it is in."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Path, Query, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from registry.access.roles import Principal
from registry.catalogue.schema_changes import set_state
from registry.compat.model import DocumentError
from registry.compat.source_map import read_document
from registry.manifests.problems import ManifestError
from registry.schemas import states, subjects, versions
from registry.schemas.models import SchemaVersion
from registry.schemas.versions import State
from ui.schema_finding import HIGHEST, moment, nanoseconds, schema_named, version_numbered
from ui.site import Site
from ui.views import schemas as view
from ui.views.reviews import propose_href
from ui.views.source import readable, source

Number = Annotated[int, Path(ge=1, le=HIGHEST)]


def routes(site: Site) -> APIRouter:
    """The page, its text, and the form that changes its state."""
    router = APIRouter()
    Reader = Annotated[Principal, Depends(site.services.requires("catalogue:read"))]  # noqa: N806  a type
    writer = site.services.requires("catalogue:write")
    address = view.PLACE + "/{schema}/versions/{number}"

    @router.get(address)
    def version(
        request: Request, person: Reader, schema: str, number: Number, at: Annotated[str, Query(max_length=2_000)] = ""
    ) -> Response:
        """The document; ``at`` points to a place in it."""
        with site.services.database.reading() as session:
            schema_named(session, schema)
            row = version_numbered(session, schema, number)
            values = _version(session, row)
        line = _line(row.text, at)
        return site.page(
            request,
            person,
            "schema_version.html",
            **values,
            at=at,
            line=line,
            may=person.may("catalogue:write"),
            propose=propose_href(schema) if values["state"] == "draft" and person.may("reviews:write") else "",
        )

    @router.get(address + "/text")
    def text(person: Reader, schema: str, number: Number) -> Response:  # noqa: ARG001  whoever may read it
        """The text alone."""
        with site.services.database.reading() as session:
            schema_named(session, schema)
            return PlainTextResponse(version_numbered(session, schema, number).text)

    @router.post(address + "/state")
    def change_state(
        schema: str,
        number: Number,
        person: Annotated[Principal, Depends(writer)],
        state: Annotated[State, Form()],
        reason: Annotated[str, Form(max_length=1_000)] = "",
    ) -> Response:
        """Publish, deprecate, disable or enable it, and show it again."""
        now = moment(site.services.clock())
        try:
            with site.services.database.writing() as session:
                manifest = schema_named(session, schema)
                version_numbered(session, schema, number)
                why = reason.strip() or None
                set_state(session, manifest, number, state, actor=person.name, now=now, reason=why)
        except states.StateError as error:
            raise HTTPException(HTTPStatus.CONFLICT, str(error)) from None
        except ManifestError as error:
            raise HTTPException(HTTPStatus.CONFLICT, f"it can't be published: {error.problems[0].message}") from None
        site.services.applied(frozenset({"Schema"}))
        return RedirectResponse(view.version(schema, number), HTTPStatus.SEE_OTHER)

    return router


def _version(session: Session, row: SchemaVersion) -> dict[str, Any]:
    told = versions.states(session, row.subject, [row.version]).get(row.version)
    state: State = versions.state(session, row.subject, row.version)
    listed = subjects.get(session, row.subject)
    references = versions.references(session, row.subject, row.version)
    return {
        "schema": row.subject,
        "schema_href": view.schema(row.subject),
        "title": (listed.title if listed else None) or row.subject,
        "version": row.version,
        "current": listed is not None and listed.current == row.version,
        "format": row.format,
        "hash": row.hash,
        "id": versions.content_id(session, row.hash),
        "at_": nanoseconds(row.created_at),
        "by": row.created_by,
        "state": state,
        "look": view.STATES[state],
        "state_at": nanoseconds(told.at) if told else None,
        "state_by": told.by if told else None,
        "reason": told.reason if told else None,
        "next": [(one, "Publish" if state == "draft" and one == "active" else view.BUTTONS[one]) for one in states.FOLLOWING[state]],
        "references": [(one.name, view.version(one.subject, one.version), f"{one.subject} version {one.version}") for one in references],
        "users": [(view.version(name, number), f"{name} version {number}") for name, number in states.used_by(session, row.subject, row.version)],
        "previous": view.comparison(row.subject, row.version - 1, row.version) if row.version > 1 else "",
        "text_href": f"{view.version(row.subject, row.version)}/text",
        "source": source(row.text),
    }  # fmt: skip


def _line(text: str, pointer: str) -> int | None:
    """The line, as the page shows it, of a place in the document."""
    if not pointer.startswith("/"):
        return None
    try:
        return read_document(readable(text), "new").line(pointer)
    except DocumentError:
        return None
