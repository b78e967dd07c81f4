"""Schemas as this door takes and gives them."""

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from controlplane.http.ccompat.errors import INVALID_SCHEMA, DoorError
from registry.compat.model import Format
from registry.compat.source_map import read_document
from registry.kinds.schema import Referred
from registry.schemas import subjects, versions
from registry.schemas.descriptors.from_text import encoded
from registry.schemas.descriptors.to_text import text_of
from registry.schemas.models import SchemaVersion

TYPES: Mapping[str, Format] = {"AVRO": Format.AVRO, "JSON": Format.JSON_SCHEMA, "PROTOBUF": Format.PROTOBUF}
_NAMES = {of: name for name, of in TYPES.items()}
FORMATS = tuple(of.value for of in TYPES.values())
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


class ReferenceIn(BaseModel):
    """Another subject's version; -1 is its latest."""

    name: str = Field(max_length=500)
    subject: str = Field(max_length=500)
    version: int


class SchemaIn(BaseModel):
    """A schema that comes in. Rules and metadata are refused rather than dropped."""

    model_config = ConfigDict(populate_by_name=True)

    text: str = Field(alias="schema")
    type: str | None = Field(default=None, alias="schemaType")
    references: list[ReferenceIn] | None = None
    metadata: Any = None
    rule_set: Any = Field(default=None, alias="ruleSet")


def taken(body: SchemaIn) -> tuple[Format, str]:
    """Format and text of what comes in; a compiled .proto file becomes text. Raises ``DoorError``, ``DocumentError``."""
    kind = (body.type or "AVRO").upper()
    if kind not in TYPES:
        raise DoorError(INVALID_SCHEMA, f"Invalid schema type {kind[:40]}; it can be {', '.join(TYPES)}")
    if body.metadata or body.rule_set:
        raise DoorError(INVALID_SCHEMA, "metadata and rules of a schema are not kept here; leave them out")
    of, text = TYPES[kind], body.text
    if "\x00" in text:
        raise DoorError(INVALID_SCHEMA, "the schema holds the character NUL")
    if of is Format.PROTOBUF and _BASE64.fullmatch(text.strip()):
        text = text_of(text.strip())
    return of, text


def referred(session: Session, body: SchemaIn) -> tuple[Referred, ...]:
    """What comes in with it, by the names that the catalogue has. Raises ``DoorError``."""
    found: list[Referred] = []
    for one in body.references or ():
        row = subjects.by_alias(session, one.subject)
        version = (row.current or 0) if row and one.version == -1 else one.version
        if row is None or version < 1 or versions.one(session, row.name, version) is None:
            sentence = f"the reference {one.name!r} means {one.subject} version {one.version}, which is not registered"
            raise DoorError(INVALID_SCHEMA, sentence)
        found.append(Referred(name=one.name, subject=row.name, version=version))
    return tuple(found)


def given(session: Session, row: SchemaVersion, form: str | None = None) -> dict[str, Any]:
    """Text, type and references of a version; AVRO goes without saying, as it does with Confluent's."""
    of = Format(row.format)
    document: dict[str, Any] = {} if of is Format.AVRO else {"schemaType": _NAMES.get(of, of.value.upper())}
    references = versions.references(session, row.subject, row.version)
    if references:
        document["references"] = [
            {"name": one.name, "subject": _alias(session, one.subject), "version": one.version} for one in references
        ]
    return document | {"schema": text(row, form)}


def text(row: SchemaVersion, form: str | None = None) -> str:
    """The document's text as clients can read it: what was written in YAML is given as JSON."""
    if row.format == Format.PROTOBUF:
        return encoded(row.text) if form == "serialized" else row.text
    try:
        orjson.loads(row.text)
    except orjson.JSONDecodeError:
        return json.dumps(read_document(row.text, "new").value, ensure_ascii=False)
    return row.text


def numbered(session: Session, row: SchemaVersion, form: str | None = None) -> dict[str, Any]:
    """A version with its subject, its number there and the number of its content."""
    about = {"subject": _alias(session, row.subject), "version": row.version}
    return about | identity(session, row) | given(session, row, form)


def identity(session: Session, row: SchemaVersion) -> dict[str, Any]:
    """The content's number, and the same as a UUID that any server gives it."""
    return {"id": versions.content_id(session, row.hash), "guid": str(UUID(row.hash[:32]))}


def _alias(session: Session, name: str) -> str:
    row = subjects.get(session, name)
    return row.alias if row else name
