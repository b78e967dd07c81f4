from __future__ import annotations

from collections.abc import Iterator

from registry.compat.asyncapi.bindings import compare_bindings
from registry.compat.asyncapi.report import Pair
from registry.compat.asyncapi.security import compare_security
from registry.compat.asyncapi.shapes import Api, Part, Server
from registry.compat.model import Change


def compare_servers(pair: Pair, old: Api, new: Api) -> Iterator[Change]:
    """Servers by name; one under another name at the same address is the same."""
    servers = Part("/servers", None)
    moved = {server.address: server for name, server in new.servers.items() if name not in old.servers}
    kept: set[str] = set()
    for name, before in old.servers.items():
        after = new.servers.get(name) or moved.get(before.address)
        if after is None:
            yield pair.change("server-removed", before.part, servers, name, before.address, None, removed=True)
        else:
            kept.add(after.name)
            yield from _compare(pair, before, after)
    for name, after in new.servers.items():
        if name not in kept:
            yield pair.change("server-added", servers, after.part, name, None, after.address)


def _compare(pair: Pair, before: Server, after: Server) -> Iterator[Change]:
    for rule, was, now in (
        ("server-address-changed", before.address, after.address),
        ("server-protocol-changed", before.protocol, after.protocol),
        ("server-protocol-version-changed", before.protocol_version, after.protocol_version),
    ):
        if was != now:
            yield pair.change(rule, before.part, after.part, after.name, was, now)
    place = f'the server "{after.name}"'
    yield from compare_security(pair, before.part, after.part, before.security, after.security, place)
    yield from compare_bindings(pair, before.part, after.part, before.bindings, after.bindings)
