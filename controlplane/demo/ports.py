"""Ports for a server that must come up whatever else runs on the machine."""

from __future__ import annotations

import socket
from typing import NamedTuple

from controlplane.settings import Settings

ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  nothing is bound here: what to call when all is listened on


class Ports(NamedTuple):
    """Where the demo's server listens; ``moved`` says in sentences which ports were taken."""

    http: int
    otlp_http: int
    otlp_grpc: int
    moved: tuple[str, ...]


def choose(settings: Settings) -> Ports:
    """The ports of the settings, each replaced by a free one where it is taken or turned off."""
    wanted = {
        "CONTROLPLANE_PORT": settings.port,
        "CONTROLPLANE_OTLP_HTTP_PORT": settings.otlp_http_port,
        "CONTROLPLANE_OTLP_GRPC_PORT": settings.otlp_grpc_port,
    }
    moved, chosen = list[str](), list[int]()
    for setting, port in wanted.items():
        found = port if port and port not in chosen and is_free(settings.host, port) else free(settings.host)
        if port and found != port:
            moved.append(f"Port {port} is taken, so {found} is used instead; {setting} chooses another.")
        chosen.append(found)
    http, otlp_http, otlp_grpc = chosen
    return Ports(http, otlp_http, otlp_grpc, tuple(moved))


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket(_family(host), socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free(host: str) -> int:
    """A port on which nothing listens now."""
    with socket.socket(_family(host), socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def address(host: str, port: int) -> str:
    """The base address to call."""
    called = ANY.get(host, host)
    return f"http://[{called}]:{port}" if ":" in called else f"http://{called}:{port}"


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
