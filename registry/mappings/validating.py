"""Whether a document is valid by a schema, each fault with its path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.exceptions import SchemaError
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from referencing.exceptions import Unresolvable

from registry.mappings.engine import exact
from registry.mappings.paths import Index, Key, Path
from registry.mappings.schema.view import SchemaView
from registry.mappings.transforms.moments import read_day, read_moment

_MOST = 50


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong with a document: the path in it (empty for the whole), one sentence, and the keyword that says so."""

    path: str
    message: str
    keyword: str = ""


def violations(schema: SchemaView, document: Any) -> list[Violation]:
    """All faults, by their paths; one that speaks for itself if the schema can't judge."""
    try:
        found = sorted(_validator(schema).iter_errors(exact(document)), key=lambda error: str(error.json_path))
    except (SchemaError, Unresolvable, RecursionError, TypeError, ValueError) as error:
        return [Violation("", f"the schema can't be used to validate: {' '.join(str(error).split())[:200]}")]
    return [_violation(error) for error in found[:_MOST]]


def _violation(error: ValidationError) -> Violation:
    # Of several branches the nearest tells most.
    deepest = error
    while deepest.context:
        deepest = max(deepest.context, key=lambda one: len(one.absolute_path))
    parts = (Index(part) if isinstance(part, int) else Key(str(part)) for part in deepest.absolute_path)
    path = Path(tuple(parts))
    message = deepest.message if len(deepest.message) <= 300 else f"{deepest.message[:300]}..."  # noqa: PLR2004
    return Violation(str(path) if path.segments else "", message, str(deepest.validator))


_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date-time", raises=ValueError)
def _date_time(value: object) -> bool:
    return not isinstance(value, str) or bool(read_moment(value))


@_FORMATS.checks("date", raises=ValueError)
def _date(value: object) -> bool:
    return not isinstance(value, str) or bool(read_day(value))


def _validator(schema: SchemaView) -> Validator:
    if "validator" not in schema.memo:
        # ``multipleOf: 0.01`` is meant as it is written.
        root = exact(schema.root) if schema.reference is None else {"$ref": schema.reference}
        kind = validator_for(root, default=Draft202012Validator)
        schema.memo["validator"] = kind(root, format_checker=_FORMATS, registry=schema.registry)
    validator: Validator = schema.memo["validator"]
    return validator
