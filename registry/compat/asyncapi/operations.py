from __future__ import annotations

from collections.abc import Iterator

from registry.compat.asyncapi.bindings import compare_bindings
from registry.compat.asyncapi.messages import compare_messages
from registry.compat.asyncapi.report import Pair
from registry.compat.asyncapi.security import compare_security
from registry.compat.asyncapi.shapes import Api, Operation, Part
from registry.compat.model import Change


def compare_operations(pair: Pair, old: Api, new: Api) -> Iterator[Change]:
    """Operations by what the application does on which channel, whatever they are called."""
    nowhere = Part("/operations" if new.version.startswith("3.") else "/channels", None)
    moved = _moved(old, new)
    kept: set[tuple[str, str, bool]] = set()
    for key, before in old.operations.items():
        action, address, reply = key
        after = new.operations.get(key) or new.operations.get((action, moved.get(address, address), reply))
        if after is None:
            yield pair.change("operation-removed", before.part, nowhere, _said(before), removed=True)
            continue
        kept.add(after.key)
        if before.name != after.name and not after.reply:
            yield pair.change("operation-id-changed", before.part, after.part, "", before.name, after.name)
        yield from compare_messages(pair, old, new, before, after)
        yield from compare_security(pair, before.part, after.part, before.security, after.security, _said(after))
        yield from compare_bindings(pair, before.part, after.part, before.bindings, after.bindings)
    for key, after in new.operations.items():
        if key not in kept:
            yield pair.change("operation-added", nowhere, after.part, _said(after))


def _moved(old: Api, new: Api) -> dict[str, str]:
    """Old address -> new address of channels that kept their name."""
    return {
        before.address: new.channels[name].address
        for name, before in old.channels.items()
        if name in new.channels and new.channels[name].address != before.address
    }


def _said(operation: Operation) -> str:
    verb = "answer on" if operation.reply else f"{operation.action} on"
    return f'{verb} "{operation.address}"'
