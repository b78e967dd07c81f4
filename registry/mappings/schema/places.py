"""From a place in a schema's text (a JSON Pointer) to the places in documents that it speaks of."""

from __future__ import annotations

import re
from typing import Any

from registry.compat.source_map import unescape
from registry.mappings.paths import MISSING, Key, Path
from registry.mappings.schema.view import SchemaView

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
#: What stands below these is of use only where something refers to it.
_SHELVES = frozenset({"$defs", "definitions", "components", "x-references"})


def places(schema: SchemaView, pointer: str) -> list[Path]:
    """Every path that the schema at a pointer, or the nearest around it, is used for: a definition may have several.

    What the last keyword says of a place (``type``, ``enum``) is the place itself; ``/required/0`` is the member that it
    names. Empty where nothing on the way is used, or where the pointer leads nowhere.
    """
    if below(schema.document, pointer) is MISSING:
        return []
    uses = _uses(schema)
    found: list[Path] = []
    value: Any = schema.document
    required = False
    member: str | None = None
    before = ""
    for part in map(unescape, pointer.split("/")[1:]):
        found = uses.get(id(value), found)
        if part in _SHELVES and before != "properties":
            found = []
        value = _step(value, part)
        if isinstance(value, str) and required:
            member = value
        required = part == "required"
        before = part
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


def below(value: Any, pointer: str) -> Any:
    """What stands at a JSON Pointer of a document; ``MISSING`` if there is nothing."""
    for part in map(unescape, pointer.split("/")[1:]):
        value = _step(value, part)
    return value


def _step(value: Any, part: str) -> Any:
    if isinstance(value, dict):
        return value.get(part, MISSING)
    if isinstance(value, list) and _INDEX.fullmatch(part) and int(part) < len(value):
        return value[int(part)]
    return MISSING
