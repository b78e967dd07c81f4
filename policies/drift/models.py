"""The tables of what was found among events: faults of their payloads, and how many events were looked at."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Base, UTCDateTime


class EventFault(Base):
    """Events of one source and type that one sentence fits. ``id`` is the SHA-256 of all that makes it one.

    ``count`` is of those that were looked at; ``trace_id`` leads to the latest, ``example`` is its payload, masked.
    ``subject`` and ``version`` name the schema, null where there is none.
    """

    __tablename__ = "event_fault"
    __table_args__ = (Index(None, "last_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(String(100))
    version: Mapped[int | None]
    path: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(String(100))
    sentence: Mapped[str] = mapped_column(Text)
    count: Mapped[int] = mapped_column(BigInteger)
    first_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    trace_id: Mapped[str] = mapped_column(String(32))
    example: Mapped[str] = mapped_column(Text)


class EventSample(Base):
    """How many events of one source and type came, and how many of them were looked at, since ``first_at``."""

    __tablename__ = "event_sample"
    __table_args__ = (Index(None, "last_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    seen: Mapped[int] = mapped_column(BigInteger)
    checked: Mapped[int] = mapped_column(BigInteger)
    first_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
