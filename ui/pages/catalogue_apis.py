"""``/catalogue/apis``: the interfaces, and at which stage each of their versions is."""

from collections import Counter
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from registry.access.roles import Principal
from registry.catalogue import read
from registry.catalogue.derived import DescribedAPI, described_apis
from registry.kinds.api import STAGES, APIManifest
from ui import words
from ui.site import Site, Tab
from ui.views import catalogue as view
from ui.views import schemas as schema_view

TAB = Tab("APIs", "/catalogue/apis", order=30, place="/catalogue", also=("/catalogue/API",))


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get("/catalogue/apis")
    def apis(
        request: Request,
        person: Annotated[Principal, Depends(reader)],
        q: Annotated[str, Query(max_length=200)] = "",
        stage: Annotated[str, Query(max_length=20)] = "",
    ) -> Response:
        """The list, narrowed by words and by a stage that one of the versions is at."""
        today = datetime.fromtimestamp(site.services.clock() / 1e9, UTC).date()
        with site.services.database.reading() as session:
            found = read.every(session, APIManifest)
            titles = {system.name: system.title for system in read.systems(session)}
            described = described_apis(session)
        rows = [
            {
                "title": api.title,
                "href": view.href("API", api.name),
                "provider": titles.get(api.spec.system, api.spec.system),
                "provider_href": view.href("System", api.spec.system),
                "protocol": api.spec.protocol,
                "versions": [view.version_row(one, today) for one in api.spec.versions],
                "consumers": len(api.spec.consumers),
                "owner": api.metadata.owner,
            }
            for api in found
            if _fits(api, q, stage)
        ]
        stages = Counter(one.lifecycle for api in found for one in api.spec.versions)
        told = words.listing([f"{stages[one]:,} {one}" for one in STAGES if stages[one]])
        answer = f"{view.noun('API', len(found))} with {words.quantity(stages.total(), 'version')}: {told}."
        return site.page(
            request,
            person,
            "catalogue_apis.html",
            rows=rows,
            answer=answer,
            any=bool(found),
            given={"q": q, "stage": stage},
            stages=STAGES,
            described=[_described(one) for one in described if _holds(one, q) and not stage],
            team_href=view.team_href,
        )

    return router


def _described(one: DescribedAPI) -> dict[str, object]:
    operations = schema_view.operations(schema=one.schema)
    return {"api": one, "href": schema_view.schema(one.schema), "operations": operations}


def _holds(one: DescribedAPI, q: str) -> bool:
    text = f"{one.schema} {one.title} {one.protocol} {one.owner}".lower()
    return all(word in text for word in q.lower().split())


def _fits(api: APIManifest, q: str, stage: str) -> bool:
    text = f"{api.name} {api.title} {api.spec.system} {api.spec.protocol} {api.metadata.owner}".lower()
    at_stage = not stage or any(one.lifecycle == stage for one in api.spec.versions)
    return at_stage and all(word in text for word in q.lower().split())
