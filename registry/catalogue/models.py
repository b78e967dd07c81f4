"""The catalogue's tables; one shape for every kind, since a kind's fields live in its spec."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Base, JSONDocument, UTCDateTime


class Resource(Base):
    """The present state of one declared thing; ``text`` is its manifest with people's comments, where it has any."""

    __tablename__ = "resource"
    __table_args__ = (Index(None, "owner"),)

    kind: Mapped[str] = mapped_column(String(50), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    title: Mapped[str | None] = mapped_column(String(500))
    owner: Mapped[str | None] = mapped_column(String(100))
    labels: Mapped[dict[str, str]] = mapped_column(JSONDocument)
    spec: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    text: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(String(200))
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_by: Mapped[str] = mapped_column(String(200))


class ResourceRevision(Base):
    """One past or present state; rows are only ever added. The one that has no document is a removal."""

    __tablename__ = "resource_revision"

    kind: Mapped[str] = mapped_column(String(50), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument)
    text: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(200))
