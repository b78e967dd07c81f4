"""Which schema the data of an event has to fit.

An event may say so itself: ``dataschema`` is ``controlplane:NAME/VERSION``, or the address of a version in this registry
(``.../schemas/NAME/versions/VERSION``). Otherwise its type decides: a JSON Schema whose label ``event-type`` names it, or a
message of that name in an AsyncAPI document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from collectors.events.model import CloudEvent
from policies.drift.mark import Mark
from policies.drift.mark import mark as declared_mark
from registry.catalogue import read
from registry.compat.json_lines import escape
from registry.compat.model import DocumentError, Format
from registry.compat.source_map import read_document, unescape
from registry.kinds.schema import OURS, SchemaManifest
from registry.mappings.engine import exact
from registry.schemas import versions
from registry.schemas.bundling.bundle import bundle
from registry.schemas.models import SchemaSubject

#: The label of a schema that names types of events, with commas or blanks between them.
LABEL = "event-type"
_ADDRESS = re.compile(r"https?://.*/schemas/([a-z0-9]+(?:-[a-z0-9]+)*)/versions/([1-9][0-9]{0,8})")
_MOST_DOCUMENTS = 200


class Fitting(NamedTuple):
    """A schema: its name and version in the registry, and where it stands in its document."""

    subject: str
    version: int
    pointer: str


@dataclass(slots=True)
class EventSchemas:
    """Finds schemas for events; what the registry says is remembered until something is declared anew."""

    _mark: Mark = ()
    _types: Mapping[str, Fitting] = field(default_factory=dict)
    _documents: dict[tuple[str, int], Any] = field(default_factory=dict)

    def refresh(self, session: Session) -> None:
        """Take note of what is declared now."""
        mark = declared_mark(session)
        if mark != self._mark:
            self._types = dict(_types(session))
            self._documents.clear()
            self._mark = mark

    def of(self, session: Session, event: CloudEvent) -> Fitting | None:
        """The schema of an event's data, None where none is registered."""
        named = OURS.fullmatch(event.data_schema) or _ADDRESS.fullmatch(event.data_schema)
        if named is not None:
            row = versions.one(session, named[1], int(named[2]))
            if row is not None and row.format == Format.JSON_SCHEMA:
                return Fitting(row.subject, row.version, "")
        return self._types.get(event.type)

    def document(self, session: Session, of: Fitting) -> Any:
        """The document that a schema stands in, with all that it refers to; None where it can't be put together."""
        key = (of.subject, of.version)
        if key not in self._documents:
            if len(self._documents) >= _MOST_DOCUMENTS:
                self._documents.clear()
            self._documents[key] = exact(_document(session, *key))
        return self._documents[key]


def _types(session: Session) -> Iterator[tuple[str, Fitting]]:
    """AsyncAPI's messages first, so that a label, which somebody set for this, counts more."""
    labelled: list[tuple[str, Fitting]] = []
    for manifest in read.every(session, SchemaManifest):
        row = session.get(SchemaSubject, manifest.name)
        if row is None or row.current is None:
            continue
        if row.format == Format.ASYNCAPI:
            for name, pointer in messages(_document(session, manifest.name, row.current)):
                yield name, Fitting(manifest.name, row.current, pointer)
        elif row.format == Format.JSON_SCHEMA:
            names = re.split(r"[\s,]+", manifest.metadata.labels.get(LABEL, ""))
            labelled += [(name, Fitting(manifest.name, row.current, "")) for name in names if name]
    yield from labelled


def _document(session: Session, subject: str, version: int) -> Any:
    row = versions.one(session, subject, version)
    if row is None:
        return None
    try:
        references = versions.references(session, subject, version)
        whole = bundle(Format(row.format), row.text, references, partial(versions.known, session))
        return read_document(whole, "new").value
    except DocumentError:
        return None


def messages(document: Any) -> Iterator[tuple[str, str]]:
    """The messages of an AsyncAPI document that have a name and a payload in JSON Schema: name, pointer of the payload."""
    components = _at(_at(document, "components"), "messages")
    places = [(key, f"/components/messages/{escape(key)}") for key in components]
    for channel, item in _at(document, "channels").items():
        where = f"/channels/{escape(channel)}"
        places += [(key, f"{where}/messages/{escape(key)}") for key in _at(item, "messages")]
        for action in ("publish", "subscribe"):
            if isinstance(_at(item, action).get("message"), dict):
                places.append(("", f"{where}/{action}/message"))
    for key, place in places:
        pointer, message = _followed(document, place)
        name, form = message.get("name", key), message.get("schemaFormat", "json-schema")
        schema = message.get("payload")
        inner = "/payload"
        if isinstance(schema, dict) and "schemaFormat" in schema and "schema" in schema:
            form, schema, inner = schema["schemaFormat"], schema["schema"], "/payload/schema"
        is_json = isinstance(form, str) and ("json-schema" in form or "schema+json" in form or "aai.asyncapi" in form)
        if isinstance(name, str) and name and isinstance(schema, dict) and is_json:
            yield name, f"{pointer}{inner}"


def _followed(document: Any, pointer: str) -> tuple[str, Mapping[str, Any]]:
    value: Any = document
    for _ in range(10):
        value = document
        for segment in pointer.split("/")[1:]:
            value = _at(value, unescape(segment))
        target = value.get("$ref") if isinstance(value, dict) else None
        if not isinstance(target, str) or not target.startswith("#/"):
            break
        pointer = target[1:]
    return pointer, value if isinstance(value, dict) else {}


def _at(value: Any, key: str) -> dict[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}
