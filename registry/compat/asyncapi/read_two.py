from __future__ import annotations

from collections.abc import Iterator

from registry.compat.asyncapi.read_parts import bindings, by_key, message, security, with_traits
from registry.compat.asyncapi.shapes import Action, Api, Channel, Message, Operation, Part, Server
from registry.compat.asyncapi.source import Source

# What version 2 calls publish is what others do: the application receives.
_ACTIONS: dict[str, Action] = {"publish": "receive", "subscribe": "send"}


def read_two(source: Source, root: Part, version: str) -> Api:
    """A document of version 2.x.

    Raises:
        DocumentError: a part of it can't be read.
    """
    channels = {address: _channel(source, part, address) for address, part in _channels(source, root)}
    operations = [
        operation for address, part in _channels(source, root) for operation in _operations(source, part, address)
    ]
    return Api(
        version=version,
        default_content_type=source.text(root, "defaultContentType"),
        servers={name: _server(source, part, name) for name, part in source.members(source.mapping(root, "servers"))},
        channels=channels,
        operations=by_key(operations),
    )


def _channels(source: Source, root: Part) -> Iterator[tuple[str, Part]]:
    return source.members(source.mapping(root, "channels"))


def _server(source: Source, part: Part, name: str) -> Server:
    return Server(
        part=part,
        name=name,
        address=source.text(part, "url") or "",
        protocol=source.text(part, "protocol") or "",
        protocol_version=source.text(part, "protocolVersion"),
        security=security(source, part),
        bindings=bindings(source, part),
    )


def _channel(source: Source, part: Part, address: str) -> Channel:
    parameters = {
        name: source.get(one, "schema") or one for name, one in source.members(source.mapping(part, "parameters"))
    }
    return Channel(part, address, address, parameters, bindings(source, part))


def _operations(source: Source, channel: Part, address: str) -> Iterator[Operation]:
    for word, action in _ACTIONS.items():
        found = source.get(channel, word)
        if found is None:
            continue
        if not isinstance(found.value, dict):
            raise source.error("must be an object", found.pointer)
        part = with_traits(source, found)
        yield Operation(
            part=part,
            name=source.text(part, "operationId") or f"{word} {address}",
            action=action,
            address=address,
            reply=False,
            messages={one.name: one for one in _messages(source, part)},
            security=security(source, part),
            bindings=bindings(source, part),
        )


def _messages(source: Source, operation: Part) -> Iterator[Message]:
    found = source.get(operation, "message")
    if found is None:
        return
    if not isinstance(found.value, dict):
        raise source.error("must be an object", found.pointer)
    several = source.get(found, "oneOf")
    for position, part in enumerate(source.items(several) if several else [found]):
        if not isinstance(part.value, dict):
            raise source.error("must be an object", part.pointer)
        under_components = part.pointer.startswith("/components/messages/")
        yield message(source, part, part.pointer.rpartition("/")[2] if under_components else f"message {position + 1}")
