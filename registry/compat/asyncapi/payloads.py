from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from registry.compat import avro, protobuf
from registry.compat.asyncapi.read_parts import JSON_SCHEMA
from registry.compat.asyncapi.report import Pair
from registry.compat.asyncapi.shapes import Message, Part
from registry.compat.json_schema.checker import Comparison
from registry.compat.json_schema.context import Workspace
from registry.compat.json_schema.index import Index
from registry.compat.model import Change, DocumentError, Options
from registry.compat.source_map import Document
from registry.compat.turn import turned, turned_error

Compare = Callable[[str, str, Options], list[Change]]

_SENT_HINT = "Listeners of the old version must cope with it: tell them first, or keep to what the old schema says."


def language(schema_format: str) -> str:
    """The language of a schema by its media type: json-schema, avro, protobuf, or the media type itself."""
    media = schema_format.split(";", maxsplit=1)[0].strip().lower().removesuffix("+json").removesuffix("+yaml")
    if media in (JSON_SCHEMA, "application/schema"):
        return "json-schema"
    if media == "application/vnd.apache.avro":
        return "avro"
    return "protobuf" if media == "application/vnd.google.protobuf" else schema_format


def compare_payloads(pair: Pair, before: Message, after: Message, where: str, *, sent: bool) -> Iterator[Change]:
    """The payloads of one message: what is sent must stay readable to those who listen, what is taken must be taken."""
    if before.payload is None and after.payload is None:
        return
    was, now = language(before.schema_format), language(after.schema_format)
    if before.payload is not None and after.payload is not None and was != now:
        yield pair.change("payload-format-changed", before.part, after.part, after.name, was, now)
        return
    spoken = now if after.payload is not None else was
    if spoken == "json-schema":
        yield from compare_schemas(pair, before.payload, after.payload, where, sent=sent)
    elif before.payload is None or after.payload is None or spoken not in ("avro", "protobuf"):
        if _value(before.payload) != _value(after.payload):
            yield pair.change("payload-not-compared", before.part, after.part, after.name, was, now)
    else:
        engine: Compare = avro.compare if spoken == "avro" else protobuf.compare
        yield from _by_text(pair, engine, before.payload, after.payload, where, sent=sent)


def _value(part: Part | None) -> Any:
    return None if part is None else part.value


def compare_schemas(pair: Pair, before: Part | None, after: Part | None, where: str, *, sent: bool) -> Iterator[Change]:
    """Two JSON Schemas within the documents; one that is missing takes anything.

    Raises:
        DocumentError: one of them is no JSON Schema.
    """
    comparison = _comparison(pair, before, after, sent=sent)
    if not sent:
        changes = comparison.changes(_pointer(before), _pointer(after))
    else:
        changes = [_as_sent(change) for change in comparison.changes(_pointer(after), _pointer(before))]
    yield from (replace(change, message=f"{where}: {change.message}") for change in changes)


def _comparison(pair: Pair, before: Part | None, after: Part | None, *, sent: bool) -> Comparison:
    if before is not None and after is not None:
        return pair.sent if sent else pair.taken
    anything = Document(value=True, line=lambda _: None)
    old = Index(pair.old if before is not None else anything, "old")
    new = Index(pair.new if after is not None else anything, "new")
    return Comparison(*((new, old) if sent else (old, new)), Workspace(), pair.options.content_model)


def _pointer(part: Part | None) -> str:
    return part.pointer if part is not None else ""


def _as_sent(change: Change) -> Change:
    return replace(turned(change), hint=_SENT_HINT)


def _by_text(pair: Pair, engine: Compare, before: Part, after: Part, where: str, *, sent: bool) -> Iterator[Change]:
    """Schemas of another language, which stand in the document as text or as a value."""
    old, new = _text(before.value), _text(after.value)
    if sent:
        try:
            changes = [_as_sent(change) for change in engine(new, old, pair.options)]
        except DocumentError as error:
            raise turned_error(error) from error
    else:
        changes = engine(old, new, pair.options)
    for change in changes:
        yield replace(
            change,
            message=f"{where}: {change.message}",
            path=_within(after, change.path),
            old_path=_within(before, change.old_path or ""),
            new_path=_within(after, change.new_path or ""),
            old_line=pair.old.line(before.pointer),
            new_line=pair.new.line(after.pointer),
        )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _within(part: Part, path: str) -> str:
    return f"{part.pointer}{path if path.startswith('/') or not path else f'/{path}'}"
