"""``/catalogue/objects``: the canonical objects, each with states, fields, systems of record, ids and mappings."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from collectors.timelines.identities import KnownId, known
from collectors.timelines.model import Key
from registry.access.roles import Principal
from registry.canon.reading import model
from registry.crossref.check import CorrectionError, read_id
from registry.nearest import did_you_mean
from ui import words
from ui.site import Site, Tab
from ui.views import mappings, objects

TAB = Tab("Objects", "/catalogue/objects", order=45, place="/catalogue", permission="catalogue:read")


def routes(site: Site) -> APIRouter:
    """The routes: the list, and one object."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get("/catalogue/objects")
    def listing(request: Request, person: Annotated[Principal, Depends(reader)]) -> Response:
        """Every object with who is the record for it."""
        with site.services.database.reading() as session:
            found = model(session)
            findings = found.findings()
        rows = objects.rows(found)
        shown = [one for one in findings if one.rule != "mapping-broken"]
        return site.page(
            request,
            person,
            "objects.html",
            rows=rows,
            findings=shown,
            answer=objects.answer(rows, shown),
            states=mappings.STATES,
        )

    @router.get("/catalogue/objects/{name}")
    def one_object(
        request: Request,
        person: Annotated[Principal, Depends(reader)],
        name: str,
        key: Annotated[str, Query(max_length=700)] = "",
    ) -> Response:
        """One object; ``key`` is an id whose others are looked up."""
        with site.services.database.reading() as session:
            found = model(session)
            if name not in found.objects:
                guess = did_you_mean(name, found.objects)
                raise HTTPException(HTTPStatus.NOT_FOUND, f"there is no canonical object {name[:100]!r}{guess}")
            one = found.objects[name]
            rows = mappings.rows(found, one.schema.name)
            values = objects.values(found, one)
        looked = _looked_up(site, person, name, key.strip()) if key.strip() else {"ids": None, "trouble": ""}
        return site.page(request, person, "object.html", one=one, mappings=rows, key=key.strip(), **values, **looked)

    return router


def _looked_up(site: Site, person: Principal, name: str, text: str) -> dict[str, Any]:
    if not person.may("workflows:read"):
        return {"ids": None, "trouble": "Your role does not allow to look up objects."}
    try:
        asked = read_id(text)
        ids: list[KnownId] = known(
            site.services.timelines(), Key(asked.type, asked.value), lambda one: one.object == name
        )
    except CorrectionError as error:
        return {"ids": None, "trouble": words.sentence(str(error))}
    return {"ids": ids, "trouble": ""}
