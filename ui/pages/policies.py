"""``/reviews/policies``: the rules of the house, the shipped ones, and trying one before it goes live."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import Response

from policies.gate import trial
from policies.gate.judging import rule
from policies.pack import shipped
from registry.access.roles import Principal
from registry.catalogue import read
from registry.kinds.policy import PolicyManifest
from registry.manifests.parse import parse_manifests
from registry.manifests.problems import ManifestError
from registry.manifests.reader import SourceText
from ui.site import Site, Tab
from ui.views import policies as view

TAB = Tab("Policies", "/reviews/policies", order=30, place="/reviews", permission="catalogue:read")
_LONGEST = 100_000
_SECONDS = 8.0


def routes(site: Site) -> APIRouter:
    """The routes."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")
    asker = site.services.requires("policies:evaluate")

    @router.get("/reviews/policies")
    def listing(request: Request, person: Annotated[Principal, Depends(reader)]) -> Response:
        """What is declared, and what could be."""
        now = _now(site)
        with site.services.database.reading() as session:
            declared = read.every(session, PolicyManifest)
        return site.page(
            request,
            person,
            "policies.html",
            answer=view.answer(declared, now.date()),
            rows=[view.row(one, now.date()) for one in declared],
            shipped=view.shipped_rows({one.name for one in declared}),
            profiles=list(shipped.profiles().values()),
            may_try="policies:evaluate" in person.permissions,
        )

    @router.get("/reviews/policies/try")
    def begin(request: Request, person: Annotated[Principal, Depends(asker)]) -> Response:
        """An empty form."""
        return site.page(request, person, "policy_trial.html", text=view.EXAMPLE, found=[], problems=[])

    @router.post("/reviews/policies/try")
    def try_out(
        request: Request,
        person: Annotated[Principal, Depends(asker)],
        text: Annotated[str, Form(max_length=_LONGEST)],
    ) -> Response:
        """What it would have said; nothing is stored."""
        try:
            rules = [rule(one) for one in _policies(text)]
        except ManifestError as error:
            problems = [str(problem) for problem in error.problems]
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return site.page(
                request, person, "policy_trial.html", status=status, text=text, found=[], problems=problems
            )
        now, found = _now(site), []
        with site.services.database.reading() as session:
            for one in rules:
                registered = trial.on_registered(site.services.gate, session, one, now, _SECONDS)
                evaluations = trial.on_evaluations(session, one, now, seconds=_SECONDS)
                found.append(view.trial_of(one.manifest, registered, evaluations))
        return site.page(request, person, "policy_trial.html", text=text, found=found, problems=[])

    @router.get("/reviews/policies/shipped/{name}")
    def shipped_rule(request: Request, person: Annotated[Principal, Depends(reader)], name: str) -> Response:
        """A rule that comes along."""
        found = shipped.rules().get(name)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no shipped policy {name[:60]}")
        profiles = [one.name for one in shipped.profiles().values() if name in one.rules]
        return site.page(request, person, "policy.html", one=view.detail(found, _now(site).date(), profiles))

    @router.get("/reviews/policies/{name}")
    def policy(request: Request, person: Annotated[Principal, Depends(reader)], name: str) -> Response:
        """A declared policy."""
        with site.services.database.reading() as session:
            found = read.get(session, "Policy", name) if name.isascii() and name.isprintable() else None
        if not isinstance(found, PolicyManifest):
            raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no policy {name[:60]}")
        return site.page(request, person, "policy.html", one=view.detail(found, _now(site).date(), None))

    return router


def _policies(text: str) -> list[PolicyManifest]:
    manifests = [located.manifest for located in parse_manifests([SourceText("", text.encode())])]
    return [one for one in manifests if isinstance(one, PolicyManifest)]


def _now(site: Site) -> datetime:
    return datetime.fromtimestamp(site.services.clock() / 1e9, UTC)
