"""A payload held against the schema of its event's type; what is wrong is told by the schema's words alone. Pure.

``format`` is an annotation, as JSON Schema has it, and refuses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jsonschema.exceptions import ValidationError

from policies.drift import masking
from registry.compat.json_lines import escape
from registry.compat.json_schema.index import Index
from registry.compat.json_schema.validation import Checker, TooMuchError
from registry.compat.source_map import Document

#: Faults of one payload that are kept, and words that one sentence lists.
MOST, _LISTED = 20, 6
_REFERENCES = 10_000
#: Beyond so many digits a number stays as it is.
_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Violation:
    """A fault: where in the payload (a JSON Pointer, places in lists as ``*``), by which keyword, in words, masked."""

    path: str
    rule: str
    sentence: str
    example: str


def violations(document: Any, pointer: str, payload: Any) -> list[Violation] | None:
    """What the schema at a pointer of a document does not allow; None where it can't judge.

    Args:
        document: a JSON Schema or AsyncAPI document with all that it refers to, its fractions as ``Decimal`` too.
        pointer: where in it the schema stands.
        payload: a JSON value; fractions may be ``Decimal``.
    """
    checker = Checker(Index(Document(document, lambda _: None), "new"), _REFERENCES)
    try:
        errors = checker.errors(pointer, _plain(payload))
    except TooMuchError:
        return None
    except Exception:  # noqa: BLE001  whatever jsonschema can't do with this schema says nothing about the payload
        return None
    found = {(one.path, one.rule, one.sentence): one for one in map(_violation, errors)}
    return list(found.values())[:MOST]


def _plain(value: Any) -> Any:
    """The same JSON with whole numbers as such: 5.0 is an integer by JSON Schema, and ``Decimal`` is none by jsonschema."""
    if isinstance(value, Decimal):
        return int(value) if value.adjusted() < _DIGITS and value == value.to_integral_value() else value
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _violation(error: ValidationError) -> Violation:
    path = "".join(f"/{'*' if isinstance(one, int) else escape(masking.name(one))}" for one in error.absolute_path)
    rule = str(error.validator)
    return Violation(path or "/", rule, _sentence(error, rule), masking.example(error.instance))


def _sentence(error: ValidationError, rule: str) -> str:
    said, instance = error.validator_value, error.instance
    sentence = f"does not meet {rule} {_json(said)}"
    match rule:
        case "type":
            kinds = [said] if isinstance(said, str) else list(said) if isinstance(said, list) else []
            sentence = f"must be {' or '.join(map(str, kinds))}, and is {_kind(instance)}"
        case "required" if isinstance(said, list) and isinstance(instance, Mapping):
            sentence = f"lacks {_names(str(one) for one in said if one not in instance)}"
        case "enum" if isinstance(said, list):
            sentence = f"must be one of {', '.join(map(_json, said[:_LISTED]))}{' ...' if len(said) > _LISTED else ''}"
        case "const":
            sentence = f"must be {_json(said)}"
        case "additionalProperties" | "unevaluatedProperties" if isinstance(instance, Mapping):
            declared = error.schema.get("properties") if isinstance(error.schema, Mapping) else None
            extra = [one for one in instance if not isinstance(declared, Mapping) or one not in declared]
            sentence = f"has members that the schema does not have: {_names(map(masking.name, extra))}"
        case "anyOf" | "oneOf" if isinstance(said, list):
            which = "exactly one" if rule == "oneOf" else "any"
            sentence = f"does not fit {which} of {len(said)} alternatives"
    return sentence


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    kinds: Sequence[tuple[Any, str]] = (
        (bool, "boolean"), (str, "string"), (int, "integer"), (Decimal, "number"), (Mapping, "object"), (list, "array"),
    )  # fmt: skip
    return next((word for kind, word in kinds if isinstance(value, kind)), "something else")


def _names(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:_LISTED]) + (f" and {len(listed) - _LISTED} more" if len(listed) > _LISTED else "")


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=float)  # decimal fractions
    return text if len(text) <= 100 else f"{text[:100]}…"  # noqa: PLR2004  a line is a line
