"""Calls as traces name them, held against the operations that documents have. Pure.

HTTP calls are compared by method and path: a parameter of a document's path fits any one segment, names and styles of
parameters (``{id}``, ``:id``, ``<int:id>``) say nothing. RPC calls are compared by service and method, messages by their
queue or topic. A call that says neither (a span named ``GET``, a GraphQL operation) can't be told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["http", "rpc", "message"]
#: A parameter, whatever it is called.
PARAMETER = "{}"
_METHODS = frozenset({"GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY"})
_HTTP = re.compile(r"([A-Z]+)\s+(/\S*)")
_RPC = re.compile(r"/?([A-Za-z_][\w.]*)/([A-Za-z_]\w*)")
# How routers write a parameter, and one that takes the rest of the path.
_PARAMETER = re.compile(r"\{[^/]*\}|:[^/]+|<[^/]*>|\[[^/]*\]")
_REST = re.compile(r"\*.*|\{.*(?:\*|\+|:path)\}|<path:.*>|\[\.\.\..*\]")
# What is an id wherever it stands: numbers, UUIDs, long hexadecimal, and letters with several digits in them.
_ID = re.compile(r"\d+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[0-9a-fA-F]{16,}|(?=(?:\D*\d){4})[\w.-]{8,}")


class Operation(NamedTuple):
    """One operation: ``action`` is an HTTP method in capitals, "" for RPC and messages."""

    kind: Kind
    action: str
    segments: tuple[str, ...]

    def __str__(self) -> str:
        """As people write it."""
        if self.kind == "http":
            return f"{self.action} /{'/'.join('{id}' if one == PARAMETER else one for one in self.segments)}"
        return ("/" if self.kind == "rpc" else ".").join(self.segments)


@dataclass(frozen=True, slots=True)
class Document:
    """What one registered document has: its name in the catalogue, operations, and paths before those of its servers."""

    schema: str
    operations: tuple[Operation, ...]
    bases: tuple[tuple[str, ...], ...] = ((),)


def http(action: str, path: str) -> Operation:
    """An HTTP operation of a document."""
    return Operation("http", action.upper(), segments_of(path))


def rpc(service: str, method: str) -> Operation:
    """A method of a service."""
    return Operation("rpc", "", (service, method))


def message(address: str) -> Operation:
    """A channel."""
    return Operation("message", "", tuple(_named(one) for one in re.split(r"[./]", address.strip("/"))))


def segments_of(path: str) -> tuple[str, ...]:
    """The segments of a path, parameters without their names."""
    return tuple(_named(one) for one in path.partition("?")[0].split("/") if one)


def called(name: str, kind: Kind) -> Operation | None:
    """The operation that a call's name tells, None where it tells none."""
    if kind == "message":
        return message(name) if name and " " not in name else None
    if kind == "rpc":
        found = _RPC.fullmatch(name)
        return rpc(found[1], found[2]) if found else None
    found = _HTTP.fullmatch(name)
    if found is None or found[1] not in _METHODS:
        return None
    parts = segments_of(found[2])
    if any(_REST.fullmatch(one) for one in found[2].split("/")):
        return None
    return Operation("http", found[1], parts)


def general(operation: Operation) -> Operation:
    """The same with what looks like an id taken for a parameter, so that many calls are one operation."""
    if operation.kind != "http":
        return operation
    return operation._replace(segments=tuple(PARAMETER if _ID.fullmatch(one) else one for one in operation.segments))


def documented(operation: Operation, documents: Iterable[Document]) -> Iterator[tuple[str, Operation]]:
    """The operations, each with its document, that a call is one of."""
    for document in documents:
        for one in document.operations:
            if one.kind == operation.kind and one.action == operation.action:
                paths = {*document.bases, ()} if one.kind == "http" else {()}
                if any(_fits((*base, *one.segments), operation.segments) for base in paths):
                    yield document.schema, one


def _fits(pattern: tuple[str, ...], path: tuple[str, ...]) -> bool:
    return len(pattern) == len(path) and all(
        one in (PARAMETER, other) for one, other in zip(pattern, path, strict=True)
    )


def _named(segment: str) -> str:
    return PARAMETER if _PARAMETER.fullmatch(segment) else segment
