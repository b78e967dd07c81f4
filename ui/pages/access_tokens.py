"""``/access/tokens``: the tokens of programs, made and revoked in the browser."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from registry.access import tokens
from registry.access.roles import ROLES, Principal, RoleError
from registry.access.tokens import TokenError
from ui.site import Site, Tab
from ui.views import access as view

TAB = Tab("Tokens", "/access/tokens", order=20, place="/audit", permission="tokens:read")
_MOST = 500
_DAYS = (30, 90, 365)


def routes(site: Site) -> APIRouter:
    """The routes: the list, making one, revoking one."""
    router = APIRouter()
    reader = site.services.requires("tokens:read")
    keeper = site.services.requires("tokens:write")

    def page(request: Request, person: Principal, status: int = HTTPStatus.OK, **more: Any) -> Response:
        now = site.services.clock()
        with site.services.database.reading() as session:
            found = tokens.every(session, limit=_MOST)
        rows = view.token_rows(found, now)
        given = {"made": "", "trouble": "", "given": {}, **more}
        return site.page(
            request,
            person,
            "access_tokens.html",
            status=status,
            rows=rows,
            answer=view.tokens_answer(rows),
            roles=ROLES,
            days=_DAYS,
            **given,
        )

    @router.get("/access/tokens")
    def listing(request: Request, person: Annotated[Principal, Depends(reader)]) -> Response:
        """Those that work first."""
        return page(request, person)

    @router.post("/access/tokens")
    def make(
        request: Request,
        person: Annotated[Principal, Depends(keeper)],
        name: Annotated[str, Form(max_length=200)] = "",
        role: Annotated[str, Form(max_length=20)] = "",
        lasts: Annotated[str, Form(max_length=5)] = "",
    ) -> Response:
        """Make one and show it, this once."""
        now = _now(site)
        try:
            expires = now + timedelta(days=int(lasts)) if lasts.isdecimal() and int(lasts) else None
            with site.services.database.writing() as session:
                _, text = tokens.create(session, name=name, role=role, actor=person.name, now=now, expires_at=expires)
        except (TokenError, RoleError) as error:
            return page(
                request,
                person,
                HTTPStatus.UNPROCESSABLE_ENTITY,
                trouble=str(error),
                given={"name": name, "role": role, "lasts": lasts},
            )
        return page(request, person, HTTPStatus.CREATED, made=text)

    @router.post("/access/tokens/{ident}/removal")
    def revoke(person: Annotated[Principal, Depends(keeper)], ident: str) -> Response:
        """Make one worthless at once, with the sessions that it opened."""
        try:
            with site.services.database.writing() as session:
                tokens.revoke(session, ident, actor=person.name, now=_now(site))
        except TokenError as error:
            raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from None
        return RedirectResponse("/access/tokens", HTTPStatus.SEE_OTHER)

    return router


def _now(site: Site) -> datetime:
    return datetime.fromtimestamp(site.services.clock() / 1e9, UTC)
