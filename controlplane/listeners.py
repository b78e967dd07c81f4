"""The sockets that a server listens on, opened before anything else so that a taken port is said in one line."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import grpc
import uvicorn

from controlplane.http_protocol import HttpProtocol


class PortError(RuntimeError):
    """A port that can't be listened on, and the setting that names it."""


class HttpListener(uvicorn.Server):
    """uvicorn on a socket that is open already; signals are the whole server's business, not this listener's."""

    def __init__(self, app: Any, sock: socket.socket) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=HttpProtocol,
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                timeout_graceful_shutdown=5,
                timeout_keep_alive=75,
            )
        )
        self._sock = sock
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept."""
        await super().startup(sockets)
        self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield

    def close(self) -> None:
        """Give the socket back without having served."""
        self._sock.close()

    async def run_until_stopped(self) -> None:
        """Serve until ``should_exit`` is set and the open requests are answered."""
        await self.serve(sockets=[self._sock])


def listen(host: str, port: int, setting: str) -> socket.socket:
    """A listening socket.

    Raises:
        PortError: the address can't be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise PortError(
            f"can't listen on {host}:{port}: {error.strerror or error}; set {setting} to another port"
        ) from error
    sock.listen(2048)
    return sock


def listen_grpc(server: grpc.aio.Server, host: str, port: int, setting: str) -> None:
    """Give a gRPC server its port.

    Raises:
        PortError: the address can't be used.
    """
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    # gRPC's own message names no cause, so the address is tried first.
    listen(host, port, setting).close()
    try:
        server.add_insecure_port(address)
    except RuntimeError as error:
        raise PortError(f"can't listen on {address} for gRPC: {error}; set {setting} to another port") from error
