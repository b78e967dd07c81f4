"""Avro's names: what they may look like and how a short one is completed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from registry.compat.avro.schema import PRIMITIVES, Named
from registry.compat.avro.source import Source

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_RULE: Final = "letters, digits and underscores, not starting with a digit"


def checked_name(source: Source, pointer: str, value: Any, what: str) -> str:
    """A simple name (field, enum symbol), or a DocumentError that states the rule."""
    if not isinstance(value, str):
        raise source.error(pointer, f"{what} must be text, not {value!r}")
    if not _NAME.match(value):
        raise source.error(pointer, f"{what} {value!r} is not a name: {_RULE}")
    return value


def split_name(source: Source, pointer: str, value: Any, namespace: str) -> tuple[str, str]:
    """(short name, namespace) of a type's name; a dotted name brings its own namespace."""
    if not isinstance(value, str):
        raise source.error(pointer, f"the name of a type must be text, not {value!r}")
    space, _, name = value.rpartition(".")
    space = space if "." in value else namespace
    for part in (name, *(space.split(".") if space else ())):
        checked_name(source, pointer, part, "the name part")
    return name, space


def definition_name(source: Source, pointer: str, node: Mapping[str, Any], enclosing: str) -> tuple[str, str]:
    """(short name, namespace) of a record, enum or fixed that is defined at ``pointer``."""
    if "name" not in node:
        raise source.error(pointer, f"a {node['type']} needs a name")
    space = node.get("namespace", enclosing)
    if not isinstance(space, str):
        raise source.error(f"{pointer}/namespace", f"a namespace must be text, not {space!r}")
    name, space = split_name(source, f"{pointer}/name", node["name"], space)
    if not space and name in PRIMITIVES:
        raise source.error(f"{pointer}/name", f"a type may not take the name of the primitive type {name}")
    return name, space


def alias_list(source: Source, pointer: str, node: Mapping[str, Any]) -> list[str]:
    """The texts under ``aliases``, not yet checked as names."""
    aliases = node.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise source.error(f"{pointer}/aliases", "aliases must be a list of names")
    return aliases


def type_aliases(source: Source, pointer: str, node: Mapping[str, Any], namespace: str) -> tuple[str, ...]:
    """A type's aliases as full names; a short one lies in the type's own namespace."""
    found = []
    for index, alias in enumerate(alias_list(source, pointer, node)):
        name, space = split_name(source, f"{pointer}/aliases/{index}", alias, namespace)
        found.append(f"{space}.{name}" if space else name)
    return tuple(found)


def lookup(names: Mapping[str, Named], reference: str, namespace: str) -> Named | None:
    """The type that a reference means: in the enclosing namespace first, then in none."""
    if "." not in reference and namespace:
        inner = names.get(f"{namespace}.{reference}")
        if inner is not None:
            return inner
    return names.get(reference)
