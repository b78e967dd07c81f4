"""Talking to a server for commands that need one; everything that can go wrong becomes one line."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
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


class NoAnswerError(UserError):
    """Nobody answered, or nobody who could: the question stays open."""


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
        params: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """The answer to a request that the server took. Raises ``RefusedError`` or ``UserError``."""
        with self._asking():
            response = httpx.request(
                method,
                f"{self.server}{path}",
                params=list(params) if isinstance(params, Sequence) else params,
                content=content,
                headers={**self._headers, **(headers or {})},
                timeout=_TIMEOUT,
            )
        if response.is_success:
            return response
        raise self._refusal(response)

    def pieces(self, path: str, *, params: Sequence[tuple[str, str]] = ()) -> Iterator[str]:
        """An answer's text as it comes. Raises as :meth:`send` does, also if it breaks off."""
        with self._streaming(path, params) as response:
            yield from response.iter_text()

    def save(self, path: str, output: Path, *, params: Sequence[tuple[str, str]] = ()) -> int:
        """Write an answer to a file as it comes, whole or not at all; its bytes. Raises as :meth:`send` does."""
        part = output.with_name(f"{output.name}.part")
        try:
            with self._streaming(path, params) as response, part.open("wb") as file:
                for piece in response.iter_bytes():
                    file.write(piece)
            size = part.stat().st_size
            part.replace(output)
        finally:
            part.unlink(missing_ok=True)
        return size

    @contextlib.contextmanager
    def _streaming(self, path: str, params: Sequence[tuple[str, str]]) -> Iterator[httpx.Response]:
        """An answer that comes in pieces. Raises as :meth:`send` does, also if it breaks off."""
        with (
            self._asking(),
            httpx.stream(
                "GET", f"{self.server}{path}", params=list(params), headers=self._headers, timeout=_TIMEOUT
            ) as response,
        ):
            if not response.is_success:
                response.read()
                raise self._refusal(response)
            yield response

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        """What can go wrong on the way, as one line."""
        try:
            yield
        except httpx.ConnectError:
            raise NoAnswerError(f"no server answers at {self.server}; start one, or set CONTROLPLANE_SERVER") from None
        except httpx.TimeoutException:
            raise NoAnswerError(f"{self.server} took too long to answer; try again") from None
        except httpx.UnsupportedProtocol as error:
            raise UserError(f"{self.server} can't be asked: {error}") from None
        except httpx.TransportError as error:
            raise NoAnswerError(f"{self.server} can't be asked: {error}") from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeEncodeError) as error:
            raise UserError(f"{self.server} can't be asked: {error}") from None

    def _refusal(self, response: httpx.Response) -> UserError:
        try:
            body = response.json()
            detail, errors = str(body["detail"]), list(body.get("errors", []))
        except (ValueError, KeyError, TypeError, AttributeError):
            kind = NoAnswerError if response.is_server_error else UserError
            return kind(f"{self.server} answered {response.status_code} in a way that is not a control plane's")
        if response.is_server_error:
            return NoAnswerError(f"{self.server} can't answer: {detail}")
        if response.status_code == httpx.codes.UNAUTHORIZED:
            hint = "set CONTROLPLANE_TOKEN to a valid token (`controlplane token create` makes one)"
            return RefusedError(response.status_code, f"{self.server} does not know who you are: {hint}", errors)
        return RefusedError(response.status_code, detail, errors)
