"""What each Avro rule means. The breaking ones carry the names of Avro's own kinds of incompatibility."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry.compat.model import Level
from registry.compat.rules import Rule


def _record(*fields: str) -> str:
    return '{"type": "record", "name": "Invoice", "fields": [' + ", ".join(fields) + "]}"


def _enum(symbols: str, extra: str = "") -> str:
    return f'{{"type": "enum", "name": "Status", "symbols": [{symbols}]{extra}}}'


_ID: Final = '{"name": "id", "type": "string"}'
_PAID: Final = '{"name": "paid", "type": "boolean"}'
_CENTS: Final = '{"name": "cents", "type": "%s"}'
_MONEY: Final = '{"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": %s}'

_BREAKING: Final = (
    Rule(
        "name-mismatch",
        Level.BREAKING,
        "A record, enum or fixed is found again by its name. Under another name it is another type, and a reader of "
        "the new schema refuses data written with the old one.",
        "Keep the name, or list the old full name under the new type's aliases.",
        '{"type": "fixed", "name": "Hash", "size": 16}',
        '{"type": "fixed", "name": "Digest", "size": 16}',
        area="names",
    ),
    Rule(
        "fixed-size-mismatch",
        Level.BREAKING,
        "A fixed is read by its number of bytes; with another number the reader would cut the data in the wrong place.",
        "Keep the size and add a new field with a new fixed type, or use bytes where lengths differ.",
        '{"type": "fixed", "name": "Hash", "size": 16}',
        '{"type": "fixed", "name": "Hash", "size": 32}',
        area="types",
    ),
    Rule(
        "missing-enum-symbols",
        Level.BREAKING,
        "Data written before may hold a symbol that the new enum doesn't list and has no default for, so it can't be "
        "read.",
        "Keep the symbol, or give the enum a default that stands for symbols it doesn't know.",
        _enum('"OPEN", "PAID"'),
        _enum('"OPEN"'),
        area="enums",
    ),
    Rule(
        "reader-field-missing-default-value",
        Level.BREAKING,
        "Data written before doesn't hold the new field, and without a default a reader doesn't know what to put there.",
        "Give the new field a default, or name the field that it replaces under its aliases.",
        _record(_ID),
        _record(_ID, _PAID),
        area="fields",
    ),
    Rule(
        "type-mismatch",
        Level.BREAKING,
        "The stored values are of a type that can't be read as the new one. Only int, long, float and double widen in "
        "that order, and string and bytes stand for each other.",
        "Keep the type and add a new field beside it, or allow both in a union.",
        _record(_CENTS % "long"),
        _record(_CENTS % "int"),
        area="types",
    ),
    Rule(
        "missing-union-branch",
        Level.BREAKING,
        "A value of this branch may have been written, and none of the new schema's branches can read it.",
        "Keep the branch in the union, or make one of the others able to read it.",
        '["null", "string"]',
        '["string"]',
        area="unions",
    ),
    Rule(
        "ambiguous-field-alias",
        Level.BREAKING,
        "Name and aliases of the new field point at more than one field of the old record; which one to read is not "
        "defined, and Avro's Java library refuses such data.",
        "Let each field stand for one old field only.",
        _record(_ID, '{"name": "key", "type": "string"}'),
        _record('{"name": "id", "type": "string", "aliases": ["key"]}'),
        area="fields",
    ),
)

_WARNINGS: Final = (
    Rule(
        "enum-symbol-removed",
        Level.WARNING,
        "Old data with this symbol can still be read, but it arrives as the enum's default: the value is lost.",
        "Keep the symbol as long as stored data holds it.",
        _enum('"OPEN", "PAID"', ', "default": "OPEN"'),
        _enum('"OPEN"', ', "default": "OPEN"'),
        area="enums",
    ),
    Rule(
        "decimal-scale-changed",
        Level.WARNING,
        "The stored digits stay the same and the decimal point moves: old amounts are read ten, a hundred, a thousand "
        "times too large or too small. Schema resolution itself doesn't notice.",
        "Keep the scale and add a new field for the finer amount.",
        _MONEY % 2,
        _MONEY % 4,
        area="logical types",
    ),
    Rule(
        "decimal-precision-decreased",
        Level.WARNING,
        "Old amounts may have more digits than the new precision allows; libraries may refuse them.",
        "Keep the precision, or make sure that no stored amount needs it.",
        '{"type": "bytes", "logicalType": "decimal", "precision": 12}',
        '{"type": "bytes", "logicalType": "decimal", "precision": 9}',
        area="logical types",
    ),
    Rule(
        "logical-type-changed",
        Level.WARNING,
        "The bytes can be read, but mean something else now: milliseconds for microseconds, a number for a date.",
        "Keep the logical type and add a new field for the new meaning.",
        '{"type": "long", "logicalType": "timestamp-millis"}',
        '{"type": "long", "logicalType": "timestamp-micros"}',
        area="logical types",
    ),
    Rule(
        "namespace-changed",
        Level.WARNING,
        "Resolution compares names without their namespace, so the data can be read in principle; generated classes, "
        "and some libraries for enum and fixed, compare the full name.",
        "List the old full name under aliases.",
        '{"type": "fixed", "name": "old.Hash", "size": 16}',
        '{"type": "fixed", "name": "new.Hash", "size": 16}',
        area="names",
    ),
    Rule(
        "union-branch-ambiguous",
        Level.WARNING,
        "The first branch that matches the old type by name can't read it and only a later one can. Libraries that "
        "take the first match fail on such data.",
        "Put the branch that can read old data first, or give the branches different names.",
        '{"type": "record", "name": "a.Line", "fields": []}',
        '[{"type": "record", "name": "b.Line", "fields": [{"name": "sku", "type": "string"}]}, '
        '{"type": "record", "name": "c.Line", "fields": []}]',
        area="unions",
    ),
)


def _info(rule: str, why: str, before: str, after: str, area: str) -> Rule:
    return Rule(rule, Level.INFO, why, "Nothing to do.", before, after, area=area)


_INFO: Final = (
    _info(
        "field-added-with-default",
        "Old data lacks the field and reads as its default.",
        _record(_ID),
        _record(_ID, '{"name": "paid", "type": "boolean", "default": false}'),
        "fields",
    ),
    _info("field-removed", "The field in old data is skipped.", _record(_ID, _PAID), _record(_ID), "fields"),
    _info(
        "field-renamed",
        "An alias leads from the new name to the old one.",
        _record(_ID),
        _record('{"name": "number", "type": "string", "aliases": ["id"]}'),
        "fields",
    ),
    _info(
        "type-renamed",
        "An alias leads from the new name to the old one.",
        '{"type": "fixed", "name": "Hash", "size": 16}',
        '{"type": "fixed", "name": "Digest", "aliases": ["Hash"], "size": 16}',
        "names",
    ),
    _info(
        "enum-symbol-added", "Old data doesn't use the new symbol.", _enum('"OPEN"'), _enum('"OPEN", "PAID"'), "enums"
    ),
    _info(
        "type-promoted",
        "Every old value can be read as the wider type.",
        _record(_CENTS % "int"),
        _record(_CENTS % "long"),
        "types",
    ),
    _info("union-branch-added", "Old data doesn't use the new branch.", '["null"]', '["null", "string"]', "unions"),
    _info(
        "union-branch-removed",
        "Another branch can read the values of the one that is gone.",
        '["int", "long"]',
        '["long"]',
        "unions",
    ),
    _info(
        "type-widened-to-union",
        "The old type is one of the union's branches.",
        '"string"',
        '["null", "string"]',
        "unions",
    ),
    _info("union-narrowed-to-type", "Every branch can be read as the one type.", '["int", "long"]', '"long"', "unions"),
    _info(
        "default-added",
        "Only data without the field is read with it.",
        _record(_PAID),
        _record('{"name": "paid", "type": "boolean", "default": false}'),
        "fields",
    ),
    _info(
        "default-removed",
        "The last version has the field; data of versions that lacked it can no longer be read.",
        _record('{"name": "paid", "type": "boolean", "default": false}'),
        _record(_PAID),
        "fields",
    ),
    _info(
        "default-changed",
        "Data without the field is now read with another value.",
        _record('{"name": "paid", "type": "boolean", "default": false}'),
        _record('{"name": "paid", "type": "boolean", "default": true}'),
        "fields",
    ),
    _info(
        "enum-default-changed",
        "Symbols that the enum doesn't know are read as another one.",
        _enum('"OPEN", "PAID"', ', "default": "OPEN"'),
        _enum('"OPEN", "PAID"', ', "default": "PAID"'),
        "enums",
    ),
    _info(
        "decimal-precision-increased",
        "Every old amount fits into the new precision.",
        '{"type": "bytes", "logicalType": "decimal", "precision": 9}',
        '{"type": "bytes", "logicalType": "decimal", "precision": 12}',
        "logical types",
    ),
    _info(
        "logical-type-added",
        "The same values are now read with a meaning.",
        '"long"',
        '{"type": "long", "logicalType": "timestamp-millis"}',
        "logical types",
    ),
    _info(
        "logical-type-removed",
        "The same values are read as plain ones.",
        '{"type": "long", "logicalType": "timestamp-millis"}',
        '"long"',
        "logical types",
    ),
    _info(
        "doc-changed",
        "Words only.",
        _record('{"name": "id", "type": "string", "doc": "Number."}'),
        _record('{"name": "id", "type": "string", "doc": "The number."}'),
        "documentation",
    ),
    _info(
        "order-changed",
        "Sorting by this field changes; reading doesn't.",
        _record(_ID),
        _record('{"name": "id", "type": "string", "order": "descending"}'),
        "fields",
    ),
)

RULES: Final[Mapping[str, Rule]] = {rule.id: rule for rule in (*_BREAKING, *_WARNINGS, *_INFO)}
