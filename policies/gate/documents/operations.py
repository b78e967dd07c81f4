"""The operations of an OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from policies.gate.documents.found import escape

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

Operation = dict[str, Any]


def operations_of(document: Any) -> list[Operation]:
    """Every operation, in the document's order; none where there are no paths."""
    if not isinstance(document, dict):
        return []
    return list(_operations(document))


def since(operations: list[Operation], before: list[Operation]) -> list[Operation]:
    """The operations with what each took before to prove who asks, and whether it is new."""
    old = {one["name"]: one for one in before}
    return [
        {
            **one,
            "added": one["name"] not in old,
            "previous_security": old[one["name"]]["security"] if one["name"] in old else [],
        }
        for one in operations
    ]


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    schemes = _at(document, "components", "securitySchemes")
    for path, item in _at(document, "paths").items():
        for method in _METHODS if isinstance(item, dict) else ():
            one = item.get(method)
            if isinstance(one, dict):
                security = one.get("security", document.get("security"))
                yield {
                    "name": f"{method.upper()} {path}",
                    "path": f"/paths/{escape(str(path))}/{method}",
                    "deprecated": one.get("deprecated") is True,
                    "sunset": _moment(one.get("x-sunset")),
                    "sunset_text": str(one.get("x-sunset") or ""),
                    "security": _types(security, schemes),
                    "response_headers": sorted(set(_headers(one, document))),
                }


def _types(security: Any, schemes: Mapping[str, Any]) -> list[str]:
    """The types of the schemes that a call may choose from; ``none`` where it may come without."""
    if not isinstance(security, list) or not security:
        return ["none"]
    found: list[str] = []
    for choice in security:
        names = list(choice) if isinstance(choice, dict) else []
        for name in names or ["none"]:
            scheme = schemes.get(name)
            found.append("none" if name == "none" else _type(scheme if isinstance(scheme, dict) else {}))
    return list(dict.fromkeys(found))


def _type(scheme: Mapping[str, Any]) -> str:
    of = str(scheme.get("type") or "other")
    return str(scheme.get("scheme") or "http").lower() if of == "http" else of


def _headers(operation: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    responses = operation.get("responses")
    for response in responses.values() if isinstance(responses, dict) else ():
        described = _resolved(response, document)
        headers = described.get("headers") if isinstance(described, dict) else None
        yield from (str(name).lower() for name in headers or () if isinstance(headers, dict))


def _resolved(value: Any, document: Mapping[str, Any]) -> Any:
    """What a reference within the document leads to."""
    target = value.get("$ref") if isinstance(value, dict) else None
    if not isinstance(target, str) or not target.startswith("#/components/responses/"):
        return value
    return _at(document, "components", "responses").get(target.rsplit("/", 1)[1])


def _at(document: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    value: Any = document
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
