"""Versions of applications and where they run."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Base, JSONDocument, UTCDateTime


class ApplicationVersion(Base):
    """A version of an application and its contract, which never changes; rows are only ever added.

    ``provides`` and ``consumes`` are lists of ``[subject, version]``.
    """

    __tablename__ = "application_version"

    application: Mapped[str] = mapped_column(String(100), primary_key=True)
    version: Mapped[str] = mapped_column(String(100), primary_key=True)
    provides: Mapped[list[list[str | int]]] = mapped_column(JSONDocument)
    consumes: Mapped[list[list[str | int]]] = mapped_column(JSONDocument)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(200))


class Deployment(Base):
    """The version of an application that runs in an environment now; the audit log has those before it."""

    __tablename__ = "deployment"
    __table_args__ = (Index(None, "application"),)

    environment: Mapped[str] = mapped_column(String(100), primary_key=True)
    application: Mapped[str] = mapped_column(String(100), primary_key=True)
    version: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(200))
