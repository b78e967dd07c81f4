"""Talking to a server for commands that need one; everything that can go wrong becomes one line."""

from collections.abc import Mapping
from typing import Any

import httpx

from controlplane.cli.errors import UserError
from controlplane.settings import ClientSettings, load

_TIMEOUT = httpx.Timeout(60, connect=5)


class RefusedError(UserError):
    """The server's own words for why it did not do it; ``errors`` holds what it lists."""

    def __init__(self, status: int, detail: str, errors: list[Mapping[str, Any]]) -> None:
        self.status, self.errors = status, errors
        super().__init__(detail)


class ServerClient:
    """One server and the token to show it: those given, or else CONTROLPLANE_SERVER and CONTROLPLANE_TOKEN."""

    def __init__(self, server: str | None = None, token: str | None = None) -> None:
        settings = load(ClientSettings)
        self.server = (server or settings.server).rstrip("/")
        secret = settings.token.get_secret_value() if settings.token else None
        self._headers = {"Authorization": f"Bearer {token or secret}"} if token or secret else {}

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """The answer to a request that the server took. Raises ``RefusedError`` or ``UserError``."""
        try:
            response = httpx.request(
                method,
                f"{self.server}{path}",
                params=params,
                content=content,
                headers={**self._headers, **(headers or {})},
                timeout=_TIMEOUT,
            )
        except httpx.ConnectError:
            raise UserError(f"no server answers at {self.server}; start one, or set CONTROLPLANE_SERVER") from None
        except httpx.TimeoutException:
            raise UserError(f"{self.server} took too long to answer; try again") from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeEncodeError) as error:
            raise UserError(f"{self.server} can't be asked: {error}") from None
        if response.is_success:
            return response
        raise self._refusal(response)

    def _refusal(self, response: httpx.Response) -> UserError:
        try:
            body = response.json()
            detail, errors = str(body["detail"]), list(body.get("errors", []))
        except (ValueError, KeyError, TypeError, AttributeError):
            return UserError(f"{self.server} answered {response.status_code} in a way that is not a control plane's")
        if response.status_code == httpx.codes.UNAUTHORIZED:
            hint = "set CONTROLPLANE_TOKEN to a valid token (`controlplane token create` makes one)"
            return RefusedError(response.status_code, f"{self.server} does not know who you are: {hint}", errors)
        return RefusedError(response.status_code, detail, errors)
