"""The secrets that were set by API, sealed."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Base, UTCDateTime


class SourceSecret(Base):
    """A source's secret; without the server's key ``sealed`` says nothing."""

    __tablename__ = "source_secret"

    source: Mapped[str] = mapped_column(String(100), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(200))
