"""Which types and formats hold which others."""

from __future__ import annotations

from typing import Final

from registry.compat.openapi.diff.shape import Shape

# The formats that a wider one of the same type takes in.
_WIDER_FORMATS: Final = {
    ("number", "double"): frozenset({"float"}),
    ("integer", "int64"): frozenset({"int32"}),
    ("integer", "bigint"): frozenset({"int32", "int64"}),
    ("string", "date-time"): frozenset({"date", "time"}),
}
_SCALARS: Final = frozenset({"integer", "number", "boolean"})


def classify(old: Shape, new: Shape, *, text: bool, request: bool) -> str:
    """How the set of right values moved: generalized, specialized, compatible or changed.

    Args:
        old: the schema as it was.
        new: the schema as it is.
        text: whether values are text on the wire, so that plain text holds every number and boolean: compatible.
        request: whether the new schema must take what the old one let through, or the other way round.
    """
    if _holds(new, old):
        return "generalized"
    if _holds(old, new):
        return "specialized"
    reader, writer = (new, old) if request else (old, new)
    plain_text = reader.types == ("string",) and not reader.format
    return "compatible" if text and plain_text and writer.types and set(writer.types) <= _SCALARS else "changed"


def _holds(wide: Shape, narrow: Shape) -> bool:
    if not wide.types:
        return True
    return bool(narrow.types) and all(
        any(_type_holds(wide, name, narrow, other) for name in wide.types) for other in narrow.types
    )


def _type_holds(wide: Shape, name: str, narrow: Shape, other: str) -> bool:
    if name == other:
        return _format_holds(name, wide.format, narrow.format)
    return (name, other) == ("number", "integer") and wide.format in ("", "double", narrow.format)


def _format_holds(name: str, wide: str, narrow: str) -> bool:
    return wide in ("", narrow) or narrow in _WIDER_FORMATS.get((name, wide), ())


def spelled(shape: Shape) -> str:
    """A type and its format for a person: ``integer (int64)``."""
    name = " or ".join(shape.types) or "any type"
    return f"{name} ({shape.format})" if shape.format else name
