"""The versions of documents."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Base, UTCDateTime


class SchemaVersion(Base):
    """One version of a subject's document, counted from 1; rows are only ever added.

    ``hash`` is the SHA-256 of the text in hex: a text that comes back is the version that it was.
    """

    __tablename__ = "schema_version"
    __table_args__ = (UniqueConstraint("subject", "hash"),)

    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    format: Mapped[str] = mapped_column(String(20))
    hash: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(String(200))
