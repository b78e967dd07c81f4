from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from registry.compat.model import DocumentError, Level
from tests.registry.compat.asyncapi.documents import OPTIONS, THREE, TWO, changes, edited, found

SENT = "components|messages|posted|payload"
TAKEN = "components|schemas|post"


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        # What is taken may ask for less, and may not ask for more.
        (f"{TAKEN}|properties|id|maxLength", 30, ("max-length-increased", "info")),
        (f"{TAKEN}|properties|id|maxLength", 10, ("max-length-decreased", "breaking")),
        (f"{TAKEN}|properties|note", {"type": "string"}, ("optional-property-added-to-unopen-content-model", "info")),
        (f"{TAKEN}|properties|id", ..., ("property-removed-from-closed-content-model", "breaking")),
        (f"{TAKEN}|required", ["id"], ("required-attribute-added", "breaking")),
        # What is sent may promise more, and may not promise less.
        (f"{SENT}|properties|total|type", "integer", ("type-extended", "info")),
        (f"{SENT}|properties|total|type", ["number", "null"], ("sum-type-narrowed", "breaking")),
        (f"{SENT}|required", ["id", "total"], ("required-attribute-removed", "info")),
        (f"{SENT}|required", [], ("required-attribute-added", "breaking")),
        (f"{SENT}|properties|note", {"type": "string"}, ("property-removed-from-closed-content-model", "breaking")),
        (f"{SENT}|properties|total", ..., ("optional-property-added-to-unopen-content-model", "info")),
        ("components|messages|posted|headers|required", ["trace"], ("required-attribute-removed", "info")),
    ],
)
def test_the_direction_decides(path: str, value: Any, expected: tuple[str, str]) -> None:
    assert found(THREE, edited(THREE, (path, value))) == {expected}


def test_a_sentence_names_message_place_and_direction() -> None:
    (change,) = changes(THREE, edited(THREE, (f"{SENT}|properties|note", {"type": "string"})))
    assert change.message.startswith('Message "posted", sent on "invoices.{entity}.posted": ')
    assert 'The old schema, being a closed content model, refuses "note", which the new schema lists' in change.message
    assert change.path == "/components/messages/posted/payload/properties/note"
    assert change.new_path == "/components/messages/posted/payload/properties/note"
    assert change.old_path == "/components/messages/posted/payload"
    assert change.new_line is not None
    assert change.old_line is not None
    assert "Listeners" in change.hint


def test_a_schema_shared_by_two_messages_is_told_about_once() -> None:
    shared = edited(THREE, ("channels|commands|messages|void", {"payload": {"$ref": "#/components/schemas/post"}}))
    old = edited(shared, ("operations|takePost|messages", ...))
    new = edited(old, (f"{TAKEN}|properties|id|maxLength", 10))
    assert [change.rule for change in changes(old, new)] == ["max-length-decreased"]


def test_version_2_publish_is_taken_and_subscribe_is_sent() -> None:
    taken = "channels|invoices.commands|publish|message|oneOf|0|payload|required"
    sent = "channels|invoices.posted|subscribe|message|payload|required"
    assert found(TWO, edited(TWO, (taken, ["id"]))) == {("required-attribute-added", "breaking")}
    assert found(TWO, edited(TWO, (sent, ["id"]))) == {("required-attribute-removed", "info")}


def avro(fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "schemaFormat": "application/vnd.apache.avro+json;version=1.9.0",
        "schema": {"type": "record", "name": "Posted", "fields": fields},
    }


ID, NOTE = {"name": "id", "type": "string"}, {"name": "note", "type": "string"}


def test_avro_payloads_go_to_the_avro_engine_in_the_right_direction() -> None:
    short, long = (edited(THREE, (SENT, avro(fields))) for fields in ([ID], [ID, NOTE]))
    assert all(change.level is not Level.BREAKING for change in changes(short, long))
    (removed,) = [change for change in changes(long, short) if change.level is Level.BREAKING]
    assert removed.rule == "reader-field-missing-default-value"
    assert removed.message.startswith('Message "posted", sent on')
    assert removed.path.startswith("/components/messages/posted/payload/schema")


def test_a_taken_avro_payload_may_not_gain_a_field_without_default() -> None:
    taken = "channels|commands|messages|post|payload"
    short, long = (edited(THREE, (taken, avro(fields))) for fields in ([ID], [ID, NOTE]))
    assert "reader-field-missing-default-value" in {rule for rule, _ in found(short, long)}
    assert "breaking" not in {level for _, level in found(long, short)}


def test_traits_are_read_as_part_of_the_message() -> None:
    old = edited(THREE, ("components|messages|posted|headers", ...))
    trait = {"headers": {"type": "object", "properties": {"trace": {"type": "string"}}}}
    assert found(THREE, edited(old, ("components|messages|posted|traits", [trait]))) == set()


def test_a_reply_goes_the_other_way() -> None:
    reply = {"channel": {"$ref": "#/channels/posted"}}
    old = edited(THREE, ("operations|takePost|reply", reply), ("operations|tellPosted", ...))
    new = edited(old, (f"{SENT}|properties|note", {"type": "string"}))
    assert found(old, new) == {("property-removed-from-closed-content-model", "breaking")}


def test_the_lenient_content_model_reaches_payloads() -> None:
    new = edited(THREE, (f"{SENT}|properties|note", {"type": "string"}))
    lenient = replace(OPTIONS, content_model="lenient")
    assert {change.level for change in changes(THREE, new, lenient)} == {Level.INFO}


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ([("asyncapi", ...)], '"asyncapi" must say the version'),
        ([("asyncapi", "1.2.0")], 'version "1.2.0" is not known'),
        ([("channels", [])], "the new AsyncAPI document is not valid at /channels: must be an object"),
        ([("operations|takePost|action", "publish")], '"action" must be send or receive'),
        ([("operations|takePost|channel", {"$ref": "#/channels/none"})], "leads nowhere"),
        ([("components|messages|posted", {"$ref": "#/components/messages/posted"})], "leads back to itself"),
        ([(f"{SENT}|type", "objekt")], "the new schema is not valid at /components/messages/posted/payload/type"),
    ],
)
def test_an_unreadable_document_is_named_with_its_place(edits: list[tuple[str, Any]], words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        changes(THREE, edited(THREE, *edits))
    assert words in caught.value.message
    assert caught.value.path.startswith("new")
