"""The table of corrections: what people put right about ids that belong together."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Base, UTCDateTime

MAX_TYPE, MAX_VALUE, MAX_REASON = 100, 500, 1000


class Correction(Base):
    """One statement about two ids of a workflow: they are the ``same`` object, or ``other`` stands ``apart`` from ``key``.

    Taken back, it keeps its row, so that whoever has still to undo its effects can find it.
    """

    __tablename__ = "correction"
    __table_args__ = (Index(None, "workflow", "removed_at"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    workflow: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(10))
    key_type: Mapped[str] = mapped_column(String(MAX_TYPE))
    key_value: Mapped[str] = mapped_column(String(MAX_VALUE))
    other_type: Mapped[str] = mapped_column(String(MAX_TYPE))
    other_value: Mapped[str] = mapped_column(String(MAX_VALUE))
    reason: Mapped[str] = mapped_column(String(MAX_REASON))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(String(200))
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_by: Mapped[str | None] = mapped_column(String(200))
