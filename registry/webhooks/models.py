"""How far each webhook has been told the audit log, and what became of each event."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Base, UTCDateTime


class WebhookState(Base):
    """Where a webhook stands in the audit log: all up to ``cursor`` was sent, or is none of its business.

    ``attempts`` are those of the event after the cursor, ``failing_since`` the first failure since the last success.
    A server that sends holds the ``claim`` until ``claimed_until``. ``sealed`` says nothing without the server's key.
    """

    __tablename__ = "webhook_state"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    cursor: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by: Mapped[str] = mapped_column(String(200))
    attempts: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claim: Mapped[str | None] = mapped_column(String(40))
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sealed: Mapped[str | None] = mapped_column(Text)
    sealed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sealed_by: Mapped[str | None] = mapped_column(String(200))


class WebhookDelivery(Base):
    """What became of one event at one webhook; the event itself is in the audit log, at ``seq`` (none: a test)."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (Index(None, "webhook", "last_at"),)

    webhook: Mapped[str] = mapped_column(String(100), primary_key=True)
    event: Mapped[str] = mapped_column(String(80), primary_key=True)
    seq: Mapped[int | None]
    type: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    status: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(Text)
    milliseconds: Mapped[int | None]
