"""Signing people in and out: by a link that works once, or by a token."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from controlplane.http.auth import COOKIE, check_same_origin
from controlplane.http.wiring import State
from controlplane.state import AppState
from registry.access.people import SESSION_LASTS
from ui.site import Site

router = APIRouter(include_in_schema=False)

_HEADERS = {"Cache-Control": "no-store"}


def local_address(text: str) -> str:
    """The address if it leads to a page of our own, or else the first page."""
    ours = text.startswith("/") and not text.startswith("//") and "\\" not in text and text.isprintable()
    return text if ours else "/"


@router.get("/login")
def login_page(
    request: Request,
    state: State,
    link: Annotated[str, Query(max_length=200)] = "",
    next_page: Annotated[str, Query(alias="next", max_length=2000)] = "/",
) -> Response:
    """Use the link, or show a field for a token. A link works once; what only looks (HEAD) does not come here."""
    if not link:
        return _page(request, next_page, HTTPStatus.OK)
    return _signed_in(request, state, state.access.use_link(link.strip()), next_page)


@router.post("/login")
def log_in(
    request: Request,
    state: State,
    secret: Annotated[str, Form(max_length=500)],
    next_page: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> Response:
    """Open a session and go on to where the person was heading."""
    check_same_origin(request)
    return _signed_in(request, state, state.access.sign_in(secret.strip()), next_page)


def _signed_in(request: Request, state: AppState, cookie: str | None, next_page: str) -> Response:
    if cookie is None:
        return _page(request, next_page, HTTPStatus.UNAUTHORIZED)
    response = RedirectResponse(local_address(next_page), HTTPStatus.SEE_OTHER, _HEADERS)
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_is_secure(request, state.settings.public_url),
    )
    return response


@router.post("/logout")
def log_out(request: Request, state: State) -> Response:
    """End the session and forget the cookie."""
    check_same_origin(request)
    state.access.sign_out(request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/login", HTTPStatus.SEE_OTHER)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return response


def _is_secure(request: Request, public_url: str | None) -> bool:
    return (public_url or str(request.url)).startswith("https:")


def _page(request: Request, next_page: str, status: HTTPStatus) -> HTMLResponse:
    site: Site = request.app.state.site
    refused = status == HTTPStatus.UNAUTHORIZED
    return site.page(request, None, "login.html", status=status, next=local_address(next_page), refused=refused)
