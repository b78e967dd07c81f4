"""Webhooks: how far each was told the audit log, and what became of each event."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "webhook_state",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("changed_by", sa.String(200), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failing_since", _MOMENT, nullable=True),
        sa.Column("next_at", _MOMENT, nullable=True),
        sa.Column("delivered_at", _MOMENT, nullable=True),
        sa.Column("claim", sa.String(40), nullable=True),
        sa.Column("claimed_until", _MOMENT, nullable=True),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("sealed_at", _MOMENT, nullable=True),
        sa.Column("sealed_by", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_webhook_state"),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("webhook", sa.String(100), nullable=False),
        sa.Column("event", sa.String(80), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("type", sa.String(120), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_at", _MOMENT, nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("webhook", "event", name="pk_webhook_delivery"),
    )
    op.create_index("ix_webhook_delivery_webhook_last_at", "webhook_delivery", ["webhook", "last_at"])
