from __future__ import annotations

import pytest

from policies.drift.documents import read
from policies.drift.operations import Document, called, documented, general, http
from registry.compat.model import Format

OPENAPI = """
openapi: 3.1.0
info: {title: Tenants, version: "2"}
servers: [{url: "https://platform.example.com/api/v2"}]
paths:
  /tenants:
    get: {responses: {"200": {description: ok}}}
  /tenants/{tenantId}:
    get: {responses: {"200": {description: ok}}}
    delete: {responses: {"204": {description: gone}}}
  /tenants/{tenantId}/export:
    post: {responses: {"202": {description: ok}}}
webhooks:
  closed:
    post: {responses: {"200": {description: ok}}}
"""
PROTO = 'syntax = "proto3"; package acme.v1; message A {} service Ledger { rpc Post (A) returns (A); }'
ASYNCAPI = """
asyncapi: 3.0.0
info: {title: Queue, version: "1"}
channels:
  invoices: {address: "erp.{entity}.invoices"}
operations:
  send: {action: send, channel: {$ref: "#/channels/invoices"}}
"""


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("GET /tenants", True),
        ("GET /tenants/", True),
        ("GET /api/v2/tenants/{id}", True),
        ("GET /tenants/:tenant_id", True),
        ("GET /tenants/<int:tenant>", True),
        ("GET /tenants/ten_1042", True),
        ("POST /tenants/ten_1042/export?format=csv", True),
        ("POST /tenants", False),
        ("PATCH /tenants/{id}", False),
        ("GET /tenants/{id}/members", False),
        ("GET /v2/tenants", False),
        ("POST /closed", False),
    ],
)
def test_a_call_is_compared_by_method_and_path(name: str, known: bool) -> None:
    operation = called(name, "http")
    assert operation is not None
    document = read("tenants", Format.OPENAPI, OPENAPI)
    assert len(document.operations) == 4
    assert bool(list(documented(operation, [document]))) is known


@pytest.mark.parametrize(
    "name", ["GET", "HTTP GET", "invoice.post", "", "GET /files/*", "GET /{proxy+}", "GET /{path:path}", "SEND /x"]
)
def test_what_tells_no_operation_is_not_compared(name: str) -> None:
    assert called(name, "http") is None


def test_methods_and_channels() -> None:
    ledger, queue = read("ledger", Format.PROTOBUF, PROTO), read("queue", Format.ASYNCAPI, ASYNCAPI)
    for name, kind, documents, known in (
        ("acme.v1.Ledger/Post", "rpc", [ledger], True),
        ("acme.v1.Ledger/Reverse", "rpc", [ledger], False),
        ("erp.de01.invoices", "message", [queue], True),
        ("erp.de01.payments", "message", [queue], False),
    ):
        operation = called(name, kind)  # type: ignore[arg-type] # one of the two
        assert operation is not None
        assert bool(list(documented(operation, documents))) is known, name
    assert called("Post", "rpc") is None
    assert read("broken", Format.PROTOBUF, "no proto").operations == ()
    assert read("broken", Format.OPENAPI, "{").operations == ()


def test_a_literal_in_a_document_is_not_met_by_a_parameter() -> None:
    document = Document("d", (http("GET", "/tenants/active"),))
    assert not list(documented(http("GET", "/tenants/{id}"), [document]))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/v1/tenants/1042", "GET /v1/tenants/{id}"),
        ("/v1/tenants/4bf92f35-77b3-4da6-a3ce-929d0e0e4736/x", "GET /v1/tenants/{id}/x"),
        ("/v1/invoices/in_1QkZ0b2eZv", "GET /v1/invoices/in_1QkZ0b2eZv"),
        ("/v1/invoices/in_1Qk90b2eZv44", "GET /v1/invoices/{id}"),
        ("/services/data/v62.0/sobjects", "GET /services/data/v62.0/sobjects"),
    ],
)
def test_ids_make_no_operations_of_their_own(path: str, shown: str) -> None:
    assert str(general(http("GET", path))) == shown
