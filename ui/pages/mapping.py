"""``/catalogue/mappings/NAME``: one mapping, field by field, and trying it on a payload."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from collectors.timelines import times
from collectors.timelines.identities import resolver
from registry.access.roles import Principal
from registry.canon.reading import Model, model
from registry.catalogue import read
from registry.kinds.mapping import MappingManifest
from registry.mappings.coverage import coverage
from registry.mappings.exact_json import MAX_CHARACTERS, PayloadError, read_payload, write_exact
from registry.mappings.trying import NoWayBackError, Trial, attempt
from registry.mappings.ways import Ways, examined
from registry.nearest import did_you_mean
from ui import words
from ui.site import Site
from ui.views import mappings as view


def routes(site: Site) -> APIRouter:
    """The routes: the page, and the page with what came of a payload."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get("/catalogue/mappings/{name}")
    def mapping(request: Request, person: Annotated[Principal, Depends(reader)], name: str, back: int = 0) -> Response:
        """Fields, findings, what is left over, history, and a form with an example."""
        with site.services.database.reading() as session:
            found = model(session)
            one = _named(found, name)
            values = _values(session, found, one)
        ways: Ways | None = values["ways"]
        example = _example(ways, back=bool(back)) if ways else ""
        return site.page(
            request, person, "mapping.html", **values, payload=example, back=bool(back), trial=None, trouble=""
        )

    @router.post("/catalogue/mappings/{name}")
    def try_it(
        request: Request,
        person: Annotated[Principal, Depends(reader)],
        name: str,
        payload: Annotated[str, Form(max_length=MAX_CHARACTERS)] = "",
        back: Annotated[int, Form()] = 0,
    ) -> Response:
        """The same page with the result beside the payload; nothing is stored."""
        with site.services.database.reading() as session:
            found = model(session)
            one = _named(found, name)
            values = _values(session, found, one)
        trial, trouble = _tried(site, values["ways"], payload, back=bool(back))
        status = HTTPStatus.UNPROCESSABLE_ENTITY if trouble else HTTPStatus.OK
        shown = {"payload": payload, "back": bool(back), "trial": trial, "trouble": trouble}
        return site.page(request, person, "mapping.html", status=status, **values, **shown)

    return router


def _named(found: Model, name: str) -> MappingManifest:
    if name not in found.mappings:
        guess = did_you_mean(name, found.mappings)
        raise HTTPException(HTTPStatus.NOT_FOUND, f"there is no mapping {name[:100]!r}{guess}")
    return found.mappings[name]


def _example(ways: Ways, *, back: bool) -> str:
    way = ways.back if back and ways.back else ways.forward
    return write_exact(way.source.examples[0], 2) if way.source.examples else ""


def _tried(site: Site, ways: Ways | None, payload: str, *, back: bool) -> tuple[dict[str, Any] | None, str]:
    if ways is None:
        return None, "The mapping can't be tried while a schema of it can't be read."
    try:
        timelines = site.services.timelines()
        resolve = resolver(timelines)
    except HTTPException:
        resolve = None  # this server observes nothing, and most mappings look nothing up
    try:
        done = attempt(ways, read_payload(payload), back=back, resolve=resolve)
    except PayloadError as error:
        line = f"Line {error.line}: " if error.line else ""
        return None, words.sentence(f"{line}{error}")
    except NoWayBackError as error:
        return None, words.sentence(str(error))
    return _trial(done), ""


def _trial(done: Trial) -> dict[str, Any]:
    return {
        "ok": done.ok,
        "text": write_exact(done.outcome.value, 2),
        "problems": done.outcome.problems,
        "violations": done.violations,
        "payload_violations": done.payload_violations,
        "filled": [
            (one.target, one.sources, write_exact(one.value), done.way.fields[one.field].told(), one.default)
            for one in done.outcome.filled
        ],
    }


def _values(session: Session, found: Model, one: MappingManifest) -> dict[str, Any]:
    ways = found.opened(one)
    remarks = examined(ways) if isinstance(ways, Ways) else ways
    spec = one.spec
    objects = {held.schema.name: name for name, held in found.objects.items()}
    opened = ways if isinstance(ways, Ways) else None
    covered = coverage(opened.forward) if opened else None
    return {
        "one": one,
        "spec": spec,
        "answer": view.mapping_answer(one.title, ways, remarks),
        "object": objects.get(spec.canon.schema_, ""),
        "object_href": view.object_href,
        "schema_href": view.schema_href,
        "ways": opened,
        "lines": view.lines(opened.forward, remarks, "fields") if opened else [],
        "back_lines": view.lines(opened.back, (), "reverse") if opened and opened.back else [],
        "findings": view.findings(remarks),
        "covered": covered,
        "states": view.STATES,
        "history": [
            {"revision": row.revision, "at": times.parse(row.at.isoformat()), "by": row.by}
            for row in read.revisions(session, "Mapping", one.name)
        ],
    }
