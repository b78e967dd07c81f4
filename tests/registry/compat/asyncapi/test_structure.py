from __future__ import annotations

from typing import Any

import pytest

from registry.compat.asyncapi.rules import ENTRIES
from tests.registry.compat.asyncapi.documents import THREE, TWO, changes, edited, found

B, W, INFO = "breaking", "warning", "info"
OAUTH = [{"type": "oauth2"}]
POSTED, COMMANDS = "channels|posted", "channels|commands"
MESSAGE = "components|messages|posted"

CASES: list[tuple[str, dict[str, Any], list[tuple[str, Any]], list[tuple[str, Any]], set[tuple[str, str]]]] = [
    ("version", THREE, [], [("asyncapi", "3.1.0")], {("asyncapi-version-changed", INFO)}),
    ("server gone", THREE, [], [("servers|live", ...)], {("server-removed", B)}),
    ("server come", THREE, [], [("servers|dr", {"host": "dr:9092", "protocol": "kafka"})], {("server-added", INFO)}),
    ("server renamed", THREE, [], [("servers|live", ...), ("servers|main", THREE["servers"]["live"])], set()),
    ("server moved", THREE, [], [("servers|live|host", "b2:9092")], {("server-address-changed", B)}),
    ("server path", THREE, [], [("servers|live|pathname", "/v2")], {("server-address-changed", B)}),
    ("protocol", THREE, [], [("servers|live|protocol", "amqp")], {("server-protocol-changed", B)}),
    ("protocol version", THREE, [], [("servers|live|protocolVersion", "4")], {("server-protocol-version-changed", W)}),
    ("security put on", THREE, [], [("servers|live|security", OAUTH)], {("security-added", B)}),
    ("security taken off", THREE, [("servers|live|security", OAUTH)], [], {("security-removed", INFO)}),
    (
        "security exchanged",
        THREE,
        [("servers|live|security", OAUTH)],
        [("servers|live|security", [{"type": "X509"}])],
        {("security-alternative-added", INFO), ("security-alternative-removed", B)},
    ),
    (
        "security of an operation",
        THREE,
        [],
        [("operations|takePost|security", OAUTH)],
        {("security-added", B)},
    ),
    (
        "channel gone",
        THREE,
        [],
        [(POSTED, ...), ("operations|tellPosted", ...)],
        {("channel-removed", B), ("operation-removed", B)},
    ),
    ("channel come", THREE, [], [("channels|voided", {"address": "invoices.voided"})], {("channel-added", INFO)}),
    ("channel moved", THREE, [], [(f"{COMMANDS}|address", "invoices.c2")], {("channel-address-changed", B)}),
    (
        "channel under another name",
        THREE,
        [],
        [
            (COMMANDS, ...),
            ("channels|orders", THREE["channels"]["commands"]),
            ("operations|takePost|channel", {"$ref": "#/channels/orders"}),
            ("operations|takePost|messages", [{"$ref": "#/channels/orders/messages/post"}]),
        ],
        set(),
    ),
    ("operation gone", THREE, [], [("operations|takePost", ...)], {("operation-removed", B)}),
    (
        "operation come",
        THREE,
        [],
        [("operations|tellCommand", {"action": "send", "channel": {"$ref": "#/channels/commands"}})],
        {("operation-added", INFO)},
    ),
    (
        "operation renamed",
        THREE,
        [],
        [("operations|takePost", ...), ("operations|acceptPost", THREE["operations"]["takePost"])],
        {("operation-id-changed", INFO)},
    ),
    (
        "operation turned round",
        THREE,
        [],
        [("operations|takePost|action", "send")],
        {("operation-removed", B), ("operation-added", INFO)},
    ),
    ("sent message come", THREE, [], [(f"{POSTED}|messages|late", {})], {("sent-message-added", W)}),
    ("sent message gone", THREE, [(f"{POSTED}|messages|late", {})], [], {("sent-message-removed", B)}),
    ("sent message renamed", THREE, [], [(f"{MESSAGE}|name", "booked")], {("message-name-changed", W)}),
    (
        "received message come",
        TWO,
        [("channels|invoices.commands|publish|message", {"name": "post"})],
        [("channels|invoices.commands|publish|message", {"oneOf": [{"name": "post"}, {"name": "void"}]})],
        {("received-message-added", INFO)},
    ),
    (
        "received message gone",
        TWO,
        [],
        [("channels|invoices.commands|publish|message|oneOf", [{"name": "post"}])],
        {("received-message-removed", B), ("property-removed-from-open-content-model", INFO), ("type-extended", INFO)},
    ),
    ("content type", THREE, [], [(f"{MESSAGE}|contentType", "application/xml")], {("content-type-changed", B)}),
    (
        "default content type",
        THREE,
        [],
        [("defaultContentType", "application/xml")],
        {("content-type-changed", B)},
    ),
    (
        "content type said where it held by default",
        THREE,
        [],
        [(f"{MESSAGE}|contentType", "application/json")],
        set(),
    ),
    (
        "correlation",
        THREE,
        [],
        [(f"{MESSAGE}|correlationId|location", "$message.header#/id")],
        {("correlation-id-changed", W)},
    ),
    (
        "topic",
        THREE,
        [(f"{POSTED}|bindings|kafka", {"topic": "posted", "partitions": 3})],
        [(f"{POSTED}|bindings|kafka", {"topic": "posted-2", "partitions": 3})],
        {("binding-destination-changed", B)},
    ),
    (
        "partitions",
        THREE,
        [(f"{POSTED}|bindings|kafka", {"topic": "posted", "partitions": 3})],
        [(f"{POSTED}|bindings|kafka", {"topic": "posted", "partitions": 6})],
        {("binding-changed", W)},
    ),
    (
        "queue within a binding",
        THREE,
        [(f"{POSTED}|bindings|amqp", {"is": "queue", "queue": {"name": "a"}, "bindingVersion": "0.3.0"})],
        [(f"{POSTED}|bindings|amqp", {"is": "queue", "queue": {"name": "b"}, "bindingVersion": "0.4.0"})],
        {("binding-destination-changed", B)},
    ),
    ("binding added", THREE, [], [("servers|live|bindings|kafka|x", 1)], {("binding-changed", W)}),
    (
        "parameter's values narrowed",
        THREE,
        [],
        [(f"{POSTED}|parameters|entity|enum", ["DE01"])],
        {("enum-array-narrowed", B)},
    ),
    (
        "operation's action of version 2",
        TWO,
        [],
        [
            ("channels|invoices.posted|publish", TWO["channels"]["invoices.posted"]["subscribe"]),
            ("channels|invoices.posted|subscribe", ...),
        ],
        {("operation-removed", B), ("operation-added", INFO)},
    ),
    (
        "language of a payload",
        THREE,
        [],
        [
            (
                f"{MESSAGE}|payload",
                {"schemaFormat": "application/vnd.apache.avro;version=1.9.0", "schema": {"type": "string"}},
            )
        ],
        {("payload-format-changed", B)},
    ),
    (
        "language that is not compared",
        TWO,
        [("channels|invoices.posted|subscribe|message", {"name": "m", "schemaFormat": "text/raml", "payload": "a"})],
        [("channels|invoices.posted|subscribe|message", {"name": "m", "schemaFormat": "text/raml", "payload": "b"})],
        {("payload-not-compared", W)},
    ),
]


