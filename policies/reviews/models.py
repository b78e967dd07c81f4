"""The tables of reviews: what is proposed, each document that was, and what people said of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Base, JSONDocument, UTCDateTime


class ReviewRow(Base):
    """A proposed change of a schema.

    ``revision`` is the document that it is about now, ``mark`` counts every change of the review, ``published`` is the
    version that came of it. ``state`` is what was true after the last change.
    """

    __tablename__ = "review"
    __table_args__ = (Index(None, "subject"), Index(None, "state", "due"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(200))
    due: Mapped[date]
    state: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int]
    mark: Mapped[int]
    published: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ReviewRevision(Base):
    """A document that was proposed, the version in force then (0 where there was none), and what the gate said of it.

    ``needs`` says who must agree. ``answer`` and ``needs`` are the latest of that document.
    """

    __tablename__ = "review_revision"

    review: Mapped[int] = mapped_column(ForeignKey("review.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    base: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    evaluation: Mapped[str] = mapped_column(String(32))
    answer: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    needs: Mapped[list[dict[str, Any]]] = mapped_column(JSONDocument)
    assessed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(200))


class ReviewRemark(Base):
    """What somebody said of a revision: a comment or a vote. Rows are only ever added.

    ``decision`` is empty for a comment; ``team`` is for whom a vote speaks, empty for an architect's own word.
    """

    __tablename__ = "review_remark"

    review: Mapped[int] = mapped_column(ForeignKey("review.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int]
    person: Mapped[str] = mapped_column(String(200))
    decision: Mapped[str] = mapped_column(String(20))
    team: Mapped[str] = mapped_column(String(100))
    standing_in: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
