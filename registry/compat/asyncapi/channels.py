from __future__ import annotations

from collections.abc import Iterator

from registry.compat.asyncapi.bindings import compare_bindings
from registry.compat.asyncapi.payloads import compare_schemas
from registry.compat.asyncapi.report import Pair
from registry.compat.asyncapi.shapes import Api, Channel, Part
from registry.compat.model import Change


def compare_channels(pair: Pair, old: Api, new: Api) -> Iterator[Change]:
    """Channels by address, which is what both ends use; by name where the address is another one."""
    nowhere = Part("/channels", None)
    by_address = {channel.address: channel for channel in new.channels.values()}
    kept: set[str] = set()
    for name, before in old.channels.items():
        after = by_address.get(before.address) or new.channels.get(name)
        if after is None:
            yield pair.change("channel-removed", before.part, nowhere, before.address, removed=True)
            continue
        kept.add(after.name)
        if after.address != before.address:
            yield pair.change("channel-address-changed", before.part, after.part, name, before.address, after.address)
        yield from _compare(pair, before, after)
    for name, after in new.channels.items():
        if name not in kept:
            yield pair.change("channel-added", nowhere, after.part, after.address)


def _compare(pair: Pair, before: Channel, after: Channel) -> Iterator[Change]:
    for name in before.parameters.keys() & after.parameters.keys():
        where = f'Parameter "{name}" of "{after.address}"'
        yield from compare_schemas(pair, before.parameters[name], after.parameters[name], where, sent=False)
    yield from compare_bindings(pair, before.part, after.part, before.bindings, after.bindings)
