"""The tables of schemas: versions, what is known of each, and what is read from the documents in force."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Base, JSONDocument, UTCDateTime


class SchemaContent(Base):
    """The number by which serializers know a content, whatever subjects have it; rows are only ever added."""

    __tablename__ = "schema_content"

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class SchemaVersion(Base):
    """One version of a subject's document, counted from 1; rows are only ever added.

    ``hash`` stands for the content (see ``content.content_hash``): a content that comes back is the version that it was.
    """

    __tablename__ = "schema_version"
    __table_args__ = (UniqueConstraint("subject", "hash"), Index(None, "hash"))

    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    format: Mapped[str] = mapped_column(String(20))
    hash: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(String(200))


class SchemaState(Base):
    """The state of a version that is or was something else than active; the audit log has those before it."""

    __tablename__ = "schema_state"

    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(Text)


class SchemaReference(Base):
    """A version that names another one, and the name by which its document does; rows are only ever added."""

    __tablename__ = "schema_reference"
    __table_args__ = (Index(None, "to_subject", "to_version"),)

    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(500), primary_key=True)
    to_subject: Mapped[str] = mapped_column(String(100))
    to_version: Mapped[int]


class SchemaSubject(Base):
    """What lists show of a subject, so that they needn't read documents.

    ``alias`` is the name by which Confluent's clients know it (its own name unless the manifest says otherwise),
    ``current`` the version in force, ``search`` its names and owner in lower case. ``described`` and ``described_version``
    are the title and version that an OpenAPI or AsyncAPI document gives itself.
    """

    __tablename__ = "schema_subject"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    alias: Mapped[str] = mapped_column(String(500), unique=True)
    title: Mapped[str | None] = mapped_column(String(500))
    owner: Mapped[str | None] = mapped_column(String(100))
    format: Mapped[str] = mapped_column(String(20), index=True)
    compatibility: Mapped[str] = mapped_column(String(20))
    versions: Mapped[int]
    current: Mapped[int | None]
    described: Mapped[str | None] = mapped_column(String(500))
    described_version: Mapped[str | None] = mapped_column(String(100))
    search: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SchemaOperation(Base):
    """What one can call or listen to by the document in force; written anew when another one comes into force.

    ``action`` is an HTTP method in capitals, or send, receive, publish, subscribe; ``address`` a path or a channel's
    address. ``sunset`` is a date as the document says it.
    """

    __tablename__ = "schema_operation"

    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    action: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(Text)
    operation_id: Mapped[str | None] = mapped_column(String(500))
    summary: Mapped[str | None] = mapped_column(Text)
    deprecated: Mapped[bool]
    sunset: Mapped[str | None] = mapped_column(String(40))
    security: Mapped[list[str]] = mapped_column(JSONDocument)
    pointer: Mapped[str] = mapped_column(Text)
    search: Mapped[str] = mapped_column(Text)


class SchemaDefault(Base):
    """The compatibility of a subject that is registered without saying so: by its alias, or for all where that is empty."""

    __tablename__ = "schema_default"

    alias: Mapped[str] = mapped_column(String(500), primary_key=True)
    compatibility: Mapped[str] = mapped_column(String(20))
