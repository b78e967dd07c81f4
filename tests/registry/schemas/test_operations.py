import json

from registry.compat.model import Format
from registry.database import Database
from registry.schemas import subjects
from registry.schemas.operations import described
from tests.registry.schemas.test_versions import run, schema

HTTP = """\
openapi: 3.1.0
info: {title: Billing, version: 2.1.0}
security: [{key: []}]
paths:
  /invoices/{id}:
    get:
      operationId: readInvoice
      summary: One invoice
      responses: {"200": {description: It.}}
    delete:
      deprecated: true
      x-sunset: "2026-12-31"
      security: [{oauth: [write], mtls: []}, {}]
      responses: {"204": {description: Gone.}}
  /ping: {$ref: "#/components/pathItems/ping"}
components:
  pathItems:
    ping: {get: {security: [], responses: {"200": {description: Pong.}}}}
"""
EVENTS = """\
asyncapi: 3.0.0
info: {title: Invoices, version: "1"}
channels:
  posted: {address: erp/invoices/posted, messages: {it: {payload: {type: object}}}}
operations:
  announce: {action: send, channel: {$ref: "#/channels/posted"}, title: An invoice was posted}
"""
OLDER = """\
asyncapi: 2.6.0
info: {title: Invoices, version: "1"}
channels:
  invoices/posted: {subscribe: {operationId: hear, message: {payload: {type: object}}}, publish: {}}
"""


def test_an_openapi_document_tells_its_operations() -> None:
    found = described(Format.OPENAPI, HTTP)
    assert (found.title, found.version) == ("Billing", "2.1.0")
    read, delete, ping = found.operations
    assert (read.action, read.address, read.operation_id, read.summary) == (
        "GET",
        "/invoices/{id}",
        "readInvoice",
        "One invoice",
    )
    assert (read.security, read.deprecated, read.pointer) == (("key",), False, "/paths/~1invoices~1{id}/get")
    assert (delete.deprecated, delete.sunset, delete.security) == (True, "2026-12-31", ("oauth + mtls", "none"))
    assert (ping.address, ping.security, ping.pointer) == ("/ping", (), "/components/pathItems/ping/get")


def test_an_asyncapi_document_tells_what_is_sent_where() -> None:
    (announce,) = described(Format.ASYNCAPI, EVENTS).operations
    assert (announce.action, announce.address, announce.operation_id) == ("send", "erp/invoices/posted", "announce")
    assert announce.summary == "An invoice was posted"
    older = described(Format.ASYNCAPI, OLDER).operations
    assert [(one.action, one.address, one.operation_id) for one in older] == [
        ("publish", "invoices/posted", None),
        ("subscribe", "invoices/posted", "hear"),
    ]


def test_other_formats_describe_nothing() -> None:
    assert described(Format.JSON_SCHEMA, "{}").operations == ()
    assert described(Format.OPENAPI, "- not a mapping").title is None


def test_what_is_in_force_can_be_searched(database: Database) -> None:
    run(database, schema(HTTP, name="billing", form="openapi"))
    run(database, schema(EVENTS, name="events", form="asyncapi"))
    with database.reading() as session:
        every = subjects.operations(session)
        assert [(one.subject, one.action) for one in every] == [
            ("billing", "GET"), ("billing", "DELETE"), ("billing", "GET"), ("events", "send"),
        ]  # fmt: skip
        assert [one.address for one in subjects.operations(session, search="POSTED send")] == ["erp/invoices/posted"]
        assert [one.action for one in subjects.operations(session, deprecated=True)] == ["DELETE"]
        assert [one.position for one in subjects.operations(session, after=("billing", 1), limit=1)] == [2]
        assert subjects.operations(session, search="%") == []
        assert subjects.operation_count(session, "billing") == 3
        row = subjects.get(session, "billing")
        assert row is not None
        assert (row.described, row.described_version) == ("Billing", "2.1.0")
        assert [one.name for one in subjects.page(session, search="billing")] == ["billing"]


def test_a_draft_changes_no_operations(database: Database) -> None:
    run(database, schema(HTTP, name="billing", form="openapi"))
    run(database, schema(HTTP.replace("/ping:", "/pong:"), name="billing", form="openapi", state="draft"))
    with database.reading() as session:
        assert subjects.operations(session, search="pong") == []
    run(database, schema(HTTP.replace("/ping:", "/pong:"), name="billing", form="openapi", compatibility="NONE"))
    with database.reading() as session:
        (pong,) = subjects.operations(session, search="pong")
        assert pong.version == 2


def test_the_manifest_may_write_the_document_out(database: Database) -> None:
    document = {"openapi": "3.0.0", "info": {"title": "A", "version": "1"}, "paths": {}}
    run(database, schema(document, name="inline", form="openapi"))
    run(database, schema(json.dumps(document), name="inline", form="openapi"))
    with database.reading() as session:
        row = subjects.get(session, "inline")
        assert row is not None
        assert (row.versions, row.described) == (1, "A")
