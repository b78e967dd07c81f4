"""Evaluations that were asked for."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Base, JSONDocument, UTCDateTime


class EvaluationDocument(Base):
    """A document that was asked about, by the SHA-256 of its text; one that is asked about often is kept once."""

    __tablename__ = "evaluation_document"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class StoredEvaluation(Base):
    """One question and its latest answer. ``id`` is a function of subject, document and context.

    ``facts`` are what policies were judged on but for the lists that come out of the document; ``history`` holds each
    turn of the verdict.
    """

    __tablename__ = "evaluation"
    __table_args__ = (
        Index(None, "subject", "evaluated_at"),
        Index(None, "evaluated_at"),
        Index(None, "batch"),
        Index(None, "document"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    batch: Mapped[str | None] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(100))
    format: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str] = mapped_column(String(10))
    document: Mapped[str] = mapped_column(ForeignKey("evaluation_document.hash"))
    version: Mapped[int]
    context: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    answer: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    history: Mapped[list[dict[str, Any]]] = mapped_column(JSONDocument)
    asked: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    evaluated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    evaluated_by: Mapped[str] = mapped_column(String(200))
