from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Action = Literal["send", "receive"]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a document: its value and the JSON Pointer at which it stands (references followed)."""

    pointer: str
    value: Any

    def child(self, key: str, value: Any) -> Part:
        """A member of it, by a key without "~" or "/"."""
        return Part(f"{self.pointer}/{key}", value)


@dataclass(frozen=True, slots=True)
class Server:
    """Where to connect."""

    part: Part
    name: str
    address: str
    protocol: str
    protocol_version: str | None
    security: tuple[str, ...]
    bindings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, with the language of its payload's schema."""

    part: Part
    name: str
    payload: Part | None
    schema_format: str
    headers: Part | None
    content_type: str | None
    correlation: str | None
    bindings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Channel:
    """An address with its parameters' schemas."""

    part: Part
    name: str
    address: str
    parameters: Mapping[str, Part]
    bindings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """What the application itself does on a channel: send or receive, or (``reply``) answer to either."""

    part: Part
    name: str
    action: Action
    address: str
    reply: bool
    messages: Mapping[str, Message]
    security: tuple[str, ...]
    bindings: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, str, bool]:
        """What makes it the same operation in the next version: its name may change."""
        return self.action, self.address, self.reply


@dataclass(frozen=True, slots=True)
class Api:
    """A whole AsyncAPI document, version 2 or 3, in one form."""

    version: str
    default_content_type: str | None
    servers: Mapping[str, Server] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    operations: Mapping[tuple[str, str, bool], Operation] = field(default_factory=dict)
