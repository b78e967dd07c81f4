"""``/catalogue``: everything that is declared, searched over names, titles, kinds, owners and labels."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from registry.access.roles import Principal
from registry.catalogue.listing import counts, entries, owners
from registry.findings.find import checks
from registry.findings.model import Catalogue
from registry.kinds.find import manifest_kinds
from ui import urls
from ui.site import Place, Site, Tab
from ui.views import catalogue as view

PLACE = Place("Catalogue", "/catalogue", order=40, permission="catalogue:read")
TAB = Tab("Everything", "/catalogue", order=10, place="/catalogue", permission="catalogue:read")
_ROWS = 100


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get("/catalogue")
    def catalogue(
        request: Request,
        person: Annotated[Principal, Depends(reader)],
        q: Annotated[str, Query(max_length=200)] = "",
        kind: Annotated[str, Query(max_length=50)] = "",
        owner: Annotated[str, Query(max_length=100)] = "",
        after: Annotated[str, Query(max_length=200)] = "",
    ) -> Response:
        """The list; ``after`` is the KIND/NAME that the page before ended with."""
        begin, slash, name = after.partition("/")
        today = datetime.fromtimestamp(site.services.clock() / 1e9, UTC).date()
        with site.services.database.reading() as session:
            found = entries(
                session,
                kinds=[kind] if kind else (),
                owner=owner or None,
                search=q,
                after=(begin, name) if slash else None,
                limit=_ROWS + 1,
            )
            numbers = counts(session, owner=owner or None, search=q)
            known = owners(session)
            narrowed = bool(q or owner)
            orphans = 0 if narrowed else sum(1 for _ in checks()["ownership"](Catalogue(session), today))
        last = found[_ROWS - 1] if len(found) > _ROWS else None
        given = {"q": q, "kind": kind, "owner": owner}
        return site.page(
            request,
            person,
            "catalogue.html",
            answer=view.answer(numbers, orphans, narrowed=narrowed),
            rows=[view.row(one) for one in found[:_ROWS]],
            given=given,
            kinds=list(manifest_kinds()),
            owners=known,
            more=urls.with_query("/catalogue", given | {"after": f"{last.kind}/{last.name}"}) if last else "",
            team_href=view.team_href,
        )

    return router
