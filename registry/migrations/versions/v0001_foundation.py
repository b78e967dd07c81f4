"""The catalogue, access and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_GENESIS = "0" * 64

# What is written once must stay, whoever holds the connection.
_APPEND_ONLY = ("audit", "resource_revision")


def upgrade() -> None:
    """Go forward."""
    _catalogue()
    _access()
    _audit()
    for table in _APPEND_ONLY:
        _refuse_changes(table)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, _MOMENT, nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(none_as_null=True), nullable=nullable)


def _catalogue() -> None:
    op.create_table(
        "resource",
        _text("kind", 50),
        _text("name", 100),
        _text("title", 500, nullable=True),
        _text("owner", 100, nullable=True),
        _json("labels"),
        _json("spec"),
        sa.Column("revision", sa.Integer(), nullable=False),
        _moment("created_at"),
        _text("created_by", 200),
        _moment("updated_at"),
        _text("updated_by", 200),
        sa.PrimaryKeyConstraint("kind", "name", name="pk_resource"),
    )
    op.create_index("ix_resource_owner", "resource", ["owner"])
    op.create_table(
        "resource_revision",
        _text("kind", 50),
        _text("name", 100),
        sa.Column("revision", sa.Integer(), nullable=False),
        _json("document"),
        _moment("at"),
        _text("by", 200),
        sa.ForeignKeyConstraint(
            ["kind", "name"],
            ["resource.kind", "resource.name"],
            name="fk_resource_revision_kind_name",
        ),
        sa.PrimaryKeyConstraint("kind", "name", "revision", name="pk_resource_revision"),
    )


def _access() -> None:
    op.create_table(
        "token",
        _text("id", 20),
        _text("name", 200),
        _text("role", 20),
        _text("hash", 64),
        _moment("created_at"),
        _text("created_by", 200),
        _moment("expires_at", nullable=True),
        _moment("revoked_at", nullable=True),
        _moment("last_used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_token"),
    )
    op.create_table(
        "login_link",
        _text("hash", 64),
        _text("name", 200),
        _text("role", 20),
        _moment("created_at"),
        _text("created_by", 200),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
        sa.PrimaryKeyConstraint("hash", name="pk_login_link"),
    )
    op.create_table(
        "session",
        _text("hash", 64),
        _text("name", 200),
        _text("role", 20),
        _text("token_id", 20, nullable=True),
        _moment("created_at"),
        _moment("expires_at"),
        sa.ForeignKeyConstraint(["token_id"], ["token.id"], name="fk_session_token_id"),
        sa.PrimaryKeyConstraint("hash", name="pk_session"),
    )
    op.create_index("ix_session_token_id", "session", ["token_id"])
    op.create_index("ix_session_expires_at", "session", ["expires_at"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        _moment("at"),
        _text("actor", 200),
        _text("action", 50),
        _text("kind", 50),
        _text("name", 200),
        _json("before", nullable=True),
        _json("after", nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        _text("previous", 64),
        _text("hash", 64),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
    )
    op.create_index("ix_audit_kind_name_seq", "audit", ["kind", "name", "seq"])
    op.create_index("ix_audit_actor_seq", "audit", ["actor", "seq"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        _text("hash", 64),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": _GENESIS}])


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END",
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION 'rows of {table} are only ever added'; END $$",
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()",
    )
