"""Who asks, and whether they may."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer

from controlplane.http.problems import Problem
from controlplane.http.same_origin import SAFE_METHODS, is_same_origin
from controlplane.http.wiring import state_of
from registry.access.roles import Permission, Principal

COOKIE = "controlplane_session"
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="controlplane"'}

# These two only describe the doors in the OpenAPI document; who stands at them is decided below.
_BEARER = HTTPBearer(auto_error=False, description="A token, as `controlplane token create` gives it.")
_COOKIE = APIKeyCookie(name=COOKIE, auto_error=False, description="A person's session.")


def authenticate(request: Request) -> Principal | None:
    """Whoever sent a request: by bearer token if there is one, or else by session cookie; none if they sent neither.

    Raises ``Problem``: 401 for a token that is not valid, 403 for a change that a browser sends from elsewhere.
    """
    access = state_of(request).access
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme:
        who = access.by_token(token.strip()) if scheme.lower() == "bearer" else None
        if who is None:
            raise Problem(HTTPStatus.UNAUTHORIZED, "the token is not valid (any more)", headers=_CHALLENGE)
        return who
    cookie = request.cookies.get(COOKIE)
    who = access.by_session(cookie) if cookie else None
    if who is not None and request.method not in SAFE_METHODS:
        check_same_origin(request)
    return who


def check_same_origin(request: Request) -> None:
    """Refuse what a browser sends from another site's page."""
    if not is_same_origin(request.headers, state_of(request).settings.public_url):
        raise Problem(HTTPStatus.FORBIDDEN, "this change was sent from another site's page; send it from here")


class Requires:
    """A dependency that lets through whoever has a permission (or anyone who is known, if it names none)."""

    def __init__(self, permission: Permission | None) -> None:
        self.permission = permission

    def __call__(
        self,
        request: Request,
        _bearer: Annotated[object, Security(_BEARER)] = None,
        _cookie: Annotated[object, Security(_COOKIE)] = None,
    ) -> Principal:
        """Whoever asks. Raises ``Problem`` 401 or 403."""
        who = authenticate(request)
        if who is None:
            sentence = "say who you are: send a token in the Authorization header, or sign in"
            raise Problem(HTTPStatus.UNAUTHORIZED, sentence, headers=_CHALLENGE)
        if self.permission is not None and not who.may(self.permission):
            raise Problem(HTTPStatus.FORBIDDEN, f"the role {who.role} does not allow {self.permission}")
        return who


def requires(permission: Permission | None) -> Requires:
    """``Depends(requires("catalogue:read"))`` gives the ``Principal``."""
    return Requires(permission)
