from __future__ import annotations

from collections.abc import Iterator

from registry.compat.asyncapi.read_parts import bindings, by_key, message, security, with_traits
from registry.compat.asyncapi.shapes import Action, Api, Channel, Message, Operation, Part, Server
from registry.compat.asyncapi.source import Source

_OTHER: dict[Action, Action] = {"send": "receive", "receive": "send"}


def read_three(source: Source, root: Part, version: str) -> Api:
    """A document of version 3.x.

    Raises:
        DocumentError: a part of it can't be read.
    """
    channels = [_channel(source, part, name) for name, part in source.members(source.mapping(root, "channels"))]
    operations = [
        operation
        for name, part in source.members(source.mapping(root, "operations"))
        for operation in _operations(source, with_traits(source, part), name)
    ]
    return Api(
        version=version,
        default_content_type=source.text(root, "defaultContentType"),
        servers={name: _server(source, part, name) for name, part in source.members(source.mapping(root, "servers"))},
        channels={channel.name: channel for channel in channels},
        operations=by_key(operations),
    )


def _server(source: Source, part: Part, name: str) -> Server:
    return Server(
        part=part,
        name=name,
        address=(source.text(part, "host") or "") + (source.text(part, "pathname") or ""),
        protocol=source.text(part, "protocol") or "",
        protocol_version=source.text(part, "protocolVersion"),
        security=security(source, part),
        bindings=bindings(source, part),
    )


def _address(source: Source, part: Part, name: str) -> str:
    """A channel without an address gets one at run time: all that is known of it is its name."""
    return source.text(part, "address") or name


def _channel(source: Source, part: Part, name: str) -> Channel:
    # A parameter's enum stands where a schema's does, so that it can be compared as one.
    parameters = dict(source.members(source.mapping(part, "parameters")))
    return Channel(part, name, _address(source, part, name), parameters, bindings(source, part))


def _operations(source: Source, part: Part, name: str) -> Iterator[Operation]:
    action = part.value.get("action")
    if action not in ("send", "receive"):
        raise source.error('"action" must be send or receive', part.pointer)
    channel = _channel_of(source, part)
    if channel is None:
        raise source.error('"channel" must refer to a channel', part.pointer)
    yield Operation(
        part=part,
        name=name,
        action=action,
        address=_address(source, channel, channel.pointer.rpartition("/")[2]),
        reply=False,
        messages={one.name: one for one in _messages(source, part, channel)},
        security=security(source, part),
        bindings=bindings(source, part),
    )
    reply = source.get(part, "reply")
    if reply is not None and isinstance(reply.value, dict):
        yield _reply(source, reply, channel, name, _OTHER[action])


def _reply(source: Source, reply: Part, asked_on: Part, name: str, action: Action) -> Operation:
    channel = _channel_of(source, reply) or asked_on
    return Operation(
        part=reply,
        name=f"reply to {name}",
        action=action,
        # Replies are told apart by what they answer: many operations may share one reply channel.
        address=_address(source, asked_on, asked_on.pointer.rpartition("/")[2]),
        reply=True,
        messages={one.name: one for one in _messages(source, reply, channel)},
        security=(),
        bindings={},
    )


def _channel_of(source: Source, part: Part) -> Part | None:
    channel = source.get(part, "channel")
    if channel is None:
        return None
    if not isinstance(channel.value, dict) or "$ref" in channel.value:
        raise source.error('"channel" must refer to a channel of this document', part.pointer)
    return channel


def _messages(source: Source, part: Part, channel: Part) -> Iterator[Message]:
    """Those that the operation names, or else all of its channel's."""
    listed = source.get(part, "messages")
    if listed is None:
        for name, found in source.members(source.mapping(channel, "messages")):
            yield message(source, found, name)
        return
    for position, found in enumerate(source.items(listed)):
        if not isinstance(found.value, dict):
            raise source.error("must be an object", found.pointer)
        yield message(source, found, _listed_name(part, position))


def _listed_name(part: Part, position: int) -> str:
    """The name by which the reference calls the message: its key in the channel, not where that leads in turn."""
    given = part.value["messages"][position]
    reference = given.get("$ref", "") if isinstance(given, dict) else ""
    return reference.rpartition("/")[2] or f"message {position + 1}"
