"""What is declared can be removed and keeps its comments; its history outlives it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLE = "resource_revision"


def upgrade() -> None:
    """Go forward."""
    op.add_column("resource", sa.Column("text", sa.Text(), nullable=True))
    # On SQLite a column's constraints change only with its table, whose triggers go with the old one.
    with op.batch_alter_table(_TABLE) as table:
        table.drop_constraint("fk_resource_revision_kind_name", type_="foreignkey")
        table.alter_column("document", existing_type=sa.JSON(none_as_null=True), nullable=True)
        table.add_column(sa.Column("text", sa.Text(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {_TABLE}_no_{action.lower()} BEFORE {action} ON {_TABLE} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {_TABLE} are only ever added'); END",
            )
    op.create_table(
        "source_secret",
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_source_secret"),
    )
