"""The public client of Confluent Schema Registry and its serializers, unchanged, against a running server."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from confluent_kafka.schema_registry import (
    Schema,
    SchemaReference,
    SchemaRegistryClient,
    SchemaRegistryError,
    record_subject_name_strategy,
)
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import BadRequest, RetryInfo
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

from tests.serving import TOKEN, LiveServer


@pytest.fixture
def registry(live_server: LiveServer) -> Iterator[SchemaRegistryClient]:
    with client(live_server, TOKEN) as opened:
        yield opened


def client(server: LiveServer, token: str) -> SchemaRegistryClient:
    """As a producer is configured: the token is the password, the user name says nothing."""
    return SchemaRegistryClient({"url": f"{server.url}/ccompat", "basic.auth.user.info": f"producer:{token}"})


@pytest.fixture
def topic() -> str:
    """A topic of this test's own."""
    return f"orders-{uuid4().hex[:8]}"


def record(*fields: str, name: str = "Order", **types: Any) -> str:
    """An Avro record of texts, the optional ones with a default."""
    written = [{"name": field, "type": "string"} for field in fields]
    written += [{"name": field, "type": kind} for field, kind in types.items()]
    return json.dumps({"type": "record", "name": name, "namespace": "com.acme", "fields": written})


GROWN = json.dumps(
    {
        "type": "record",
        "name": "Order",
        "namespace": "com.acme",
        "fields": [{"name": "id", "type": "string"}, {"name": "note", "type": "string", "default": ""}],
    }
)


def value_of(topic: str) -> SerializationContext:
    return SerializationContext(topic, MessageField.VALUE)


def test_register_look_up_and_read(registry: SchemaRegistryClient, topic: str) -> None:
    subject, other = f"{topic}-value", f"com.acme.{topic}"
    first = registry.register_schema_full_response(subject, Schema(record("id"), "AVRO"))
    assert first.version == 1
    # The same content has the same number, in whatever subject and however it is written.
    again = json.dumps(json.loads(record("id")), indent=4)
    assert registry.register_schema(subject, Schema(again, "AVRO")) == first.schema_id
    assert registry.register_schema(other, Schema(record("id"), "AVRO")) == first.schema_id
    second = registry.register_schema(subject, Schema(GROWN, "AVRO"))
    assert second != first.schema_id
    assert registry.get_versions(subject) == [1, 2]
    assert {subject, other} <= set(registry.get_subjects())
    assert registry.get_latest_version(subject).version == 2
    found = registry.get_version(subject, 1)
    assert (found.subject, found.schema_id, found.version) == (subject, first.schema_id, 1)
    assert json.loads(found.schema.schema_str) == json.loads(record("id"))
    assert registry.lookup_schema(subject, Schema(again, "AVRO")).version == 1
    registry.clear_caches()
    by_id = registry.get_schema(first.schema_id)
    assert json.loads(by_id.schema_str) == json.loads(record("id"))
    by_guid = registry.get_schema_by_guid(first.guid)
    assert json.loads(by_guid.schema_str) == json.loads(record("id"))
    assert {(one.subject, one.version) for one in registry.get_schema_versions(first.schema_id)} == {
        (subject, 1),
        (other, 1),
    }
    assert registry.get_subjects_by_schema_id(first.schema_id) == sorted([subject, other])


def test_what_breaks_is_refused(registry: SchemaRegistryClient, topic: str) -> None:
    subject = f"{topic}-value"
    registry.register_schema(subject, Schema(record("id"), "AVRO"))
    breaking = Schema(record("id", "required"), "AVRO")
    assert registry.test_compatibility(subject, Schema(GROWN, "AVRO")) is True
    assert registry.test_compatibility(subject, breaking) is False
    assert registry.test_compatibility(subject, breaking, 1) is False
    assert registry.test_compatibility_all_versions(subject, breaking) is False
    with pytest.raises(SchemaRegistryError, match="would break BACKWARD compatibility") as caught:
        registry.register_schema(subject, breaking)
    assert (caught.value.http_status_code, caught.value.error_code) == (409, 409)
    assert registry.set_compatibility(subject, "NONE") == {"compatibility": "NONE"}
    assert registry.get_compatibility(subject) == "NONE"
    assert registry.test_compatibility(subject, breaking) is True
    registry.register_schema(subject, breaking)
    assert registry.get_versions(subject) == [1, 2]


