"""Items of arrays; a tuple has a content model as an object has."""

from __future__ import annotations

from registry.compat.json_schema.entry import entry
from registry.compat.model import Level

_B, _I = Level.BREAKING, Level.INFO
_KEEP = "Keep the form of existing positions, and put what is new into a property of its own."

ENTRIES = [
    entry(
        "unique-items-added",
        _B,
        "The new schema asks that no item repeat, the old schema doesn't: arrays with repetitions will be refused.",
        "Whoever sends the same item twice is refused.",
        "Check real data for repetitions first.",
        before='{"type": "array"}',
        after='{"type": "array", "uniqueItems": true}',
    ),
    entry(
        "unique-items-removed",
        _I,
        "The new schema lets items repeat, the old schema doesn't: nothing valid is refused.",
        "All that was valid stays valid.",
        before='{"type": "array", "uniqueItems": true}',
        after='{"type": "array"}',
    ),
    entry(
        "additional-items-added",
        _I,
        "The new schema takes items past the listed ones, the old schema none.",
        "All that was valid stays valid.",
        before='{"prefixItems": [{"type": "string"}], "items": false}',
        after='{"prefixItems": [{"type": "string"}]}',
    ),
    entry(
        "additional-items-removed",
        _B,
        "The new schema refuses items past the listed ones, the old schema takes them: longer arrays will be refused.",
        "Whoever sends more items than are listed is refused.",
        _KEEP,
        before='{"prefixItems": [{"type": "string"}]}',
        after='{"prefixItems": [{"type": "string"}], "items": false}',
    ),
    entry(
        "additional-items-narrowed",
        _B,
        "The new schema takes items past the listed ones only if they fit a schema, the old schema takes any.",
        "Whoever sends a further item that doesn't fit is refused.",
        _KEEP,
        before='{"prefixItems": [{"type": "string"}]}',
        after='{"prefixItems": [{"type": "string"}], "items": {"type": "string"}}',
    ),
    entry(
        "additional-items-extended",
        _I,
        "The new schema takes any item past the listed ones, the old schema only those that fit a schema.",
        "All that was valid stays valid.",
        before='{"prefixItems": [{"type": "string"}], "items": {"type": "string"}}',
        after='{"prefixItems": [{"type": "string"}]}',
    ),
    entry(
        "item-added-to-open-content-model",
        _B,
        "The new schema constrains the item at position {subject} (from 0), where the old schema, an open content model, "
        "takes anything.",
        "The original is open past its listed items, so that data may already have any value at this position.",
        "Close the tuple from the first version on.",
        before='{"prefixItems": []}',
        after='{"prefixItems": [{"type": "string"}]}',
    ),
    entry(
        "item-with-empty-schema-added-to-open-content-model",
        _I,
        "The new schema lists an item at position {subject} (from 0) and lets it be anything, as the old schema does.",
        "An empty schema refuses nothing.",
        before='{"prefixItems": []}',
        after='{"prefixItems": [{}]}',
    ),
    entry(
        "item-added-to-closed-content-model",
        _I,
        "The new schema takes an item at position {subject} (from 0), where the old schema, a closed content model, has none.",
        "No valid data has an item at this position.",
        before='{"prefixItems": [], "items": false}',
        after='{"prefixItems": [{"type": "string"}], "items": false}',
    ),
    entry(
        "item-added-is-covered-by-partially-open-content-model",
        _I,
        "The new schema lists the item at position {subject} (from 0), and takes all that the old schema (a partially open "
        "content model) takes there.",
        "What the original asks of further items is at least as strict.",
        before='{"prefixItems": [], "items": {"type": "string"}}',
        after='{"prefixItems": [{"type": "string"}], "items": {"type": "string"}}',
    ),
    entry(
        "item-added-not-covered-by-partially-open-content-model",
        _B,
        "The new schema lists the item at position {subject} (from 0), and refuses some of what the old schema (a partially "
        "open content model) takes there.",
        "The original lets further items hold more than the added item does.",
        _KEEP,
        before='{"prefixItems": [], "items": {"type": "string"}}',
        after='{"prefixItems": [{"type": "number"}], "items": {"type": "string"}}',
    ),
    entry(
        "item-removed-from-open-content-model",
        _I,
        "The new schema doesn't list the item at position {subject} (from 0) but, being open, takes anything there.",
        "All that was valid stays valid.",
        before='{"prefixItems": [{"type": "string"}]}',
        after='{"prefixItems": []}',
    ),
    entry(
        "item-removed-from-closed-content-model",
        _B,
        "The new schema, being a closed content model, refuses an item at position {subject} (from 0), which the old schema "
        "lists.",
        "Whoever sends that many items is refused.",
        _KEEP,
        before='{"prefixItems": [{"type": "string"}], "items": false}',
        after='{"prefixItems": [], "items": false}',
    ),
    entry(
        "item-with-false-removed-from-closed-content-model",
        _I,
        "The new schema doesn't list the item at position {subject} (from 0); in the old schema nothing can stand there.",
        "The item was forbidden before and still is.",
        before='{"prefixItems": [false], "items": false}',
        after='{"prefixItems": [], "items": false}',
    ),
    entry(
        "item-removed-is-covered-by-partially-open-content-model",
        _I,
        "The new schema doesn't list the item at position {subject} (from 0), but what it takes from further items includes "
        "all that the old schema takes there.",
        "All that was valid stays valid.",
        before='{"prefixItems": [{"type": "integer"}], "items": {"type": "number"}}',
        after='{"prefixItems": [], "items": {"type": "number"}}',
    ),
    entry(
        "item-removed-not-covered-by-partially-open-content-model",
        _B,
        "The new schema doesn't list the item at position {subject} (from 0), and what it takes from further items leaves "
        "out some of what the old schema takes there.",
        "Whoever sends such an item may be refused.",
        _KEEP,
        before='{"prefixItems": [{"type": "string"}], "items": {"type": "number"}}',
        after='{"prefixItems": [], "items": {"type": "number"}}',
    ),
    entry(
        "min-contains-increased",
        _B,
        "The new schema asks for more items of a kind (minContains {new}) than the old schema does.",
        "Whoever sends fewer of them is refused.",
        _KEEP,
        before='{"contains": {"type": "string"}}',
        after='{"contains": {"type": "string"}, "minContains": 2}',
    ),
    entry(
        "max-contains-added",
        _B,
        "The new schema takes at most {new} items of a kind, the old schema any number.",
        "Whoever sends more of them is refused.",
        _KEEP,
        before='{"contains": {"type": "string"}}',
        after='{"contains": {"type": "string"}, "maxContains": 2}',
    ),
    entry(
        "max-contains-decreased",
        _B,
        "The new schema takes at most {new} items of a kind, the old schema {old}.",
        "Whoever sends more of them is refused.",
        _KEEP,
        before='{"contains": {"type": "string"}, "maxContains": 3}',
        after='{"contains": {"type": "string"}, "maxContains": 2}',
    ),
    entry(
        "max-contains-counts-more",
        _B,
        "The new schema counts more items towards maxContains than the old schema does: arrays within the limit may pass it.",
        "A wider kind under an upper limit refuses arrays that were valid.",
        _KEEP,
        before='{"contains": {"type": "integer"}, "maxContains": 1}',
        after='{"contains": {"type": "number"}, "maxContains": 1}',
    ),
    entry(
        "unevaluated-items-changed",
        _B,
        "The new schema judges items that nothing else evaluates (unevaluatedItems) in a schema that differs from the old "
        "schema: what that leaves out is not worked out.",
        "Which items count as evaluated depends on all schemas beside it, so that any difference counts as breaking.",
        "Say with prefixItems and items what is meant, or waive this change and say why.",
        before='{"allOf": [{"prefixItems": [true]}]}',
        after='{"allOf": [{"prefixItems": [true]}], "unevaluatedItems": false}',
    ),
]
