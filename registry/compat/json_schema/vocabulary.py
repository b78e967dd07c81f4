"""Which keywords hold schemas, and what shape the others must have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from registry.compat.json_lines import escape

TYPES = ("null", "boolean", "object", "array", "number", "integer", "string")

ONE_SCHEMA = frozenset(
    {
        "additionalItems",
        "additionalProperties",
        "contains",
        "else",
        "if",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
SCHEMA_LIST = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
# Schemas that judge the very value that the schema around them judges.
SAME_VALUE = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies"})
SCHEMA_MAP = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"})


def is_schema(value: Any) -> bool:
    """Whether the value may stand where a schema stands: an object or a boolean."""
    return isinstance(value, (dict, bool))


def is_number(value: Any) -> bool:
    """Whether the value is a JSON number (a Python bool is none)."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return is_number(value) and value >= 0 and float(value).is_integer()


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _is_type(value: Any) -> bool:
    if isinstance(value, str):
        return value in TYPES
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) and one in TYPES for one in value)


def _is_map(holds: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and all(map(holds, value.values()))


def _is_list(holds: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(holds, value))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_bound(value: Any) -> bool:
    return is_number(value) or isinstance(value, bool)


def _is_items(value: Any) -> bool:
    return is_schema(value) or (isinstance(value, list) and all(map(is_schema, value)))


_COUNT = (_is_count, "a whole number, zero or more")
_NUMBER = (is_number, "a number")
_NAMES = (_is_names, "a list of property names")
_SCHEMA = (is_schema, "a schema (an object, true or false)")

# keyword -> (test, what it must be, in words)
SHAPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    **dict.fromkeys(ONE_SCHEMA, _SCHEMA),
    **dict.fromkeys(SCHEMA_LIST, (_is_list(is_schema), "a list of schemas")),
    **dict.fromkeys(SCHEMA_MAP, (_is_map(is_schema), "an object whose values are schemas")),
    **dict.fromkeys(
        (
            *("maxLength", "minLength", "maxItems", "minItems"),
            *("maxProperties", "minProperties", "maxContains", "minContains"),
        ),
        _COUNT,
    ),
    "$ref": (_is_text, "text: where the schema stands"),
    "dependencies": (
        _is_map(lambda value: is_schema(value) or _is_names(value)),
        "an object whose values are schemas or lists of property names",
    ),
    "dependentRequired": (_is_map(_is_names), "an object whose values are lists of property names"),
    "enum": (lambda value: isinstance(value, list), "a list of values"),
    "exclusiveMaximum": (_is_bound, "a number (or, in draft 4, true or false)"),
    "exclusiveMinimum": (_is_bound, "a number (or, in draft 4, true or false)"),
    "items": (_is_items, "a schema or a list of schemas"),
    "maximum": _NUMBER,
    "minimum": _NUMBER,
    "multipleOf": (lambda value: is_number(value) and value > 0, "a number above zero"),
    "pattern": (_is_text, "a regular expression"),
    "required": _NAMES,
    "type": (_is_type, f"one of {', '.join(TYPES)}, or a list of them"),
    "uniqueItems": (lambda value: isinstance(value, bool), "true or false"),
}


def children(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every schema directly within one, with its JSON Pointer relative to it."""
    for keyword, value in schema.items():
        if keyword in ONE_SCHEMA:
            yield f"/{keyword}", value
        elif keyword in SCHEMA_MAP or keyword == "dependencies":
            for name, one in value.items():
                if is_schema(one):
                    yield f"/{keyword}/{escape(name)}", one
        elif keyword in SCHEMA_LIST or (keyword == "items" and isinstance(value, list)):
            for position, one in enumerate(value):
                yield f"/{keyword}/{position}", one
        elif keyword == "items":
            yield "/items", value
