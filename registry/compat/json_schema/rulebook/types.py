"""Types, listed values, annotations, references."""

from __future__ import annotations

from registry.compat.json_schema.entry import entry
from registry.compat.model import Level

_B, _I = Level.BREAKING, Level.INFO
_BESIDE = "Offer the new form in a property of its own beside the old one, move readers and writers over, then drop it."
_ANNOTATION = "It says something about the schema and nothing about which data is valid."

ENTRIES = [
    entry(
        "type-changed",
        _B,
        "The new schema takes {new} where the old schema takes {old}: none of the data valid until now will be accepted.",
        "No value is of both types: everyone who sends it is refused.",
        _BESIDE,
        before='{"type": "string"}',
        after='{"type": "number"}',
    ),
    entry(
        "type-narrowed",
        _B,
        "The new schema takes {new} where the old schema takes {old}: part of the data valid until now will be refused.",
        "Whoever sends the wider type (1.5 where only integers are taken) is refused.",
        _BESIDE,
        before='{"type": "number"}',
        after='{"type": "integer"}',
    ),
    entry(
        "type-extended",
        _I,
        "The new schema takes {new}, the old schema {old}: nothing valid is refused.",
        "The wider type holds all values of the narrower one.",
        before='{"type": "integer"}',
        after='{"type": "number"}',
    ),
    entry(
        "empty-schema-described",
        _B,
        "The new schema has keywords about the data where the old schema is empty and takes anything.",
        "Confluent Schema Registry takes an empty schema and a described one for two types, even while the description "
        "refuses nothing, and so does this check.",
        "Leave the schema empty, or give it a name of its own and move over.",
        before="{}",
        after='{"properties": {}}',
    ),
    entry(
        "enum-array-added",
        _B,
        "The new schema lists the only values that it takes ({new}), the old schema takes others too: they will be refused.",
        "Whoever sends a value that is not listed is refused.",
        "List every value that is in use (look at real data first), or keep the values as examples.",
        before='{"type": "string"}',
        after='{"type": "string", "enum": ["EUR", "USD"]}',
    ),
    entry(
        "enum-array-narrowed",
        _B,
        "The new schema takes {new} and leaves out part of the old schema's values {old}: those will be refused.",
        "Whoever still sends a value that was taken out is refused.",
        "Keep the value and mark it as deprecated in the description until nobody sends it.",
        before='{"enum": ["EUR", "USD"]}',
        after='{"enum": ["EUR"]}',
    ),
    entry(
        "enum-array-changed",
        _B,
        "The new schema takes {new}, the old schema {old}: values that are missing will be refused.",
        "Whoever still sends a value that was taken out is refused.",
        "Add the new values and keep the old ones until nobody sends them.",
        before='{"enum": ["EUR", "USD"]}',
        after='{"enum": ["EUR", "GBP"]}',
    ),
    entry(
        "enum-array-extended",
        _I,
        "The new schema takes {new}, which includes all of the old schema's {old}.",
        "All that was valid stays valid. Those who read the data with the old schema will meet values new to them.",
        "Tell readers before the first new value is sent.",
        before='{"enum": ["EUR"]}',
        after='{"enum": ["EUR", "USD"]}',
    ),
    entry(
        "enum-array-removed",
        _I,
        "The new schema lists no values, the old schema {old}: nothing valid is refused.",
        "All that was valid stays valid.",
        before='{"enum": ["EUR"]}',
        after="{}",
    ),
    entry(
        "schema-added",
        _B,
        'The new schema puts a schema on "{subject}" where the old schema takes anything: data it doesn\'t fit will be '
        "refused.",
        "Whoever sends data that doesn't fit the added schema is refused.",
        "Describe first, enforce later: check real data against it before it is made part of the contract.",
        before='{"type": "array"}',
        after='{"type": "array", "items": {"type": "string"}}',
    ),
    entry(
        "schema-removed",
        _I,
        'The new schema puts no schema on "{subject}", the old schema does: nothing valid is refused.',
        "All that was valid stays valid.",
        before='{"type": "array", "items": {"type": "string"}}',
        after='{"type": "array"}',
    ),
    entry(
        "reference-changed",
        _B,
        "The new schema refers to {new} outside the document, the old schema to {old}: what stands there can't be compared.",
        "Whether the two referenced schemas agree is not known, and not known counts as breaking.",
        "Put the referenced schema into $defs of the same document, or compare the two referenced documents.",
        before='{"$ref": "https://example.com/money-1.json"}',
        after='{"$ref": "https://example.com/money-2.json"}',
    ),
    entry(
        "id-changed",
        _I,
        "The schemas have different ids ({old}, {new}).",
        _ANNOTATION,
        before='{"$id": "https://example.com/bill"}',
        after='{"$id": "https://example.com/invoice"}',
    ),
    entry(
        "title-changed",
        _I,
        "The schemas have different titles ({old}, {new}).",
        _ANNOTATION,
        before='{"title": "Bill"}',
        after='{"title": "Invoice"}',
    ),
    entry(
        "description-changed",
        _I,
        "The schemas have different descriptions.",
        _ANNOTATION,
        before='{"description": "Net amount"}',
        after='{"description": "Gross amount"}',
    ),
    entry(
        "default-changed",
        _I,
        "The default is {new} in the new schema and {old} in the old schema; who leaves the value out gets another one.",
        _ANNOTATION + " Those who rely on the default get another value, though.",
        "Send the value explicitly where it matters.",
        before='{"type": "string", "default": "EUR"}',
        after='{"type": "string", "default": "USD"}',
    ),
]
