"""One OpenAPI document: its parts by pointer, with local references followed."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import unquote

from registry.compat.json_lines import escape
from registry.compat.model import DocumentError
from registry.compat.openapi.diff.model import Json, Node
from registry.compat.source_map import read_document, unescape

EMPTY: Final[Json] = {}
# What may stand beside a $ref and say something of the place that refers, not of the target.
_BESIDE_REFERENCE = frozenset({"default", "deprecated", "readOnly", "writeOnly", "nullable"})


def mapping(value: Any) -> Json:
    """The value if it is an object, else an empty one: a malformed part has nothing to compare."""
    return value if isinstance(value, dict) else EMPTY


def sequence(value: Any) -> list[Any]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def strings(value: Any) -> list[str]:
    """The strings of an array, in order."""
    return [item for item in sequence(value) if isinstance(item, str)]


class OpenApi:
    """An OpenAPI 3 document that is looked at through pointers. ``which`` is "old" or "new", for error messages."""

    def __init__(self, text: str, which: str) -> None:
        self.which = which
        self.source = read_document(text, which)
        root = self.source.value
        if not isinstance(root, dict):
            raise DocumentError(f"the {which} document is not an object but {_kind(root)}", line=1, path=which)
        version = root.get("openapi")
        if version is None:
            found = "a Swagger 2 document: convert it first" if "swagger" in root else "it has no 'openapi' field"
            raise DocumentError(f"the {which} document is not OpenAPI 3: {found}", line=1, path=which)
        if not re.match(r"3\.\d", str(version)):
            raise DocumentError(
                f"the {which} document says openapi: {version}; versions 3.x are compared",
                line=self.source.line("/openapi"),
                path=which,
            )
        self.root = Node("", root)
        self._has_lines = "\n" in text.strip()
        self._targets: dict[str, Node] = {}
        self._beside: dict[str, Node] = {}

    def line(self, pointer: str | None) -> int | None:
        """The line of a pointer; None without one, or where the text is one line."""
        return self.source.line(pointer) if pointer is not None and self._has_lines else None

    def child(self, parent: Node, *keys: str) -> Node:
        """The object under a key (or several, one below the other); an absent one is empty."""
        for key in keys:
            parent = self.node(f"{parent.pointer}/{escape(key)}", parent.value.get(key))
        return parent

    def children(self, parent: Node, key: str) -> dict[str, Node]:
        """The objects in a map of objects, by name."""
        table = mapping(parent.value.get(key))
        prefix = f"{parent.pointer}/{escape(key)}"
        return {name: self.node(f"{prefix}/{escape(name)}", value) for name, value in table.items()}

    def node(self, pointer: str, value: Any) -> Node:
        """The object that stands at a pointer, or that its ``$ref`` names.

        Raises:
            DocumentError: a local reference that leads nowhere, or in a circle.
        """
        value = mapping(value)
        reference = value.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#"):
            return Node(pointer, value)
        target = self._targets.get(reference)
        if target is None:
            target = self._targets[reference] = self._follow(reference, pointer)
        if len(value) == 1:
            return target
        # Kept by the pointer of the reference, so that a part that refers to itself is still met only once.
        kept = self._beside.get(pointer)
        if kept is None:
            beside = {key: value[key] for key in value if key in _BESIDE_REFERENCE or key[:2] == "x-"}
            kept = self._beside[pointer] = Node(target.pointer, {**target.value, **beside}) if beside else target
        return kept

    def _follow(self, reference: str, pointer: str) -> Node:
        seen: set[str] = set()
        origin = reference
        while True:
            if reference in seen:
                raise self._error(f"$ref {origin!r} leads back to itself", pointer)
            seen.add(reference)
            target = self._at(reference, pointer)
            following = target.value.get("$ref")
            if not isinstance(following, str) or not following.startswith("#"):
                return target
            reference = following

    def _at(self, reference: str, pointer: str) -> Node:
        value: Any = self.root.value
        found = ""
        for segment in reference.split("/")[1:]:
            key = unescape(segment)
            if isinstance(value, dict) and key not in value:
                key = unquote(key)
            if isinstance(value, dict) and key in value:
                value = value[key]
            elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
                value = value[int(key)]
            else:
                raise self._error(f"$ref {reference!r} names nothing in it", pointer)
            found += f"/{escape(key)}"
        return Node(found, mapping(value))

    def _error(self, what: str, pointer: str) -> DocumentError:
        return DocumentError(
            f"the {self.which} document at {pointer}: {what}", line=self.source.line(pointer), path=self.which
        )


def _kind(value: Any) -> str:
    return "a list" if isinstance(value, list) else "a single value"
