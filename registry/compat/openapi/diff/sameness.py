"""Telling fast that two parts are the same, references included, so that only what differs is walked."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import orjson

from registry.compat.openapi.diff.document import OpenApi, mapping
from registry.compat.source_map import unescape

_REFERENCE = re.compile(rb'"\$ref":"((?:[^"\\]|\\.)*)"')


def _references(value: Any) -> set[str]:
    """The component that each reference in a value points into (``schemas/Invoice``), or the whole reference."""
    if isinstance(value, dict) and not any(isinstance(inner, dict | list) for inner in value.values()):
        reference = value.get("$ref")
        return {_component(reference)} if isinstance(reference, str) else set()
    try:
        text = orjson.dumps(value)
    except TypeError:
        # An integer beyond 64 bits, or nesting beyond what orjson writes.
        text = json.dumps(value, separators=(",", ":")).encode()
    return {_component(orjson.loads(b'"' + match + b'"')) for match in set(_REFERENCE.findall(text))}


@lru_cache(maxsize=16384)
def _component(reference: str) -> str:
    parts = reference.split("/", 4)
    if parts[:2] == ["#", "components"] and len(parts) > 3:  # noqa: PLR2004 -- #, components, kind, name
        return f"{parts[2]}/{unescape(unquote(parts[3]))}"
    return "/".join(parts)


class Sameness:
    """Which components differ between two documents, directly or through what they refer to.

    Two values are the same if they are equal and refer to no component that differs. The work is one pass over the
    components plus one over what is asked about, so a large document against a similar one costs little.
    """

    def __init__(self, old: OpenApi, new: OpenApi) -> None:
        befores, afters = _components(old), _components(new)
        self._known = befores.keys() & afters.keys()
        users: dict[str, list[str]] = {}
        pending = [name for name in befores.keys() | afters.keys() if befores.get(name) != afters.get(name)]
        for name in self._known:
            for used in _references(afters[name]):
                users.setdefault(used, []).append(name)
                if used not in self._known:
                    pending.append(name)
        self._differs: set[str] = set()
        while pending:
            name = pending.pop()
            if name not in self._differs:
                self._differs.add(name)
                pending.extend(users.get(name, ()))

    def __call__(self, old: Any, new: Any) -> bool:
        """Whether nothing differs between two values; False also where that is not certain."""
        if old is not new and old != new:
            return False
        return all(name in self._known and name not in self._differs for name in _references(new))


def _components(document: OpenApi) -> dict[str, Any]:
    return {
        f"{kind}/{name}": value
        for kind, table in mapping(document.root.value.get("components")).items()
        for name, value in mapping(table).items()
    }
