"""What must stay as it is in enums, messages and services."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.model import Change
from registry.compat.protobuf.buf.features import enum_type, json_format
from registry.compat.protobuf.buf.pair import Files
from registry.compat.protobuf.schema import Enum, Message, Rpc


def types(files: Files) -> Iterator[Change]:
    """Each type that both files have."""
    for enum, now_enum in files.enums():
        yield from _enum(files, enum, now_enum)
    for message, now_message in files.messages():
        yield from _message(files, message, now_message)
    for service, now_service in files.services():
        rpcs = {rpc.name: rpc for rpc in now_service.rpcs}
        for rpc in service.rpcs:
            if rpc.name in rpcs:
                yield from _rpc(files, f"{service.full_name}.{rpc.name}", rpc, rpcs[rpc.name])


def _enum(files: Files, before: Enum, after: Enum) -> Iterator[Change]:
    path = before.full_name
    kinds = (enum_type(files.old, before), enum_type(files.new, after))
    if kinds[0] != kinds[1]:
        message = f"enum {path} was {kinds[0].lower()} and is now {kinds[1].lower()}"
        yield files.report.change("enum-same-type", path, message, old=before, new=after, values=kinds)
    yield from _json(files, "enum", before, after)
    names: dict[int, set[str]] = {}
    for value in after.values:
        names.setdefault(value.number, set()).add(value.name)
    for value in before.values:
        now = names.get(value.number)
        if now is not None and value.name not in now:
            listed = ", ".join(sorted(now))
            message = f"value {value.number} of enum {path} was named {value.name} and is now {listed}"
            place = f"{path}.{value.name}"
            yield files.report.change(
                "enum-value-same-name", place, message, old=value, new=after, values=(value.name, listed)
            )


def _json(files: Files, what: str, before: Enum | Message, after: Enum | Message) -> Iterator[Change]:
    formats = (json_format(files.old, before), json_format(files.new, after))
    if formats == ("ALLOW", "LEGACY_BEST_EFFORT"):
        message = f"{what} {before.full_name} no longer promises to work as JSON"
        rule = f"{what}-same-json-format"
        yield files.report.change(rule, before.full_name, message, old=before, new=after, values=formats)


def _message(files: Files, before: Message, after: Message) -> Iterator[Change]:
    path = before.full_name
    yield from _json(files, "message", before, after)
    accessor = "no_standard_descriptor_accessor"
    if before.options.get(accessor) is not True and after.options.get(accessor) is True:
        message = f"message {path} loses its standard descriptor accessor"
        rule = "message-no-remove-standard-descriptor-accessor"
        yield files.report.change(rule, path, message, old=before, new=after, values=(False, True))
    olds = {item.number: item for item in before.fields if item.required}
    news = {item.number: item for item in after.fields if item.required}
    for number in sorted(olds.keys() ^ news.keys()):
        was, now = olds.get(number), news.get(number)
        name = was.name if was else now.name if now else ""
        message = f"field {name} ({number}) of message {path} is {'now' if now else 'no longer'} required"
        values = ("required" if was else None, "required" if now else None)
        place = f"{path}.{name}"
        yield files.report.change("message-same-required-fields", place, message, old=was, new=now, values=values)


def _rpc(files: Files, path: str, before: Rpc, after: Rpc) -> Iterator[Change]:
    facts = (
        ("rpc-same-request-type", "request", before.request, after.request),
        ("rpc-same-response-type", "response", before.response, after.response),
        ("rpc-same-client-streaming", "client streaming", before.client_streaming, after.client_streaming),
        ("rpc-same-server-streaming", "server streaming", before.server_streaming, after.server_streaming),
        ("rpc-same-idempotency-level", "idempotency level", _idempotency(before), _idempotency(after)),
    )
    for rule, what, was, now in facts:
        if was != now:
            message = f"the {what} of rpc {path} was {was} and is now {now}"
            yield files.report.change(rule, path, message, old=before, new=after, values=(was, now))


def _idempotency(rpc: Rpc) -> str:
    return str(rpc.options.get("idempotency_level", "IDEMPOTENCY_UNKNOWN"))
