"""Versions of applications with their contracts, and where they run."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "application_version",
        sa.Column("application", sa.String(100), nullable=False),
        sa.Column("version", sa.String(100), nullable=False),
        sa.Column("provides", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("consumes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("application", "version", name="pk_application_version"),
    )
    op.create_table(
        "deployment",
        sa.Column("environment", sa.String(100), nullable=False),
        sa.Column("application", sa.String(100), nullable=False),
        sa.Column("version", sa.String(100), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("environment", "application", name="pk_deployment"),
    )
    op.create_index("ix_deployment_application", "deployment", ["application"])
