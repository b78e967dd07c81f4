"""Versions of schemas."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SENTENCE = "rows of schema_version are only ever added"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "schema_version",
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("subject", "version", name="pk_schema_version"),
        sa.UniqueConstraint("subject", "hash", name="uq_schema_version_subject_hash"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER schema_version_no_{action.lower()} BEFORE {action} ON schema_version "
                f"BEGIN SELECT RAISE(ABORT, '{_SENTENCE}'); END",
            )
        return
    op.execute(
        "CREATE FUNCTION schema_version_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_SENTENCE}'; END $$",
    )
    op.execute(
        "CREATE TRIGGER schema_version_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON schema_version "
        "FOR EACH STATEMENT EXECUTE FUNCTION schema_version_is_append_only()",
    )
