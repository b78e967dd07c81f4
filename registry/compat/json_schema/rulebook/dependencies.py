"""Members that others call for (dependencies), and members judged by how their names look (patternProperties)."""

from __future__ import annotations

from registry.compat.json_schema.entry import entry
from registry.compat.model import Level

_B, _I = Level.BREAKING, Level.INFO
_STAGED = "Add it as optional with a default, have every writer send it, and require it in a new major version."

ENTRIES = [
    entry(
        "dependency-array-added",
        _B,
        'The new schema asks that members come along with "{subject}" ({new}), the old schema doesn\'t: data without them '
        "will be refused.",
        "Whoever sends the member without those that it depends on is refused.",
        _STAGED,
        before='{"type": "object"}',
        after='{"type": "object", "dependentRequired": {"iban": ["bic"]}}',
    ),
    entry(
        "dependency-array-extended",
        _B,
        'The new schema asks that more members come along with "{subject}" ({new}) than the old schema does ({old}).',
        "Whoever sends the member without all of those that it depends on is refused.",
        _STAGED,
        before='{"dependentRequired": {"iban": ["bic"]}}',
        after='{"dependentRequired": {"iban": ["bic", "holder"]}}',
    ),
    entry(
        "dependency-array-changed",
        _B,
        'The new schema asks that other members come along with "{subject}" ({new}) than the old schema does ({old}).',
        "Whoever sends the member without all of those that it depends on is refused.",
        _STAGED,
        before='{"dependentRequired": {"iban": ["bic"]}}',
        after='{"dependentRequired": {"iban": ["holder"]}}',
    ),
    entry(
        "dependency-array-narrowed",
        _I,
        'The new schema asks that fewer members come along with "{subject}" than the old schema does.',
        "All that was valid stays valid.",
        before='{"dependentRequired": {"iban": ["bic", "holder"]}}',
        after='{"dependentRequired": {"iban": ["bic"]}}',
    ),
    entry(
        "dependency-array-removed",
        _I,
        'The new schema lets "{subject}" stand alone, the old schema asks that {old} come along.',
        "All that was valid stays valid.",
        before='{"type": "object", "dependentRequired": {"iban": ["bic"]}}',
        after='{"type": "object"}',
    ),
    entry(
        "dependency-schema-added",
        _B,
        "The new schema asks that data with \"{subject}\" fit a further schema, the old schema doesn't: data that doesn't fit "
        "will be refused.",
        "Whoever sends the member in data that doesn't fit the added schema is refused.",
        _STAGED,
        before='{"type": "object"}',
        after='{"type": "object", "dependentSchemas": {"iban": {"required": ["bic"]}}}',
    ),
    entry(
        "dependency-schema-removed",
        _I,
        'The new schema asks nothing further of data with "{subject}", the old schema does.',
        "All that was valid stays valid.",
        before='{"type": "object", "dependentSchemas": {"iban": {"required": ["bic"]}}}',
        after='{"type": "object"}',
    ),
    entry(
        "pattern-property-added-to-open-content-model",
        _B,
        'The new schema constrains all members whose names match "{subject}", which the old schema, being an open content '
        "model, lets hold anything.",
        "Data may already carry members whose names match. The lenient content model trusts that it doesn't.",
        "Close the content model from the first version on, or judge this subject by the lenient content model.",
        before='{"type": "object"}',
        after='{"type": "object", "patternProperties": {"^x-": {"type": "string"}}}',
        lenient=True,
    ),
    entry(
        "pattern-property-added-not-covered",
        _B,
        'The new schema constrains all members whose names match "{subject}" and refuses some of what the old schema takes '
        "there.",
        "Members whose names match are held to a schema that some of the data valid until now doesn't fit.",
        "Give the pattern a schema that takes all that such members could hold.",
        before='{"type": "object", "additionalProperties": {"type": "number"}}',
        after='{"type": "object", "patternProperties": {"^x-": {"type": "string"}}, '
        '"additionalProperties": {"type": "number"}}',
    ),
    entry(
        "pattern-property-added-is-covered",
        _I,
        'The new schema has a schema for members whose names match "{subject}"; it takes all that the old schema takes there.',
        "All that was valid stays valid.",
        before='{"type": "object", "additionalProperties": false}',
        after='{"type": "object", "patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": false}',
    ),
    entry(
        "pattern-property-removed-from-open-content-model",
        _I,
        'The new schema, being an open content model, lets members whose names match "{subject}" hold anything.',
        "All that was valid stays valid.",
        before='{"type": "object", "patternProperties": {"^x-": {"type": "string"}}}',
        after='{"type": "object"}',
    ),
    entry(
        "pattern-property-removed-from-closed-content-model",
        _B,
        'The new schema, being a closed content model, refuses members whose names match "{subject}", which the old schema '
        "takes.",
        "Whoever sends such a member is refused. The lenient content model trusts readers to skip members they don't know.",
        "Keep the pattern until nobody sends such members.",
        before='{"type": "object", "patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": false}',
        after='{"type": "object", "additionalProperties": false}',
        lenient=True,
    ),
    entry(
        "pattern-property-removed-is-covered",
        _I,
        'The new schema has no pattern "{subject}", but takes all that the old schema takes from such members.',
        "All that was valid stays valid.",
        before='{"type": "object", "patternProperties": {"^x-": {"type": "integer"}}, "additionalProperties": {"type": "number"}}',
        after='{"type": "object", "additionalProperties": {"type": "number"}}',
    ),
    entry(
        "pattern-property-removed-not-covered",
        _B,
        'The new schema has no pattern "{subject}", and what it takes from unlisted members leaves out some of what the old '
        "schema takes from such members.",
        "Whoever sends such a member may be refused.",
        "Keep the pattern until nobody sends such members.",
        before='{"type": "object", "patternProperties": {"^x-": {"type": "string"}}, '
        '"additionalProperties": {"type": "number"}}',
        after='{"type": "object", "additionalProperties": {"type": "number"}}',
        lenient=True,
    ),
]
