"""The operations of the documents that describe an API's versions, read from the registry."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from policies.drift.operations import Document, Operation, http, message, rpc, segments_of
from registry.compat.model import DocumentError, Format
from registry.compat.protobuf.parse import parse as parse_protobuf
from registry.compat.source_map import read_document
from registry.kinds.api import APIManifest
from registry.schemas import versions
from registry.schemas.models import SchemaSubject
from registry.schemas.operations import described

_COMPARED = frozenset({Format.OPENAPI, Format.ASYNCAPI, Format.PROTOBUF})
#: Documents whose operations are remembered.
_REMEMBERED = 256


def documents_of(session: Session, api: APIManifest) -> list[Document]:
    """One for each document in force that has operations to compare, in the order of the versions."""
    found: list[Document] = []
    for subject in dict.fromkeys(one.schema_ for one in api.spec.versions if one.schema_ is not None):
        row = session.get(SchemaSubject, subject)
        if row is None or row.current is None or Format(row.format) not in _COMPARED:
            continue
        version = versions.one(session, subject, row.current)
        if version is not None:
            found.append(read(subject, Format(version.format), version.text))
    return found


@lru_cache(maxsize=_REMEMBERED)
def read(schema: str, of: Format, text: str) -> Document:
    """The operations of one document; none where it can't be read."""
    if of is Format.PROTOBUF:
        return Document(schema, tuple(_methods(text)))
    listed = described(of, text).operations
    if of is Format.OPENAPI:
        # Webhooks have names in place of paths.
        operations = [http(one.action, one.address) for one in listed if one.address.startswith("/")]
    else:
        operations = [message(one.address) for one in listed]
    bases = _bases(text) if of is Format.OPENAPI else ((),)
    return Document(schema, tuple(dict.fromkeys(operations)), bases)


def _methods(text: str) -> list[Operation]:
    try:
        services = parse_protobuf(text, "new").services
    except DocumentError:
        return []
    return [rpc(service.full_name, one.name) for service in services for one in service.rpcs]


def _bases(text: str) -> tuple[tuple[str, ...], ...]:
    """The paths of an OpenAPI document's servers."""
    try:
        value: Any = read_document(text, "new").value
    except DocumentError:
        return ((),)
    servers = value.get("servers") if isinstance(value, Mapping) else None
    urls = [one.get("url") for one in servers if isinstance(one, Mapping)] if isinstance(servers, list) else []
    paths = [segments_of(urlsplit(url).path) for url in urls if isinstance(url, str)]
    return tuple(dict.fromkeys([*paths, ()]))
