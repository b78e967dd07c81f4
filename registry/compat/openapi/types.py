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
_STRUCTURED: Final = frozenset({"object", "array", "null"})


def classify(old: Shape, new: Shape, *, text: bool) -> str:
    """How the set of right values moved: generalized, specialized, compatible (neither way) or changed.

    Args:
        old: the schema as it was.
        new: the schema as it is.
        text: whether values are text on the wire, so that plain text holds every number and boolean.
    """
    wider, narrower = _holds(new, old, text=text), _holds(old, new, text=text)
    if wider and narrower:
        return "compatible"
    if wider:
        return "generalized"
    return "specialized" if narrower else "changed"


def _holds(wide: Shape, narrow: Shape, *, text: bool) -> bool:
    if not wide.types:
        return True
    sources = narrow.types or (("string",) if text else ())
    return bool(sources) and all(
        any(_type_holds(wide, name, narrow, other, text) for name in wide.types) for other in sources
    )


def _type_holds(wide: Shape, name: str, narrow: Shape, other: str, text: bool) -> bool:  # noqa: FBT001 -- private, called in one place
    if name == other:
        return _format_holds(name, wide.format, narrow.format)
    if (name, other) == ("number", "integer"):
        return wide.format in ("", "double", narrow.format)
    return text and name == "string" and not wide.format and other not in _STRUCTURED


def _format_holds(name: str, wide: str, narrow: str) -> bool:
    return wide in ("", narrow) or narrow in _WIDER_FORMATS.get((name, wide), ())


def spelled(shape: Shape) -> str:
    """A type and its format for a person: ``integer (int64)``."""
    name = " or ".join(shape.types) or "any type"
    return f"{name} ({shape.format})" if shape.format else name
