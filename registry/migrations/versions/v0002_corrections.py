"""What people put right about ids that belong together."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TEXTS = (
    ("id", 20), ("workflow", 100), ("action", 10), ("key_type", 100), ("key_value", 500), ("other_type", 100),
    ("other_value", 500), ("reason", 1000), ("created_by", 200),
)  # fmt: skip


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "correction",
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in _TEXTS),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    op.create_index("ix_correction_workflow_removed_at", "correction", ["workflow", "removed_at"])
