"""What two versions of a schema say alike, found out once: documents change a little at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from registry.mappings.paths import Key, Path
from registry.mappings.schema.nodes import properties
from registry.mappings.schema.view import SchemaView

#: By these a schema may be meant from anywhere, so that what stands below one member may depend on another.
_NAMING = (b'"$dynamicRef"', b'"$recursiveRef"', b'"$anchor"', b'"$dynamicAnchor"', b'"id":"')
_INTO_DEFINITIONS = (b'"$ref":"#/$defs/', b'"$ref":"#/definitions/')


@dataclass(frozen=True, slots=True)
class _Said:
    """A schema as text: each member, and all that governs members from outside."""

    members: dict[str, bytes]
    rest: bytes
    examples: bytes


def adopt(new: SchemaView, old: SchemaView) -> None:
    """Take over what is known of the old schema and holds for the new one: the places below members that are the same.

    Nothing is taken over unless every reference leads into definitions that are the same in both.
    """
    if new is old or "adopted" in new.memo:
        return
    new.memo["adopted"] = True
    one, other = _said(old), _said(new)
    if one is None or other is None or one.rest != other.rest:
        return
    names = one.members.keys() | other.members.keys()
    changed = {name for name in names if one.members.get(name) != other.members.get(name)}
    new.take(old, lambda path: _below_same(path, changed), examples=one.examples == other.examples)


def _below_same(path: Path, changed: set[str]) -> bool:
    first = path.segments[0] if path.segments else None
    return first is not None and not (isinstance(first, Key) and first.name in changed)


def _said(view: SchemaView) -> _Said | None:
    """None for a schema whose members can't be looked at one by one."""
    if "said" not in view.memo:
        view.memo["said"] = _taken_apart(view)
    found: _Said | None = view.memo["said"]
    return found


def _taken_apart(view: SchemaView) -> _Said | None:
    if view.reference is not None or not isinstance(view.root, dict):
        return None
    governing = {key: value for key, value in view.root.items() if key not in {"properties", "examples"}}
    try:
        members = {name: orjson.dumps(value) for name, value in properties(view.root).items()}
        rest, examples = orjson.dumps(governing), orjson.dumps(view.root.get("examples"))
    except TypeError:  # a number beyond 64 bits, or nesting too deep for it
        return None
    if not all(_stays_inside(text, governing) for text in (*members.values(), rest)):
        return None
    return _Said(members, rest, examples)


def _stays_inside(text: bytes, root: dict[str, Any]) -> bool:
    """Whether what a part says rests on the definitions alone."""
    if any(name in text for name in _NAMING) or text.count(b'"$id"') > ("$id" in root):
        return False
    return text.count(b'"$ref"') == sum(text.count(one) for one in _INTO_DEFINITIONS)