def test_a_level_can_be_set_before_the_subject_is_there(registry: SchemaRegistryClient, topic: str) -> None:
    subject = f"{topic}-value"
    with pytest.raises(SchemaRegistryError) as caught:
        registry.get_compatibility(subject)
    assert (caught.value.http_status_code, caught.value.error_code) == (404, 40408)
    registry.set_compatibility(subject, "FULL")
    assert registry.get_compatibility(subject) == "FULL"
    registry.register_schema(subject, Schema(record("id"), "AVRO"))
    assert registry.get_compatibility(subject) == "FULL"
    assert registry.get_compatibility() == "BACKWARD"
    registry.delete_config(subject)
    assert registry.get_compatibility(subject) == "BACKWARD"
    assert registry.get_mode(subject) == registry.get_global_mode() == "READWRITE"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (lambda registry, subject: registry.get_versions(f"{subject}-none"), 40401),
        (lambda registry, subject: registry.get_version(subject, 9), 40402),
        (lambda registry, subject: registry.get_version(subject, 0), 42202),
        (lambda registry, subject: registry.lookup_schema(subject, Schema('"int"', "AVRO")), 40403),
        (lambda registry, _: registry.get_schema(2**31 - 1), 40403),
        (lambda registry, subject: registry.register_schema(subject, Schema('{"type": "nope"}', "AVRO")), 42201),
        (lambda registry, subject: registry.register_schema(subject, Schema('{"type": "object"}', "JSON")), 42201),
        (lambda registry, subject: registry.set_compatibility(subject, "SIDEWAYS"), 42203),
        (lambda registry, subject: registry.update_mode(subject, "READONLY"), 42205),
        (lambda registry, subject: registry.update_mode(subject, "NEVER"), 42204),
    ],
)
def test_errors_have_their_codes(registry: SchemaRegistryClient, topic: str, asked: Any, code: int) -> None:
    subject = f"{topic}-value"
    registry.register_schema(subject, Schema(record("id"), "AVRO"))
    with pytest.raises(SchemaRegistryError) as caught:
        asked(registry, subject)
    assert (caught.value.error_code, caught.value.http_status_code) == (code, code // 100)


def test_what_is_deleted_is_hidden_and_stays_readable(registry: SchemaRegistryClient, topic: str) -> None:
    subject = f"{topic}-value"
    number = registry.register_schema(subject, Schema(record("id"), "AVRO"))
    registry.register_schema(subject, Schema(GROWN, "AVRO"))
    assert registry.delete_version(subject, 2) == 2
    assert registry.get_versions(subject) == [1]
    assert registry.get_latest_version(subject).version == 1
    assert registry.get_versions(subject, deleted=True) == [1, 2]
    assert registry.delete_subject(subject) == [1]
    assert subject not in registry.get_subjects()
    assert subject in registry.get_subjects(deleted=True)
    with pytest.raises(SchemaRegistryError, match="not found"):
        registry.get_versions(subject)
    # Messages that were written with it can still be read.
    registry.clear_caches()
    assert json.loads(registry.get_schema(number).schema_str)["name"] == "Order"
    with pytest.raises(SchemaRegistryError, match="disabled") as caught:
        registry.register_schema(subject, Schema(record("id"), "AVRO"))
    assert caught.value.error_code == 42201
    with pytest.raises(SchemaRegistryError, match="kept for ever") as caught:
        registry.delete_subject(subject, permanent=True)
    assert caught.value.error_code in {40401, 40501}


def test_references_between_subjects(registry: SchemaRegistryClient, topic: str) -> None:
    shared = f"com.acme.{topic}.Customer"
    registry.register_schema(shared, Schema(record("id", name="Customer"), "AVRO"))
    reference = SchemaReference("com.acme.Customer", shared, 1)
    order = Schema(record("id", customer="com.acme.Customer"), "AVRO", [reference])
    number = registry.register_schema(f"{topic}-value", order)
    found = registry.get_version(f"{topic}-value", 1).schema
    assert [(one.name, one.subject, one.version) for one in found.references] == [("com.acme.Customer", shared, 1)]
    assert registry.get_referenced_by(shared, 1) == [number]
    with pytest.raises(SchemaRegistryError, match="is used by") as caught:
        registry.delete_version(shared, 1)
    assert caught.value.error_code == 42206
    without = Schema(record("id", customer="com.acme.Customer"), "AVRO")
    with pytest.raises(SchemaRegistryError, match="not defined before it is used"):
        registry.register_schema(f"{topic}-other", without)
    serialize = AvroSerializer(registry, order)
    written = {"id": "1", "customer": {"id": "c"}}
    packed = serialize(written, value_of(topic))
    assert AvroDeserializer(registry)(packed, value_of(topic)) == written


def test_avro_serializers(registry: SchemaRegistryClient, live_server: LiveServer, topic: str) -> None:
    packed = AvroSerializer(registry, GROWN)({"id": "1", "note": "now"}, value_of(topic))
    assert packed is not None
    with client(live_server, live_server.token("ci")) as reader:
        assert AvroDeserializer(reader)(packed, value_of(topic)) == {"id": "1", "note": "now"}
        # Nobody but a writer may register.
        with pytest.raises(SchemaRegistryError, match="does not allow catalogue:write") as caught:
            AvroSerializer(reader, record("id", name="Other"))({"id": "1"}, value_of(f"{topic}-2"))
        assert caught.value.http_status_code == 403


def test_record_names_become_schemas_of_the_catalogue(
    registry: SchemaRegistryClient, live_server: LiveServer, topic: str
) -> None:
    name = f"OrderLine{uuid4().hex[:6]}"
    serialize = AvroSerializer(
        registry, record("id", name=name), conf={"subject.name.strategy": record_subject_name_strategy}
    )
    serialize({"id": "1"}, value_of(topic))
    assert f"com.acme.{name}" in registry.get_subjects()
    (listed,) = live_server.get("/api/v1/schemas", q=name)["items"]
    assert listed["subject"] == listed["title"] == f"com.acme.{name}"
    assert listed["name"].startswith("com-acme-order-line")
    assert listed["owner"] is None


def test_json_serializers(registry: SchemaRegistryClient, topic: str) -> None:
    schema = json.dumps(
        {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "Order",
            "type": "object",
            "properties": {"id": {"type": "string"}, "amount": {"type": "number"}},
            "required": ["id"],
        }
    )
    order = {"id": "1", "amount": 12.5}
    packed = JSONSerializer(schema, registry)(order, value_of(topic))
    assert JSONDeserializer(None, schema_registry_client=registry)(packed, value_of(topic)) == order
    latest = {"auto.register.schemas": False, "use.latest.version": True}
    assert JSONSerializer(schema, registry, conf=latest)(order, value_of(topic)) == packed


def test_protobuf_serializers(registry: SchemaRegistryClient, topic: str) -> None:
    conf = {"use.deprecated.format": False}
    for message in (
        KeyValue(key="order", value=AnyValue(string_value="1")),
        BadRequest(field_violations=[BadRequest.FieldViolation(field="id")]),
    ):
        where = f"{topic}-{type(message).__name__}"
        packed = ProtobufSerializer(type(message), registry, conf)(message, value_of(where))
        read = ProtobufDeserializer(type(message), conf, registry)(packed, value_of(where))
        assert read == message
        text = registry.get_latest_version(f"{where}-value").schema.schema_str
        assert f"message {type(message).__name__} {{" in text


def test_protobuf_imports_are_references(registry: SchemaRegistryClient, topic: str) -> None:
    conf = {"use.deprecated.format": False, "skip.known.types": False}
    message = RetryInfo(retry_delay=Duration(seconds=3))
    packed = ProtobufSerializer(RetryInfo, registry, conf)(message, value_of(topic))
    assert (
        ProtobufDeserializer(RetryInfo, {"use.deprecated.format": False}, registry)(packed, value_of(topic)) == message
    )
    (reference,) = registry.get_latest_version(f"{topic}-value").schema.references
    assert reference.name == reference.subject == "google/protobuf/duration.proto"


def test_who_is_not_known_is_told_so(live_server: LiveServer) -> None:
    with client(live_server, "nothing") as stranger, pytest.raises(SchemaRegistryError, match="no token") as caught:
        stranger.get_subjects()
    assert (caught.value.http_status_code, caught.value.error_code) == (401, 401)
