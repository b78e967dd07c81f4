"""``/reviews/environments``: what runs where, and whether a version may join it."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from policies.deploying import asking
from registry.access.roles import Principal
from registry.deployments import service
from registry.deployments.service import DeploymentError
from ui import words
from ui.site import Site, Tab
from ui.views import environments as view

TAB = Tab("Environments", "/reviews/environments", order=60, place="/reviews", permission="catalogue:read")
_Text = Annotated[str, Query(max_length=250)]


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get("/reviews/environments")
    def environments(
        request: Request,
        person: Annotated[Principal, Depends(reader)],
        to: _Text = "",
        deploy: _Text = "",
    ) -> Response:
        """The table, and the answer to the question in the form, if there is one."""
        today = datetime.fromtimestamp(site.services.clock() / 1e9, UTC).date()
        found, trouble = None, ""
        wanted = [part.partition("@") for part in deploy.replace(",", " ").split()]
        with site.services.database.reading() as session:
            running = service.running(session)
            versions = service.recorded(session)
            if to and wanted:
                try:
                    pairs = [(application.strip(), version.strip()) for application, _, version in wanted]
                    found = asking.ask(session, to.strip(), pairs, today)
                except DeploymentError as error:
                    trouble = words.sentence(str(error))
        return site.page(
            request,
            person,
            "environments.html",
            answer=view.answer(running),
            environments=view.environments(running),
            rows=view.rows(running),
            versions=[f"{one.application}@{one.version}" for one in versions],
            asked={"to": to, "deploy": deploy},
            found=found,
            trouble=trouble,
        )

    return router
