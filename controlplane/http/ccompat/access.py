"""Who asks at this door: a bearer token, or HTTP Basic with the token as password, which is what clients can send."""

import base64
import binascii
from http import HTTPStatus

from fastapi import Request

from controlplane.http.auth import authenticate
from controlplane.http.problems import Problem
from controlplane.http.wiring import state_of
from registry.access.roles import Permission, Principal

_CHALLENGE = {"WWW-Authenticate": 'Basic realm="controlplane", Bearer realm="controlplane"'}


class Requires:
    """A dependency that lets through whoever has a permission."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(self, request: Request) -> Principal:
        """Whoever asks. Raises ``Problem`` 401 or 403."""
        who = _basic(request) or authenticate(request)
        if who is None:
            sentence = "send a token: as a bearer token, or as the password of HTTP Basic with any user name"
            raise Problem(HTTPStatus.UNAUTHORIZED, sentence, headers=_CHALLENGE)
        if not who.may(self.permission):
            raise Problem(HTTPStatus.FORBIDDEN, f"the role {who.role} does not allow {self.permission}")
        return who


def _basic(request: Request) -> Principal | None:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        _, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        password = ""
    who = state_of(request).access.by_token(password)
    if who is None:
        sentence = "the password is no token that is valid (any more)"
        raise Problem(HTTPStatus.UNAUTHORIZED, sentence, headers=_CHALLENGE)
    return who
