"""The parts of named types and fields that hold no further schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from registry.compat.avro.logical import read_logical
from registry.compat.avro.names import alias_list, checked_name, definition_name, type_aliases
from registry.compat.avro.schema import Enum, Field, Fixed, Schema
from registry.compat.avro.source import Source

_ORDERS: Final = ("ascending", "descending", "ignore")


@dataclass(frozen=True, slots=True)
class Header:
    """What every definition of a named type starts with."""

    pointer: str
    name: str
    namespace: str
    aliases: tuple[str, ...]
    doc: str | None


def read_header(source: Source, pointer: str, node: Mapping[str, Any], enclosing: str) -> Header:
    """Name, namespace, aliases and doc of a definition; ``enclosing`` is the namespace around it."""
    name, space = definition_name(source, pointer, node, enclosing)
    return Header(pointer, name, space, type_aliases(source, pointer, node, space), _doc(node))


def read_enum(source: Source, header: Header, node: Mapping[str, Any]) -> Enum:
    """An enum with its symbols, each once, and the default for symbols that it doesn't know."""
    symbols = node.get("symbols")
    if not isinstance(symbols, list):
        raise source.error(header.pointer, "an enum needs a list of symbols")
    seen: set[str] = set()
    for index, symbol in enumerate(symbols):
        here = f"{header.pointer}/symbols/{index}"
        if checked_name(source, here, symbol, "the symbol") in seen:
            raise source.error(here, f"the symbol {symbol!r} is there twice")
        seen.add(symbol)
    default = node.get("default")
    if default is not None and default not in symbols:
        raise source.error(f"{header.pointer}/default", f"the default {default!r} is not one of the symbols")
    return Enum(
        kind="enum",
        pointer=header.pointer,
        name=header.name,
        namespace=header.namespace,
        aliases=header.aliases,
        doc=header.doc,
        symbols=tuple(symbols),
        default=default,
    )


def read_fixed(source: Source, header: Header, node: Mapping[str, Any]) -> Fixed:
    """A fixed with its size in bytes."""
    size = node.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise source.error(f"{header.pointer}/size", f"a fixed needs its size in bytes, not {size!r}")
    return Fixed(
        kind="fixed",
        pointer=header.pointer,
        name=header.name,
        namespace=header.namespace,
        aliases=header.aliases,
        doc=header.doc,
        size=size,
        logical=read_logical("fixed", node),
    )


def read_field(source: Source, pointer: str, node: Mapping[str, Any], schema: Schema) -> Field:
    """A record's field around its already read type; its default is judged once all types are known."""
    order = node.get("order", "ascending")
    if order not in _ORDERS:
        raise source.error(f"{pointer}/order", f"order is one of {', '.join(_ORDERS)}, not {order!r}")
    return Field(
        name=checked_name(source, f"{pointer}/name", node["name"], "the field name"),
        pointer=pointer,
        type=schema,
        aliases=tuple(
            checked_name(source, f"{pointer}/aliases/{index}", alias, "the alias")
            for index, alias in enumerate(alias_list(source, pointer, node))
        ),
        has_default="default" in node,
        default=node.get("default"),
        doc=_doc(node),
        order=order,
    )


def _doc(node: Mapping[str, Any]) -> str | None:
    doc = node.get("doc")
    return doc if isinstance(doc, str) else None
