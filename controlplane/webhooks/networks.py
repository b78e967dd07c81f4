"""Where a webhook may be sent to. Pure.

Whoever may write the catalogue may name any address, and the server stands where such a person may not: beside
databases, and beside a cloud's service that hands out credentials. So what is not on the public internet has to be
allowed by whoever runs the server.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
#: IPv6 addresses that stand for IPv4 ones behind a translator.
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


def networks_of(text: str) -> tuple[Network, ...]:
    """Networks with commas between: ``10.0.0.0/8, fd00::/8``. Raises ``ValueError``."""
    return tuple(ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip())


def may_reach(address: Address, allowed: Iterable[Network]) -> bool:
    """Whether an address is public, or in a network that is allowed."""
    meant = _meant(address)
    if any(one in network for network in allowed for one in (address, meant) if one.version == network.version):
        return True
    return meant.is_global and not meant.is_multicast


def refused(host: str, found: Sequence[str], allowed: Iterable[Network]) -> str | None:
    """Why a host must not be sent to, which has these addresses; none if it may. One bad address spoils them all."""
    networks = tuple(allowed)
    for text in found:
        # A zone ("%eth0") is where a link-local address counts.
        if not may_reach(ipaddress.ip_address(text.partition("%")[0]), networks):
            where = text if text == host else f"{host} is {text}, which"
            return f"{where} is neither public nor in CONTROLPLANE_WEBHOOK_NETWORKS"
    return None


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address
