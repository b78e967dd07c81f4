from __future__ import annotations

from collections.abc import Iterator

from registry.compat.asyncapi.bindings import compare_bindings
from registry.compat.asyncapi.payloads import compare_payloads, compare_schemas
from registry.compat.asyncapi.report import Pair
from registry.compat.asyncapi.shapes import Api, Message, Operation
from registry.compat.model import Change


def compare_messages(pair: Pair, old: Api, new: Api, before: Operation, after: Operation) -> Iterator[Change]:
    """The messages of one operation, by name; a single one that is left over on both sides was renamed."""
    sent = after.action == "send"
    word = "sent" if sent else "received"
    lost = [name for name in before.messages if name not in after.messages]
    gained = [name for name in after.messages if name not in before.messages]
    pairs = [(message, after.messages[name]) for name, message in before.messages.items() if name in after.messages]
    if len(lost) == 1 and len(gained) == 1:
        was, now = before.messages[lost.pop()], after.messages[gained.pop()]
        yield pair.change("message-name-changed", was.part, now.part, now.name, was.name, now.name)
        pairs.append((was, now))
    for name in lost:
        part = before.messages[name].part
        yield pair.change(f"{word}-message-removed", part, after.part, name, removed=True)
    for name in gained:
        yield pair.change(f"{word}-message-added", before.part, after.messages[name].part, name)
    for was, now in pairs:
        yield from _compare(pair, old, new, was, now, sent=sent, address=after.address)


def _compare(
    pair: Pair, old: Api, new: Api, before: Message, after: Message, *, sent: bool, address: str
) -> Iterator[Change]:
    types = (before.content_type or old.default_content_type, after.content_type or new.default_content_type)
    if types[0] != types[1] and None not in types:
        yield pair.change("content-type-changed", before.part, after.part, after.name, *types)
    if before.correlation != after.correlation:
        was, now = before.correlation, after.correlation
        yield pair.change("correlation-id-changed", before.part, after.part, after.name, was, now)
    yield from compare_bindings(pair, before.part, after.part, before.bindings, after.bindings)
    where = f'Message "{after.name}", {"sent" if sent else "received"} on "{address}"'
    yield from compare_payloads(pair, before, after, where, sent=sent)
    headers = before.headers or after.headers
    if headers is not None:
        yield from compare_schemas(pair, before.headers, after.headers, f"Headers of {where}", sent=sent)
