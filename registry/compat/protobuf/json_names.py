"""The name of a field in Protobuf's JSON."""

from __future__ import annotations

import re

from registry.compat.protobuf.schema import Field


def json_name(item: Field) -> str:
    """``json_name`` where it is given, else lowerCamelCase of the name."""
    given = item.options.get("json_name")
    return given if isinstance(given, str) else re.sub(r"_+([A-Za-z0-9]?)", lambda m: m.group(1).upper(), item.name)
