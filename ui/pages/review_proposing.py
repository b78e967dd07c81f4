"""``/catalogue/schemas/{schema}/propose`` and ``/reviews/{number}/revise``: a document is typed or chosen as a file."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, HTTPException, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from policies.reviews import service, sources
from policies.reviews.deciding import ReviewError
from policies.reviews.service import Actor
from policies.reviews.words import USUAL_DAYS, WordsError
from registry.access.roles import Principal
from registry.compat.model import DocumentError
from registry.schemas import versions
from ui import words
from ui.pages.review import review_numbered
from ui.schema_finding import HIGHEST, moment, schema_named
from ui.site import Site
from ui.views import reviews as view
from ui.views import schemas
from ui.views.source import readable

_LONGEST = 10_000
_Words = Annotated[str, Form(max_length=_LONGEST)]
_Upload = Annotated[UploadFile | None, File()]


def routes(site: Site) -> APIRouter:
    """Both forms."""
    router = APIRouter()
    Writer = Annotated[Principal, Depends(site.services.requires("reviews:write"))]  # noqa: N806  a type
    gate = site.services.gate

    @router.get(schemas.PLACE + "/{schema}/propose")
    def form(
        request: Request,
        person: Writer,
        schema: str,
        version: Annotated[int | None, Query(ge=1, le=HIGHEST)] = None,
        evaluation: Annotated[str, Query(max_length=64)] = "",
    ) -> Response:
        """The form with the document in force, that of a version, or that of a question to the gate."""
        with site.services.database.reading() as session:
            title = schema_named(session, schema).title
            text = _text(session, schema, version, evaluation)
        today = moment(site.services.clock()).date()
        values = {"title": "", "why": "", "due": (today + timedelta(days=USUAL_DAYS)).isoformat(), "document": text}
        return _page(site, request, person, _proposing(schema, title), values)

    @router.post(schemas.PLACE + "/{schema}/propose")
    def propose(
        request: Request,
        person: Writer,
        schema: str,
        title: _Words = "",
        why: _Words = "",
        due: Annotated[date | None, Form()] = None,
        document: Annotated[str, Form()] = "",
        file: _Upload = None,
    ) -> Response:
        """Open a review and show it; what can't be taken is said above what was typed."""
        with site.services.database.reading() as session:
            name = schema_named(session, schema).title
        values = {"title": title, "why": why, "due": due.isoformat() if due else "", "document": document}
        try:
            text = _document(document, file)
            actor = Actor(person, moment(site.services.clock()))
            number = service.open_review(gate, actor, subject=schema, document=text, title=title, why=why, due=due)
        except (WordsError, DocumentError, ReviewError) as error:
            return _page(site, request, person, _proposing(schema, name), values, _sentence(error))
        return RedirectResponse(view.href(number), HTTPStatus.SEE_OTHER)

    @router.get("/reviews/{number:int}/revise")
    def revising(request: Request, person: Writer, number: int) -> Response:
        """The form with the document that is proposed now."""
        found = review_numbered(site, number)
        values = {"title": "", "why": "", "due": "", "document": readable(found.revision.text)}
        return _page(site, request, person, _revising(number, found.summary.title, found.summary.revision), values)

    @router.post("/reviews/{number:int}/revise")
    def revise(
        request: Request,
        person: Writer,
        number: int,
        revision: Annotated[int, Form(ge=1, le=HIGHEST)],
        why: _Words = "",
        document: Annotated[str, Form()] = "",
        file: _Upload = None,
    ) -> Response:
        """Put it in the place of the one proposed."""
        found = review_numbered(site, number)
        values = {"title": "", "why": why, "due": "", "document": document}
        try:
            text = _document(document, file)
            actor = Actor(person, moment(site.services.clock()))
            service.revise(gate, actor, number, revision=revision, document=text, note=why)
        except (WordsError, DocumentError, ReviewError) as error:
            about = _revising(number, found.summary.title, revision)
            return _page(site, request, person, about, values, _sentence(error))
        return RedirectResponse(view.href(number), HTTPStatus.SEE_OTHER)

    return router


def _proposing(schema: str, title: str) -> dict[str, Any]:
    return {
        "heading": f"Propose a version of {title}",
        "about": "Nothing is published by this. The gate judges the document, and the owners of what it hurts are asked.",
        "href": schemas.schema(schema),
        "back": title,
        "action": view.propose_href(schema),
        "revision": None,
    }


def _revising(number: int, title: str, revision: int) -> dict[str, Any]:
    return {
        "heading": f"Revise “{title}”",
        "about": f"It takes the place of revision {revision}. Votes start anew; what was said before stays to be read.",
        "href": view.href(number),
        "back": f"Review {number}",
        "action": f"{view.href(number)}/revise",
        "revision": revision,
    }


def _page(
    site: Site, request: Request, person: Principal, about: dict[str, Any], values: dict[str, str], trouble: str = ""
) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if trouble else HTTPStatus.OK
    return site.page(request, person, "review_proposing.html", status=status, to=about, given=values, trouble=trouble)


def _text(session: Session, schema: str, version: int | None, evaluation: str) -> str:
    try:
        if evaluation:
            return readable(sources.of_evaluation(session, schema, evaluation))
        if version is not None:
            return readable(sources.of_version(session, schema, version))
    except WordsError as error:
        raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from None
    latest = versions.in_force(session, schema_named(session, schema))
    return readable(latest.text) if latest else ""


def _document(typed: str, file: UploadFile | None) -> str:
    """The file if one was chosen, or else what was typed, with the line ends that a document has."""
    if file is None or not file.filename:
        return typed.replace("\r\n", "\n")
    try:
        return file.file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError(f"{file.filename[:100]} is not text in UTF-8") from None


def _sentence(error: Exception) -> str:
    if isinstance(error, DocumentError):
        return f"The document can't be used: {f'line {error.line}: ' if error.line else ''}{error.message}."
    return words.sentence(str(error))
