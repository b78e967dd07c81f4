"""CloudEvents as they come over HTTP: structured, batched or binary. Pure."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import unquote_to_bytes

from collectors.events.attributes import event_of
from collectors.events.model import CloudEvent, EventError, Fault, MediaTypeError

STRUCTURED, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
_PREFIX = "ce-"
_TAKEN = (
    f"send {STRUCTURED}, {BATCH}, or an event's data with its attributes in headers "
    "(ce-specversion, ce-id, ce-source, ce-type)"
)
#: Events that one batch has at most.
MOST_EVENTS = 10_000
#: Characters of a number in JSON; beyond them reading takes time out of all proportion.
_MOST_DIGITS = 400
_JSON = re.compile(r"[^/]+/(?:json|[^/]+\+json)")
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})

Headers = Iterable[tuple[str, str]]


def read(headers: Headers, body: bytes, now: int) -> tuple[list[tuple[int, CloudEvent]], list[Fault]]:
    """The events of a request, each with its position, and what is wrong with those that are none.

    Args:
        headers: names and values as they came; names in any case.
        body: not compressed.
        now: nanoseconds.

    Raises:
        MediaTypeError: it is none of the three ways.
        EventError: it can't be read at all.
    """
    listed = [(name.lower(), value) for name, value in headers]
    content_type = next((value.strip() for name, value in listed if name == "content-type"), "")
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith("application/cloudevents"):
        return _in_body(kind, content_type, body, now)
    if not any(name.startswith(_PREFIX) for name, _ in listed):
        said = f"is {kind}" if kind else "is missing"
        raise MediaTypeError(f"this is no CloudEvent: content-type {said} and no header begins with ce-; {_TAKEN}")
    try:
        return [(0, _binary(listed, content_type, body, now))], []
    except EventError as error:
        return [], [Fault(str(error), error.path)]


def _in_body(kind: str, content_type: str, body: bytes, now: int) -> tuple[list[tuple[int, CloudEvent]], list[Fault]]:
    if kind not in (STRUCTURED, BATCH):
        raise MediaTypeError(f"events are read in JSON only, and content-type is {kind}; {_TAKEN}")
    charset = _CHARSET.search(content_type)
    if charset and charset[1].lower() not in _UTF_8:
        raise MediaTypeError(f"JSON must be in UTF-8, but content-type says {charset[1][:40]}")
    document = parse_json(body)
    if kind == STRUCTURED:
        found, faults = _each([document], now)
        return found, [Fault(one.message, one.path, None, one.id) for one in faults]
    if not isinstance(document, list):
        raise EventError(f"a batch must be a list of events; a single one goes as {STRUCTURED}")
    if len(document) > MOST_EVENTS:
        raise EventError(f"the batch has {len(document):,} events; at most {MOST_EVENTS:,} are taken at once")
    return _each(document, now)


def _each(documents: Sequence[Any], now: int) -> tuple[list[tuple[int, CloudEvent]], list[Fault]]:
    found: list[tuple[int, CloudEvent]] = []
    faults: list[Fault] = []
    for position, document in enumerate(documents):
        try:
            found.append((position, _structured(document, now)))
        except EventError as error:
            ident = document.get("id") if isinstance(document, dict) else None
            shown = ident[:100] if isinstance(ident, str) else ""
            faults.append(Fault(str(error), error.path, position, shown))
    return found, faults


def _structured(document: Any, now: int) -> CloudEvent:
    if not isinstance(document, dict):
        raise EventError("an event must be a JSON object")
    if document.get("data") is not None and document.get("data_base64") is not None:
        raise EventError("an event has data or data_base64, not both", "data_base64")
    context = {name: value for name, value in document.items() if name not in ("data", "data_base64")}
    data, opaque = _payload(document, context.get("datacontenttype"))
    return event_of(context, now, data, opaque)


def _payload(document: dict[str, Any], content_type: Any) -> tuple[Any, int]:
    """The data of a structured event as JSON, or how many bytes of it are something else."""
    told = isinstance(content_type, str) and content_type != ""
    is_json = is_json_type(content_type) if told else True
    encoded, data = document.get("data_base64"), document.get("data")
    if encoded is not None:
        raw = _decoded(encoded)
        return (parse_json(raw), 0) if told and is_json and raw else (None, len(raw))
    if is_json or data is None:
        return data, 0
    return None, len(json.dumps(data, default=str))


def _decoded(encoded: Any) -> bytes:
    if not isinstance(encoded, str):
        raise EventError("data_base64 must be a text", "data_base64")
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise EventError("data_base64 is not valid base64 (RFC 4648)", "data_base64") from None


def _binary(headers: Sequence[tuple[str, str]], content_type: str, body: bytes, now: int) -> CloudEvent:
    context: dict[str, Any] = {}
    for name, value in headers:
        if not name.startswith(_PREFIX):
            continue
        attribute = name.removeprefix(_PREFIX)
        if attribute == "datacontenttype":
            raise EventError("datacontenttype goes as the header content-type, not as one of its own", name)
        if attribute in context:
            raise EventError(f"the header {name} comes twice", name)
        context[attribute] = _header_value(name, value)
    if content_type:
        context["datacontenttype"] = content_type
    if not body:
        return event_of(context, now)
    if content_type and is_json_type(content_type):
        return event_of(context, now, parse_json(body))
    return event_of(context, now, opaque=len(body))


def _header_value(name: str, value: str) -> str:
    """A header's text: quotes around it go, escapes of bytes are read as UTF-8."""
    text = value.strip()
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    try:
        # Servers hand header bytes on as Latin-1; raw UTF-8, which the specification forbids, is read all the same.
        return unquote_to_bytes(text.encode("latin-1")).decode("utf-8")
    except UnicodeError:
        raise EventError(f"the header {name} is not UTF-8 with %-escapes", name) from None


def is_json_type(content_type: str) -> bool:
    """Whether a media type is JSON's or built on it."""
    return _JSON.fullmatch(content_type.partition(";")[0].strip().lower()) is not None


def parse_json(body: bytes) -> Any:
    """What JSON says, decimal fractions as ``Decimal``. Raises ``EventError``."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_float=_fraction, parse_int=_whole, parse_constant=_constant)
    except UnicodeDecodeError as error:
        raise EventError(f"the JSON is not UTF-8 (byte {error.start})") from None
    except RecursionError:
        raise EventError("the JSON is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise EventError(f"not valid JSON: {error.msg} in line {error.lineno}, column {error.colno}") from None


def _fraction(text: str) -> Decimal:
    if len(text) > _MOST_DIGITS:
        raise EventError(f"a number has {len(text)} digits")
    return Decimal(text)


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise EventError(f"a number has {len(text)} digits")
    return int(text)


def _constant(text: str) -> float:
    raise EventError(f"{text} is no JSON")


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every text, number and boolean within a JSON value, in its order, by the path to it.

    Names are joined with dots, places in lists count from 0: ``lines.0.amount``.
    """
    stack: list[tuple[str, Any]] = [(path, value)]
    while stack:
        at, one = stack.pop()
        if isinstance(one, dict):
            stack.extend((f"{at}.{name}" if at else str(name), each) for name, each in reversed(one.items()))
        elif isinstance(one, list):
            stack.extend((f"{at}.{place}" if at else str(place), one[place]) for place in range(len(one) - 1, -1, -1))
        elif one is not None:
            yield at, one
