"""Evaluations that were asked for, and decisions about waivers."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "waiver_decision",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(20), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", "revision", name="pk_waiver_decision"),
    )
    op.create_table(
        "evaluation_document",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_evaluation_document"),
    )
    op.create_table(
        "evaluation",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("batch", sa.String(32), nullable=True),
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("history", sa.JSON(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("evaluated_at", _MOMENT, nullable=False),
        sa.Column("evaluated_by", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["evaluation_document.hash"], name="fk_evaluation_document"),
        sa.PrimaryKeyConstraint("id", name="pk_evaluation"),
    )
    op.create_index("ix_evaluation_subject_evaluated_at", "evaluation", ["subject", "evaluated_at"])
    op.create_index("ix_evaluation_evaluated_at", "evaluation", ["evaluated_at"])
    op.create_index("ix_evaluation_batch", "evaluation", ["batch"])
    op.create_index("ix_evaluation_document", "evaluation", ["document"])
