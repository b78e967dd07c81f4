"""The catalogue's tables; one shape for every kind, since a kind's fields live in its spec."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Base, JSONDocument, UTCDateTime


class Resource(Base):
    """The present state of one declared thing."""

    __tablename__ = "resource"
    __table_args__ = (Index(None, "owner"),)

    kind: Mapped[str] = mapped_column(String(50), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    title: Mapped[str | None] = mapped_column(String(500))
    owner: Mapped[str | None] = mapped_column(String(100))
    labels: Mapped[dict[str, str]] = mapped_column(JSONDocument)
    spec: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    revision: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(String(200))
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_by: Mapped[str] = mapped_column(String(200))


class ResourceRevision(Base):
    """One past or present state; rows are only ever added."""

    __tablename__ = "resource_revision"
    __table_args__ = (ForeignKeyConstraint(["kind", "name"], ["resource.kind", "resource.name"]),)

    kind: Mapped[str] = mapped_column(String(50), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(200))
