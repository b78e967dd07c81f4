"""The smallest pair of documents that shows each rule: whole documents but for their ``info``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_CHANNEL: Final = "channels: {orders: {}}"
_TELL: Final = "action: send, channel: {$ref: '#/channels/orders'}"
_TAKE: Final = "action: receive, channel: {$ref: '#/channels/orders'}"
_API_KEY: Final = "{type: httpApiKey, name: key, in: header}"
_BEARER: Final = "{type: http, scheme: bearer}"


def _api(*parts: str) -> str:
    return "\n".join(("asyncapi: 3.0.0", *parts))


def _doing(*operations: str) -> str:
    return _api(_CHANNEL, f"operations: {{{', '.join(operations)}}}")


def _messages(doing: str, *messages: str) -> str:
    return _api(f"channels: {{orders: {{messages: {{{', '.join(messages)}}}}}}}", f"operations: {{one: {{{doing}}}}}")


def _sent(message: str) -> str:
    return _messages(_TELL, f"placed: {{{message}}}")


def _server(parts: str) -> str:
    return _api(f"servers: {{live: {{{parts}}}}}")


def _secured(*ways: str) -> str:
    security = f", security: [{', '.join(ways)}]" if ways else ""
    return _server(f"host: 'broker:9092', protocol: kafka{security}")


_KAFKA: Final = _server("host: 'broker:9092', protocol: kafka")

EXAMPLES: Final[Mapping[str, tuple[str, str]]] = {
    "asyncapi-version-changed": ("asyncapi: 2.6.0", "asyncapi: 3.0.0"),
    "channel-added": (_api("channels: {}"), _api(_CHANNEL)),
    "channel-removed": (_api(_CHANNEL), _api("channels: {}")),
    "channel-address-changed": (
        _api("channels: {orders: {address: orders.v1}}"),
        _api("channels: {orders: {address: orders.v2}}"),
    ),
    "operation-added": (_doing(), _doing(f"tell: {{{_TELL}}}")),
    "operation-removed": (_doing(f"take: {{{_TAKE}}}"), _doing()),
    "operation-id-changed": (_doing(f"take: {{{_TAKE}}}"), _doing(f"accept: {{{_TAKE}}}")),
    "received-message-added": (_messages(_TAKE, "place: {}"), _messages(_TAKE, "place: {}", "cancel: {}")),
    "received-message-removed": (_messages(_TAKE, "place: {}", "cancel: {}"), _messages(_TAKE, "place: {}")),
    "sent-message-added": (_messages(_TELL, "placed: {}"), _messages(_TELL, "placed: {}", "late: {}")),
    "sent-message-removed": (_messages(_TELL, "placed: {}", "late: {}"), _messages(_TELL, "placed: {}")),
    "message-name-changed": (_sent("name: placed"), _sent("name: booked")),
    "content-type-changed": (_sent("contentType: application/json"), _sent("contentType: application/xml")),
    "payload-format-changed": (
        _sent("payload: {type: string}"),
        _sent("payload: {schemaFormat: application/vnd.apache.avro;version=1.9.0, schema: {type: string}}"),
    ),
    "payload-not-compared": (
        _sent("payload: {schemaFormat: application/raml+yaml;version=1.0, schema: {type: string}}"),
        _sent("payload: {schemaFormat: application/raml+yaml;version=1.0, schema: {type: number}}"),
    ),
    "correlation-id-changed": (
        _sent("correlationId: {location: '$message.header#/trace'}"),
        _sent("correlationId: {location: '$message.header#/order'}"),
    ),
    "binding-destination-changed": (
        _api("channels: {orders: {bindings: {kafka: {topic: orders}}}}"),
        _api("channels: {orders: {bindings: {kafka: {topic: orders-2}}}}"),
    ),
    "binding-changed": (
        _api("channels: {orders: {bindings: {kafka: {partitions: 3}}}}"),
        _api("channels: {orders: {bindings: {kafka: {partitions: 6}}}}"),
    ),
    "server-added": (_api("servers: {}"), _KAFKA),
    "server-removed": (_KAFKA, _api("servers: {}")),
    "server-address-changed": (_KAFKA, _server("host: 'other:9092', protocol: kafka")),
    "server-protocol-changed": (_KAFKA, _server("host: 'broker:9092', protocol: amqp")),
    "server-protocol-version-changed": (
        _server("host: 'broker:9092', protocol: kafka, protocolVersion: '2.8'"),
        _server("host: 'broker:9092', protocol: kafka, protocolVersion: '3.5'"),
    ),
    "security-alternative-added": (_secured(_API_KEY), _secured(_API_KEY, _BEARER)),
    "security-alternative-removed": (_secured(_API_KEY, _BEARER), _secured(_API_KEY)),
    "security-added": (_secured(), _secured(_API_KEY)),
    "security-removed": (_secured(_API_KEY), _secured()),
}
