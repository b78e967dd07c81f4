"""Members of objects, by content model: open (further members allowed), closed (none), partially open (a schema)."""

from __future__ import annotations

from registry.compat.json_schema.entry import entry
from registry.compat.model import Level

_B, _I = Level.BREAKING, Level.INFO
_DEFAULT = "A reader that fills in defaults can read data without it. (A bare validator fills in nothing and will refuse such data.)"
_STAGED = "Add it as optional with a default, have every writer send it, and require it in a new major version."

ENTRIES = [
    entry(
        "property-added-to-open-content-model",
        _B,
        'The new schema constrains "{subject}", which the old schema, being an open content model, lets hold anything: '
        "data that already has a member of this name may be refused.",
        "The original is open (no additionalProperties: false), so that data may already carry a member of this name with "
        "any value. The strict content model counts that as breaking, as Confluent Schema Registry does; the lenient one "
        "trusts that nobody does.",
        "Close the content model (additionalProperties: false) from the first version on, or judge this subject by the "
        "lenient content model.",
        before='{"type": "object"}',
        after='{"type": "object", "properties": {"vat": {"type": "number"}}}',
        lenient=True,
    ),
    entry(
        "property-with-empty-schema-added-to-open-content-model",
        _I,
        'The new schema names "{subject}" and lets it hold anything, as the old schema (an open content model) does.',
        "An empty schema refuses nothing.",
        before='{"type": "object"}',
        after='{"type": "object", "properties": {"note": {}}}',
    ),
    entry(
        "required-property-added-to-open-content-model",
        _B,
        'The new schema requires "{subject}", which the old schema doesn\'t know: data without it will be refused.',
        "Whatever was written before the property existed lacks it. No content model helps here.",
        _STAGED,
        before='{"type": "object"}',
        after='{"type": "object", "properties": {"vat": {}}, "required": ["vat"]}',
    ),
    entry(
        "required-property-with-default-added-to-open-content-model",
        _I,
        'The new schema requires "{subject}" and gives a default; the old schema doesn\'t know it.',
        _DEFAULT,
        "Make sure that every reader fills in defaults.",
        before='{"type": "object"}',
        after='{"type": "object", "properties": {"note": {"default": ""}}, "required": ["note"]}',
        unsound=True,
    ),
    entry(
        "required-property-added-to-unopen-content-model",
        _B,
        'The new schema requires "{subject}", which the old schema (a closed or partially open content model) doesn\'t list: '
        "data without it will be refused.",
        "Whatever was written before the property existed lacks it.",
        _STAGED,
        before='{"type": "object", "additionalProperties": false}',
        after='{"type": "object", "properties": {"vat": {"type": "number"}}, "required": ["vat"], '
        '"additionalProperties": false}',
    ),
    entry(
        "required-property-with-default-added-to-unopen-content-model",
        _I,
        'The new schema requires "{subject}" and gives a default; the old schema (a closed or partially open content model) '
        "doesn't list it.",
        _DEFAULT,
        "Make sure that every reader fills in defaults.",
        before='{"type": "object", "additionalProperties": false}',
        after='{"type": "object", "properties": {"vat": {"type": "number", "default": 0}}, "required": ["vat"], '
        '"additionalProperties": false}',
        unsound=True,
    ),
    entry(
        "optional-property-added-to-unopen-content-model",
        _I,
        'The new schema knows the optional "{subject}", which the old schema, being a closed content model, refuses: '
        "no valid data can have it.",
        "The original is closed, so that no data carries a member of this name.",
        before='{"type": "object", "additionalProperties": false}',
        after='{"type": "object", "properties": {"vat": {"type": "number"}}, "additionalProperties": false}',
    ),
    entry(
        "property-added-is-covered-by-partially-open-content-model",
        _I,
        'The new schema lists "{subject}", and takes all that the old schema (a partially open content model) takes there.',
        "What the original asks of members that it doesn't list is at least as strict as the added property.",
        before='{"type": "object", "additionalProperties": {"type": "integer"}}',
        after='{"type": "object", "properties": {"vat": {"type": "number"}}, "additionalProperties": {"type": "integer"}}',
    ),
    entry(
        "property-added-not-covered-by-partially-open-content-model",
        _B,
        'The new schema lists "{subject}" and refuses some of what the old schema (a partially open content model) takes '
        "there.",
        "The original lets members that it doesn't list hold more than the added property does.",
        "Give the property the same schema as the original gives to members that it doesn't list, or take another name.",
        before='{"type": "object", "additionalProperties": {"type": "string"}}',
        after='{"type": "object", "properties": {"vat": {"type": "number"}}, "additionalProperties": {"type": "string"}}',
    ),
    entry(
        "property-removed-from-open-content-model",
        _I,
        'The new schema doesn\'t list "{subject}" but, being an open content model, lets it pass with any value.',
        "The update is open, so that data with this member stays valid. Readers can't rely on it any more.",
        "Tell those who read the property.",
        before='{"type": "object", "properties": {"vat": {"type": "number"}}}',
        after='{"type": "object"}',
    ),
    entry(
        "property-removed-from-closed-content-model",
        _B,
        'The new schema, being a closed content model, refuses "{subject}", which the old schema lists: data that has it '
        "will be refused.",
        "The update is closed, so that data with this member is refused. The lenient content model trusts readers to skip "
        "members they don't know.",
        "Keep the property, say that it is deprecated, and remove it once nobody sends it.",
        before='{"type": "object", "properties": {"vat": {"type": "number"}}, "additionalProperties": false}',
        after='{"type": "object", "additionalProperties": false}',
        lenient=True,
    ),
    entry(
        "property-with-false-removed-from-closed-content-model",
        _I,
        'The new schema doesn\'t list "{subject}"; in the old schema its schema is false, so that no valid data has it.',
        "The member was forbidden before and still is.",
        before='{"type": "object", "properties": {"vat": false}, "additionalProperties": false}',
        after='{"type": "object", "additionalProperties": false}',
    ),
    entry(
        "property-removed-is-covered-by-partially-open-content-model",
        _I,
        'The new schema doesn\'t list "{subject}", but what it takes from unlisted members includes all the old schema takes.',
        "The update is partially open, and its schema for unlisted members takes all that the property took.",
        before='{"type": "object", "properties": {"vat": {"type": "integer"}}, "additionalProperties": {"type": "number"}}',
        after='{"type": "object", "additionalProperties": {"type": "number"}}',
    ),
    entry(
        "property-removed-not-covered-by-partially-open-content-model",
        _B,
        'The new schema doesn\'t list "{subject}", and what it takes from unlisted members (a partially open content model) '
        "leaves out some of what the old schema takes.",
        "The update is partially open, and its schema for unlisted members refuses some of what the property took. The "
        "lenient content model trusts readers to skip members they don't know.",
        "Keep the property, or widen the schema of unlisted members.",
        before='{"type": "object", "properties": {"vat": {"type": "string"}}, "additionalProperties": {"type": "number"}}',
        after='{"type": "object", "additionalProperties": {"type": "number"}}',
        lenient=True,
    ),
    entry(
        "required-attribute-added",
        _B,
        'The new schema requires "{subject}", which is optional in the old schema: data without it will be refused.',
        "Whoever leaves the member out is refused.",
        _STAGED,
        before='{"properties": {"vat": {"type": "number"}}}',
        after='{"properties": {"vat": {"type": "number"}}, "required": ["vat"]}',
    ),
    entry(
        "required-attribute-with-default-added",
        _I,
        'The new schema requires "{subject}" and gives a default; it is optional in the old schema.',
        _DEFAULT,
        "Make sure that every reader fills in defaults.",
        before='{"properties": {"vat": {"type": "number", "default": 0}}}',
        after='{"properties": {"vat": {"type": "number", "default": 0}}, "required": ["vat"]}',
        unsound=True,
    ),
    entry(
        "required-attribute-removed",
        _I,
        'The new schema leaves "{subject}" optional, the old schema requires it: nothing valid is refused.',
        "All that was valid stays valid. Readers must cope without it from now on.",
        "Tell those who read the property.",
        before='{"properties": {"vat": {"type": "number"}}, "required": ["vat"]}',
        after='{"properties": {"vat": {"type": "number"}}}',
    ),
    entry(
        "additional-properties-added",
        _I,
        "The new schema takes members that it doesn't list, the old schema (a closed content model) none.",
        "All that was valid stays valid.",
        before='{"type": "object", "additionalProperties": false}',
        after='{"type": "object"}',
    ),
    entry(
        "additional-properties-removed",
        _B,
        "The new schema refuses members that it doesn't list (a closed content model), the old schema takes them: data that "
        "has any will be refused.",
        "Whoever sends a member that is not listed is refused. The lenient content model trusts that nobody does.",
        "List the members that real data has before closing the content model.",
        before='{"type": "object"}',
        after='{"type": "object", "additionalProperties": false}',
        lenient=True,
    ),
    entry(
        "additional-properties-narrowed",
        _B,
        "The new schema takes unlisted members only if they fit a schema (a partially open content model), the old schema "
        "takes any: the others will be refused.",
        "Whoever sends an unlisted member that doesn't fit is refused. The lenient content model trusts that nobody does.",
        "List the members that real data has before narrowing the content model.",
        before='{"type": "object"}',
        after='{"type": "object", "additionalProperties": {"type": "string"}}',
        lenient=True,
    ),
    entry(
        "additional-properties-extended",
        _I,
        "The new schema takes any unlisted member, the old schema only those that fit a schema: nothing valid is refused.",
        "All that was valid stays valid.",
        before='{"type": "object", "additionalProperties": {"type": "string"}}',
        after='{"type": "object"}',
    ),
    entry(
        "reserved-property-removed",
        _B,
        'The new schema doesn\'t reserve the name "{subject}", the old schema does.',
        "A reserved name must never be taken again, since old data may hold it with another meaning.",
        "Keep the name in confluent:reserved.",
        before='{"confluent:reserved": ["vat"]}',
        after="{}",
    ),
    entry(
        "reserved-property-conflicts-with-property",
        _B,
        'The new schema has a property "{subject}", a name that is reserved.',
        "A reserved name must never be taken again, since old data may hold it with another meaning.",
        "Take another name.",
        before='{"confluent:reserved": ["vat"]}',
        after='{"confluent:reserved": ["vat"], "properties": {"vat": {}}}',
    ),
]
