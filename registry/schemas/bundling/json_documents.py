"""JSON Schema, OpenAPI and AsyncAPI: what is referred to becomes a part of the document.

A JSON Schema takes it into ``$defs`` under an ``$id`` of its own, so that references within it stay as they are. The
others have no such names: there it stands under ``x-references``, and references within it get its place before them.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from registry.compat.json_lines import escape
from registry.compat.model import Format
from registry.compat.source_map import read_document
from registry.kinds.schema import Referred
from registry.schemas.references import Known, places, split

Key = tuple[str, int]


def bundle(of: Format, text: str, references: Sequence[Referred], parts: Mapping[Key, Known]) -> str:
    """The document and its parts as one JSON text."""
    root = read_document(text, "new").value
    if not isinstance(root, dict):
        return text
    as_schema = of is Format.JSON_SCHEMA
    _redirect(root, references, as_schema=as_schema)
    values = {key: _part(key, part, root, as_schema=as_schema) for key, part in parts.items()}
    room = root.setdefault(("definitions" if "definitions" in root else "$defs") if as_schema else "x-references", {})
    if isinstance(room, dict):
        room |= {_name(key): value for key, value in values.items()}
    return json.dumps(root, ensure_ascii=False)


def _name(key: Key) -> str:
    return f"{key[0]}/{key[1]}"


def _identifier(key: Key) -> str:
    return f"controlplane:{_name(key)}"


def _place(key: Key) -> str:
    return f"#/x-references/{escape(_name(key))}"


def _part(key: Key, part: Known, root: dict[str, Any], *, as_schema: bool) -> Any:
    value = read_document(part.text, "new").value
    _redirect(value, part.references, as_schema=as_schema, inside=key)
    if as_schema and isinstance(value, dict):
        old_draft = "draft-04" in str(root.get("$schema"))
        value = {
            word: said
            for word, said in value.items()
            if word not in {"$id", "id", "$schema"} or not isinstance(said, str)
        }
        return {("id" if old_draft else "$id"): _identifier(key), **value}
    return value


def _redirect(value: Any, references: Sequence[Referred], *, as_schema: bool, inside: Key | None = None) -> None:
    """Let every reference lead to where its target stands in the bundle."""
    keys = {one.name: (one.subject, one.version) for one in references}
    own = value.get("$id", value.get("id")) if isinstance(value, dict) and inside else None
    for _, node in places(value):
        name, fragment = split(node["$ref"])
        if name in keys:
            target = _identifier(keys[name]) if as_schema else _place(keys[name])
            node["$ref"] = target + (fragment if as_schema else fragment.removeprefix("#"))
        elif inside is not None and (not name or name == own):
            node["$ref"] = fragment if as_schema else _place(inside) + fragment.removeprefix("#")