@pytest.mark.parametrize(("name", "base", "before", "after", "expected"), CASES, ids=[case[0] for case in CASES])
def test_exact_findings(
    name: str,
    base: dict[str, Any],
    before: list[tuple[str, Any]],
    after: list[tuple[str, Any]],
    expected: set[tuple[str, str]],
) -> None:
    assert found(edited(base, *before), edited(base, *after)) == expected


def test_every_rule_of_its_own_is_reported_by_a_case() -> None:
    assert set(ENTRIES) - {rule for case in CASES for rule, _ in case[4]} == set()


@pytest.mark.parametrize("document", [TWO, THREE])
def test_nothing_changes_from_a_document_to_itself(document: dict[str, Any]) -> None:
    assert changes(document, document) == []


def test_a_document_rewritten_in_version_3_is_the_same() -> None:
    old = edited(TWO, ("channels|invoices.commands", ...))
    new = {
        "asyncapi": "3.0.0",
        "servers": {"live": {"host": "broker:9092", "protocol": "kafka"}},
        "channels": {
            "posted": {
                "address": "invoices.posted",
                "messages": {"posted": TWO["channels"]["invoices.posted"]["subscribe"]["message"]},
            }
        },
        "operations": {"tellPosted": {"action": "send", "channel": {"$ref": "#/channels/posted"}}},
    }
    assert found(old, new) == {("asyncapi-version-changed", "info")}
