"""From a place in a schema's text (a JSON Pointer) to the places in documents that it speaks of."""

from __future__ import annotations

from typing import Any

from registry.compat.source_map import unescape
from registry.mappings.paths import Key, Path
from registry.mappings.schema.view import SchemaView


def places(schema: SchemaView, pointer: str) -> list[Path]:
    """Every path that the schema at a pointer, or the nearest around it, is used for: a definition may have several.

    What the last keyword says of a place (``type``, ``enum``) is the place itself; ``/required/0`` is the member that it
    names. Empty where nothing on the way is used.
    """
    uses = _uses(schema)
    found: list[Path] = []
    value: Any = schema.document
    required = False
    member: str | None = None
    for part in map(unescape, pointer.split("/")[1:]):
        found = uses.get(id(value), found)
        value = _step(value, part)
        if isinstance(value, str) and required:
            member = value
        required = part == "required"
    found = uses.get(id(value), found)
    return found if member is None else [path.then(Key(member)) for path in found]


def _uses(schema: SchemaView) -> dict[int, list[Path]]:
    """Which paths each part of the document is used for."""
    paths = {Path(()): None}
    for leaf in schema.leaves:
        paths |= {Path(leaf.path.segments[:end]): None for end in range(len(leaf.path.segments) + 1)}
    found: dict[int, list[Path]] = {}
    for path in paths:
        for node in schema.nodes(path):
            for part in node.parts:
                used = found.setdefault(id(part), [])
                if path not in used:
                    used.append(path)
    return found


def _step(value: Any, part: str) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
        return value[int(part)]
    return None
