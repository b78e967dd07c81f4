"""What is known of schemas beside their documents: contents' numbers, states, references, lists."""

import sqlalchemy as sa
from alembic import op

from registry.compat.model import Format
from registry.kinds.schema import document_text
from registry.schemas.content import content_hash
from registry.schemas.operations import described

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "schema_content",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_schema_content"),
        sa.UniqueConstraint("hash", name="uq_schema_content_hash"),
    )
    op.create_index("ix_schema_version_hash", "schema_version", ["hash"])
    op.create_table(
        "schema_state",
        *_version_key(),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("subject", "version", name="pk_schema_state"),
    )
    op.create_table(
        "schema_reference",
        *_version_key(),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("to_subject", sa.String(100), nullable=False),
        sa.Column("to_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "version", "name", name="pk_schema_reference"),
    )
    op.create_index("ix_schema_reference_to_subject_to_version", "schema_reference", ["to_subject", "to_version"])
    op.create_table(
        "schema_default",
        sa.Column("alias", sa.String(500), nullable=False),
        sa.Column("compatibility", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("alias", name="pk_schema_default"),
    )
    _lists()
    _number_contents()
    _fill_lists()


def _version_key() -> tuple[sa.Column[str], sa.Column[int]]:
    return sa.Column("subject", sa.String(100), nullable=False), sa.Column("version", sa.Integer(), nullable=False)


def _lists() -> None:
    op.create_table(
        "schema_subject",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("alias", sa.String(500), nullable=False),
        sa.Column("title", sa.String(500), nullable=True),
        sa.Column("owner", sa.String(100), nullable=True),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("compatibility", sa.String(20), nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("current", sa.Integer(), nullable=True),
        sa.Column("described", sa.String(500), nullable=True),
        sa.Column("described_version", sa.String(100), nullable=True),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_schema_subject"),
        sa.UniqueConstraint("alias", name="uq_schema_subject_alias"),
    )
    op.create_index("ix_schema_subject_format", "schema_subject", ["format"])
    op.create_table(
        "schema_operation",
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.String(500), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("deprecated", sa.Boolean(), nullable=False),
        sa.Column("sunset", sa.String(40), nullable=True),
        sa.Column("security", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("pointer", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "position", name="pk_schema_operation"),
    )


def _number_contents() -> None:
    """Versions were told apart by their text; now by what it says. Of two that say the same the later keeps its own hash."""
    connection = op.get_bind()
    _allow_changes()
    taken: set[tuple[str, str]] = set()
    query = "SELECT subject, version, format, hash, text FROM schema_version ORDER BY created_at, subject, version"
    hashes: dict[str, None] = {}
    for row in connection.execute(sa.text(query)).all():
        digest = content_hash(Format(row.format), row.text)
        if (row.subject, digest) in taken:
            digest = row.hash
        taken.add((row.subject, digest))
        hashes[digest] = None
        change = sa.text("UPDATE schema_version SET hash = :hash WHERE subject = :subject AND version = :version")
        connection.execute(change, {"hash": digest, "subject": row.subject, "version": row.version})
    for digest in hashes:
        connection.execute(sa.text("INSERT INTO schema_content (hash) VALUES (:hash)"), {"hash": digest})
    _refuse_changes("schema_version")
    _refuse_changes("schema_content")
    _refuse_changes("schema_reference")


def _fill_lists() -> None:
    connection = op.get_bind()
    resource = sa.table(
        "resource", *map(sa.column, ("kind", "name", "title", "owner")), sa.column("spec", sa.JSON()),
        sa.column("updated_at", _MOMENT),
    )  # fmt: skip
    subject, operation = (
        sa.Table(name, sa.MetaData(), autoload_with=connection) for name in ("schema_subject", "schema_operation")
    )
    for row in connection.execute(sa.select(resource).where(resource.c.kind == "Schema")).all():
        of, text = Format(row.spec["format"]), document_text(row.spec["definition"])
        known = {"subject": row.name, "hash": content_hash(of, text)}
        number = "SELECT max(version) FROM schema_version WHERE subject = :subject"
        latest = connection.execute(sa.text(number), known).scalar()
        current = connection.execute(sa.text(f"{number} AND hash = :hash"), known).scalar()
        found = described(of, text)
        words = (row.name, row.title, row.owner, found.title)
        connection.execute(
            subject.insert().values(
                name=row.name, alias=row.name, title=row.title, owner=row.owner, format=of.value,
                compatibility=row.spec.get("compatibility", "BACKWARD"), versions=latest or 0, current=current,
                described=found.title, described_version=found.version and found.version[:100],
                search="\n".join(dict.fromkeys(word.lower() for word in words if word)), updated_at=row.updated_at,
            ),
        )  # fmt: skip
        for position, one in enumerate(found.operations):
            said = (one.action, one.address, one.operation_id, one.summary)
            connection.execute(
                operation.insert().values(
                    subject=row.name, position=position, version=current or latest or 0, action=one.action,
                    address=one.address, operation_id=one.operation_id, summary=one.summary, deprecated=one.deprecated,
                    sunset=one.sunset, security=list(one.security), pointer=one.pointer,
                    search=" ".join(word for word in said if word).lower(),
                ),
            )  # fmt: skip


def _allow_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for action in ("update", "delete"):
            op.execute(f"DROP TRIGGER schema_version_no_{action}")
        return
    op.execute("DROP TRIGGER schema_version_append_only ON schema_version")
    op.execute("DROP FUNCTION schema_version_is_append_only()")


def _refuse_changes(table: str) -> None:
    sentence = f"rows of {table} are only ever added"
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END",
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$",
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()",
    )
