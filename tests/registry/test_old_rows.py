"""Rows that were stored before schemas had numbers, states and lists: what becomes of them when the tables are upgraded."""

import hashlib
import json
from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from registry import migrate as migrating
from registry.compat.model import Format
from registry.database import Database
from registry.migrate import migrate, pending
from registry.schemas import subjects, versions
from registry.schemas.content import content_hash

ORDERS = {
    "openapi": "3.0.3",
    "info": {"title": "Orders", "version": "2.1.0"},
    "paths": {"/orders/{id}": {"get": {"operationId": "getOrder", "responses": {"200": {"description": "It"}}}}},
}
PROTO = 'syntax = "proto3";\nmessage Order { string id = 1; }\n'
ONE, SAME, TWO = '{"type": "object"}', '{ "type":\n  "object" }', '{"type": "object", "title": "Two"}'
#: Subject, version, format, text, in the order in which they came.
VERSIONS = [
    ("erp-invoice", 1, "json-schema", ONE),
    ("erp-invoice", 2, "json-schema", SAME),
    ("erp-invoice", 3, "json-schema", TWO),
    ("crm-order", 1, "json-schema", ONE),
    ("orders-api", 1, "openapi", json.dumps(ORDERS)),
    ("order-proto", 1, "protobuf", PROTO),
]
SPECS = {
    "erp-invoice": {"format": "json-schema", "compatibility": "FULL", "definition": TWO},
    "crm-order": {"format": "json-schema", "definition": json.loads(ONE)},
    "orders-api": {"format": "openapi", "definition": ORDERS},
    "order-proto": {"format": "protobuf", "definition": PROTO},
    "not-applied": {"format": "json-schema", "definition": "{"},
}
AT = "2026-02-01 09:00:00+00:00"


@pytest.fixture
def old(database_url: str) -> Iterator[Database]:
    """A database as it was at revision 0003, with schemas in it."""
    database = Database(database_url)
    with database.engine.begin() as connection:
        command.upgrade(migrating._config(connection), "0003")
        moment = AT if connection.dialect.name == "postgresql" else AT[:19]
        for second, (subject, version, of, document) in enumerate(VERSIONS):
            row = {
                "subject": subject, "version": version, "format": of, "text": document, "by": "ada",
                "hash": hashlib.sha256(document.encode()).hexdigest(), "at": moment.replace("00:00", f"00:0{second}", 1),
            }  # fmt: skip
            connection.execute(
                text("INSERT INTO schema_version VALUES (:subject, :version, :format, :hash, :text, :at, :by)"), row
            )
        for name, spec in SPECS.items():
            row = {"name": name, "title": f"The {name}", "owner": "finance", "spec": json.dumps(spec), "at": moment}
            connection.execute(
                text(
                    "INSERT INTO resource (kind, name, title, owner, labels, spec, revision, created_at, created_by, "
                    "updated_at, updated_by) VALUES ('Schema', :name, :title, :owner, '{}', :spec, 1, :at, 'ada', :at, 'ada')"
                ),
                row,
            )
    yield database
    database.close()


def test_old_schemas_get_numbers_and_lists(old: Database) -> None:
    assert pending(old)[0] == "0004"
    migrate(old)
    with old.reading() as session:
        rows = session.execute(
            text("SELECT subject, version, hash, text FROM schema_version ORDER BY subject, version")
        )
        found = {(row.subject, row.version): (row.hash, row.text) for row in rows}
        numbers = set(session.execute(text("SELECT hash FROM schema_content")).scalars())
        listed = {row.name: row for row in subjects.page(session, limit=50)}
        operations = subjects.operations(session, subject="orders-api", limit=50)
        assert [one.version for one in versions.page(session, "erp-invoice")] == [3, 2, 1]
    # Every document is as it was.
    assert {key: document for key, (_, document) in found.items()} == {
        (subject, version): document for subject, version, _, document in VERSIONS
    }
    # The same content has the same number, wherever it is, and however it was written in the same subject before.
    assert found["erp-invoice", 1][0] == found["crm-order", 1][0] == content_hash(Format.JSON_SCHEMA, ONE)
    assert found["erp-invoice", 2][0] == hashlib.sha256(SAME.encode()).hexdigest()
    assert numbers == {digest for digest, _ in found.values()}
    assert len(numbers) == 5
    assert {name: (one.versions, one.current, one.compatibility) for name, one in listed.items()} == {
        "erp-invoice": (3, 3, "FULL"),
        "crm-order": (1, 1, "BACKWARD"),
        "orders-api": (1, 1, "BACKWARD"),
        "order-proto": (1, 1, "BACKWARD"),
        "not-applied": (0, None, "BACKWARD"),
    }
    assert (listed["orders-api"].described, listed["orders-api"].described_version) == ("Orders", "2.1.0")
    assert "the orders-api" in listed["orders-api"].search
    assert [(one.action, one.address, one.operation_id) for one in operations] == [("GET", "/orders/{id}", "getOrder")]


def test_versions_that_were_upgraded_can_not_be_changed(old: Database) -> None:
    migrate(old)
    for statement in (
        "UPDATE schema_version SET text = 'x'",
        "DELETE FROM schema_version",
        "DELETE FROM schema_content",
    ):
        with pytest.raises(DatabaseError, match="only ever added"), old.writing() as session:
            session.execute(text(statement))
