"""OTLP/JSON to the protobuf message: hex ids, integers as numbers or strings, unknown fields ignored, errors with a path."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from typing import Any

import orjson
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, InstrumentationScope, KeyValue, KeyValueList
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from collectors.otlp.check import InvalidRequestError

_UINT64, _UINT32, _INT64 = 2**64, 2**32, 2**63
_DEPTH = 32
_URL_SAFE = str.maketrans("-_", "+/")


def read(body: bytes) -> ExportTraceServiceRequest:
    """The message that an OTLP/JSON body says.

    Raises:
        InvalidRequestError: it is no JSON, or a field has a value of the wrong form.
    """
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidRequestError(f"the body is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise InvalidRequestError("the body must be a JSON object with resourceSpans")
    request = ExportTraceServiceRequest()
    for item, path in _items(document, "resourceSpans", ""):
        request.resource_spans.append(_resource_spans(item, path))
    return request


def _resource_spans(item: dict[str, Any], path: str) -> ResourceSpans:
    resource = _object(item, "resource", path)
    return ResourceSpans(
        resource=Resource(attributes=_attributes(resource, f"{path}.resource")),
        schema_url=_text(item, "schemaUrl", path),
        scope_spans=[_scope_spans(one, where) for one, where in _items(item, "scopeSpans", path)],
    )


def _scope_spans(item: dict[str, Any], path: str) -> ScopeSpans:
    scope = _object(item, "scope", path)
    return ScopeSpans(
        scope=InstrumentationScope(
            name=_text(scope, "name", f"{path}.scope"),
            version=_text(scope, "version", f"{path}.scope"),
            attributes=_attributes(scope, f"{path}.scope"),
        ),
        schema_url=_text(item, "schemaUrl", path),
        spans=[_span(one, where) for one, where in _items(item, "spans", path)],
    )


def _span(item: dict[str, Any], path: str) -> Span:
    status = _object(item, "status", path)
    return Span(
        trace_id=_hex(item, "traceId", path),
        span_id=_hex(item, "spanId", path),
        parent_span_id=_hex(item, "parentSpanId", path),
        trace_state=_text(item, "traceState", path),
        flags=_integer(item, "flags", path, 0, _UINT32),
        name=_text(item, "name", path),
        kind=_integer(item, "kind", path, 0, 2**31),  # type: ignore[arg-type] # an open enum: any number is right
        start_time_unix_nano=_integer(item, "startTimeUnixNano", path, 0, _UINT64),
        end_time_unix_nano=_integer(item, "endTimeUnixNano", path, 0, _UINT64),
        attributes=_attributes(item, path),
        dropped_attributes_count=_integer(item, "droppedAttributesCount", path, 0, _UINT32),
        events=[_event(one, where) for one, where in _items(item, "events", path)],
        dropped_events_count=_integer(item, "droppedEventsCount", path, 0, _UINT32),
        links=[_link(one, where) for one, where in _items(item, "links", path)],
        dropped_links_count=_integer(item, "droppedLinksCount", path, 0, _UINT32),
        status=Status(
            message=_text(status, "message", f"{path}.status"),
            code=_integer(status, "code", f"{path}.status", 0, 2**31),  # type: ignore[arg-type] # likewise
        ),
    )


def _event(item: dict[str, Any], path: str) -> Span.Event:
    return Span.Event(
        time_unix_nano=_integer(item, "timeUnixNano", path, 0, _UINT64),
        name=_text(item, "name", path),
        attributes=_attributes(item, path),
    )


def _link(item: dict[str, Any], path: str) -> Span.Link:
    return Span.Link(
        trace_id=_hex(item, "traceId", path),
        span_id=_hex(item, "spanId", path),
        trace_state=_text(item, "traceState", path),
        attributes=_attributes(item, path),
    )


def _attributes(item: dict[str, Any], path: str) -> list[KeyValue]:
    return [
        KeyValue(key=_text(one, "key", where), value=_value(_object(one, "value", where), f"{where}.value"))
        for one, where in _items(item, "attributes", path)
    ]


def _value(item: dict[str, Any], path: str, depth: int = 0) -> AnyValue:
    if depth > _DEPTH:
        raise InvalidRequestError(f"{path} is nested deeper than {_DEPTH} levels")
    for name, build in _VALUES.items():
        if item.get(name) is not None:
            return build(item, path, depth)
    return AnyValue()


def _array(item: dict[str, Any], path: str, depth: int) -> AnyValue:
    array = _object(item, "arrayValue", path)
    values = [_value(one, where, depth + 1) for one, where in _items(array, "values", f"{path}.arrayValue")]
    return AnyValue(array_value=ArrayValue(values=values))


def _kvlist(item: dict[str, Any], path: str, depth: int) -> AnyValue:
    listed = _object(item, "kvlistValue", path)
    values = [
        KeyValue(key=_text(one, "key", where), value=_value(_object(one, "value", where), where, depth + 1))
        for one, where in _items(listed, "values", f"{path}.kvlistValue")
    ]
    return AnyValue(kvlist_value=KeyValueList(values=values))


def _bool(item: dict[str, Any], path: str, _: int) -> AnyValue:
    value = item["boolValue"]
    if not isinstance(value, bool):
        raise InvalidRequestError(f"{path}.boolValue must be true or false")
    return AnyValue(bool_value=value)


def _double(item: dict[str, Any], path: str, _: int) -> AnyValue:
    value = item["doubleValue"]
    try:
        number = None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = None
    if number is None:
        raise InvalidRequestError(f"{path}.doubleValue must be a number")
    return AnyValue(double_value=number)


def _bytes(item: dict[str, Any], path: str, _: int) -> AnyValue:
    # Protobuf's JSON takes both alphabets, with and without padding.
    text = _text(item, "bytesValue", path).translate(_URL_SAFE)
    try:
        return AnyValue(bytes_value=base64.b64decode(text + "=" * (-len(text) % 4), validate=True))
    except ValueError as error:  # also what it says of text beyond ASCII
        raise InvalidRequestError(f"{path}.bytesValue must be base64") from error


_VALUES: dict[str, Callable[[dict[str, Any], str, int], AnyValue]] = {
    "stringValue": lambda item, path, _: AnyValue(string_value=_text(item, "stringValue", path)),
    "boolValue": _bool,
    "intValue": lambda item, path, _: AnyValue(int_value=_integer(item, "intValue", path, -_INT64, _INT64)),
    "doubleValue": _double,
    "arrayValue": _array,
    "kvlistValue": _kvlist,
    "bytesValue": _bytes,
}


def _items(item: dict[str, Any], name: str, path: str) -> Iterator[tuple[dict[str, Any], str]]:
    values = item.get(name)
    if values is None:
        return
    where = f"{path}.{name}" if path else name
    if not isinstance(values, list):
        raise InvalidRequestError(f"{where} must be a list")
    for index, value in enumerate(values):
        if not isinstance(value, dict):
            raise InvalidRequestError(f"{where}[{index}] must be an object")
        yield value, f"{where}[{index}]"


def _object(item: dict[str, Any], name: str, path: str) -> dict[str, Any]:
    value = item.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidRequestError(f"{path}.{name} must be an object")
    return value


def _text(item: dict[str, Any], name: str, path: str) -> str:
    value = item.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidRequestError(f"{path}.{name} must be a string")
    return value


def _integer(item: dict[str, Any], name: str, path: str, low: int, high: int) -> int:
    value = item.get(name)
    if value is None:
        return 0
    fraction = isinstance(value, float) and not value.is_integer()
    try:
        number = None if isinstance(value, bool) or fraction else int(value)
    except (TypeError, ValueError):
        number = None
    if number is None:
        raise InvalidRequestError(f"{path}.{name} must be an integer, as a number or a string")
    if not low <= number < high:
        raise InvalidRequestError(f"{path}.{name} is out of range: {number}")
    return number


def _hex(item: dict[str, Any], name: str, path: str) -> bytes:
    text = _text(item, name, path)
    try:
        return binascii.unhexlify(text)
    except (binascii.Error, ValueError) as error:
        raise InvalidRequestError(f"{path}.{name} must be hexadecimal digits, but is {text[:40]!r}") from error
