"""What one can call or listen to, read from an OpenAPI or AsyncAPI document."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.compat.json_lines import escape
from registry.compat.model import DocumentError, Format
from registry.compat.source_map import read_document, unescape

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
DESCRIBING = (Format.OPENAPI, Format.ASYNCAPI)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: an HTTP method with its path, or what is done with messages on a channel.

    ``security`` names the schemes of each way to be let in ("oauth2 + mtls"), nothing where anyone is; ``pointer`` is
    where it stands in the document.
    """

    action: str
    address: str
    operation_id: str | None
    summary: str | None
    deprecated: bool
    sunset: str | None
    security: tuple[str, ...]
    pointer: str


@dataclass(frozen=True, slots=True)
class Described:
    """What a document says of the API that it describes."""

    title: str | None
    version: str | None
    operations: Sequence[Operation]


def described(of: Format, text: str) -> Described:
    """The API of a document; nothing where its format describes none, or it can't be read."""
    try:
        value = read_document(text, "new").value if of in DESCRIBING else None
    except DocumentError:
        value = None
    if not isinstance(value, dict):
        return Described(None, None, ())
    info = _mapping(value.get("info"))
    found = _http(value) if of is Format.OPENAPI else _messages(value)
    return Described(_text(info.get("title")), _text(info.get("version")), tuple(found))


def _http(document: dict[str, Any]) -> Iterator[Operation]:
    for room in ("paths", "webhooks"):
        for address, item in _mapping(document.get(room)).items():
            place, methods = _followed(document, item, f"/{room}/{escape(address)}")
            for method in METHODS:
                if isinstance(methods.get(method), dict):
                    yield _operation(document, methods[method], method.upper(), address, f"{place}/{method}")


def _messages(document: dict[str, Any]) -> Iterator[Operation]:
    if str(document.get("asyncapi")).startswith("2."):
        for address, item in _mapping(document.get("channels")).items():
            place, channel = _followed(document, item, f"/channels/{escape(address)}")
            for action in ("publish", "subscribe"):
                if isinstance(channel.get(action), dict):
                    yield _operation(document, channel[action], action, address, f"{place}/{action}")
        return
    for name, item in _mapping(document.get("operations")).items():
        place, operation = _followed(document, item, f"/operations/{escape(name)}")
        pointer, channel = _followed(document, operation.get("channel"), f"{place}/channel")
        address = _text(channel.get("address")) or unescape(pointer.rpartition("/")[2])
        yield _operation(document, {"operationId": name, **operation}, str(operation.get("action")), address, place)


def _operation(document: dict[str, Any], said: dict[str, Any], action: str, address: str, pointer: str) -> Operation:
    security = said.get("security", document.get("security"))
    sunset = _text(said.get("x-sunset"))
    return Operation(
        action=action[:20],
        address=address,
        operation_id=_text(said.get("operationId")),
        summary=_text(said.get("summary")) or _text(said.get("title")),
        deprecated=said.get("deprecated") is True or said.get("x-deprecated") is True,
        sunset=sunset[:40] if sunset and _DAY.match(sunset) else None,
        security=tuple(_ways(security)),
        pointer=pointer,
    )


def _ways(security: Any) -> Iterator[str]:
    """OpenAPI and AsyncAPI 2 name schemes, AsyncAPI 3 refers to them."""
    for one in security if isinstance(security, list) else ():
        if isinstance(one, dict) and isinstance(one.get("$ref"), str):
            yield unescape(one["$ref"].rpartition("/")[2])
        elif isinstance(one, dict) and "type" in one and isinstance(one["type"], str):
            yield one["type"]
        elif isinstance(one, dict):
            yield " + ".join(map(str, one)) or "none"


def _followed(document: dict[str, Any], part: Any, pointer: str) -> tuple[str, Mapping[str, Any]]:
    """Where a part's local references lead, and what stands there."""
    for _ in range(10):
        reference = part.get("$ref") if isinstance(part, dict) else None
        if not isinstance(reference, str) or not reference.startswith("#/"):
            break
        pointer, part = reference[1:], document
        for segment in reference[2:].split("/"):
            part = _mapping(part).get(unescape(segment))
    return pointer, _mapping(part)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value[:_LONGEST] if isinstance(value, str) and value else None
