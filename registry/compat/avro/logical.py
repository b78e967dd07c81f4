"""Logical types: which annotations count. One that doesn't fit its type is ignored, as the specification asks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from registry.compat.avro.schema import Logical

_UUID_BYTES: Final = 16
_DURATION_BYTES: Final = 12
_CARRIERS: Final[Mapping[str, frozenset[str]]] = {
    "date": frozenset({"int"}),
    "time-millis": frozenset({"int"}),
    "time-micros": frozenset({"long"}),
    "timestamp-millis": frozenset({"long"}),
    "timestamp-micros": frozenset({"long"}),
    "timestamp-nanos": frozenset({"long"}),
    "local-timestamp-millis": frozenset({"long"}),
    "local-timestamp-micros": frozenset({"long"}),
    "local-timestamp-nanos": frozenset({"long"}),
    "uuid": frozenset({"string", "fixed"}),
    "duration": frozenset({"fixed"}),
    "decimal": frozenset({"bytes", "fixed"}),
}
_DECIMAL: Final[tuple[tuple[str, Any], ...]] = (("precision", None), ("scale", 0), ("size", None))


def read_logical(kind: str, node: Mapping[str, Any]) -> Logical | None:
    """The logical type of a schema object, or None if it has none that fits; names of one's own count as written."""
    name = node.get("logicalType")
    if not isinstance(name, str):
        return None
    if name in _CARRIERS and kind not in _CARRIERS[name]:
        return None
    if kind == "fixed" and node.get("size") != {"uuid": _UUID_BYTES, "duration": _DURATION_BYTES}.get(
        name, node.get("size")
    ):
        return None
    return _decimal(kind, node) if name == "decimal" else Logical(name)


def _decimal(kind: str, node: Mapping[str, Any]) -> Logical | None:
    precision, scale, size = (_whole(node.get(key, default)) for key, default in _DECIMAL)
    if precision is None or scale is None or not 0 <= scale <= precision or precision == 0:
        return None
    if kind == "fixed" and size is not None and precision > _digits(size):
        return None
    return Logical("decimal", precision, scale)


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _digits(size: int) -> int:
    """Decimal digits that always fit into so many bytes of two's complement (a byte holds more than two)."""
    return math.floor((8 * size - 1) * math.log10(2)) if size > 0 else 0
