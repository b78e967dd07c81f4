"""The tables of lifecycle."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Base, JSONDocument, UTCDateTime


class Incident(Base):
    """Something retired is called by somebody: one row for each version (or operation) and caller, whatever comes of it.

    The id is made of these, so that no two servers open two. ``calls`` are those since the retirement.
    """

    __tablename__ = "incident"
    __table_args__ = (Index(None, "api", "version"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    api: Mapped[str] = mapped_column(String(100))
    version: Mapped[str] = mapped_column(String(60))
    operation: Mapped[str | None] = mapped_column(String(300))
    caller: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))
    retired_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    calls: Mapped[int] = mapped_column(BigInteger)
    first_call: Mapped[datetime] = mapped_column(UTCDateTime)
    last_call: Mapped[datetime] = mapped_column(UTCDateTime)
    operations: Mapped[list[str]] = mapped_column(JSONDocument)
    traces: Mapped[list[str]] = mapped_column(JSONDocument)
    teams: Mapped[list[str]] = mapped_column(JSONDocument)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by: Mapped[str] = mapped_column(String(200))
    comment: Mapped[str | None] = mapped_column(Text)
