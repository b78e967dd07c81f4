"""allOf, anyOf, oneOf, lists of types, not, if."""

from __future__ import annotations

from registry.compat.json_schema.entry import entry
from registry.compat.model import Level

_B, _I, _W = Level.BREAKING, Level.INFO, Level.WARNING
_KEEP = "Keep the branch that was there, add the new one beside it, and drop the old one once nobody sends it."

ENTRIES = [
    entry(
        "sum-type-extended",
        _I,
        "The new schema offers more to choose from than the old schema does: nothing valid is refused.",
        "All that was valid stays valid. Those who read with the old schema will meet a form new to them.",
        "Tell readers before the first new form is sent.",
        before='{"type": "string"}',
        after='{"type": ["string", "null"]}',
    ),
    entry(
        "sum-type-narrowed",
        _B,
        "The new schema offers less to choose from than the old schema does: data of the form left out will be refused.",
        "Whoever still sends the form that was taken out is refused.",
        _KEEP,
        before='{"type": ["string", "null"]}',
        after='{"type": "string"}',
    ),
    entry(
        "product-type-extended",
        _B,
        "The new schema asks for more at once (allOf) than the old schema does: data that doesn't fit the further part will "
        "be refused.",
        "Whoever sends data that doesn't fit the added part is refused.",
        "Check real data against the added part first, and add it in a new major version.",
        before='{"allOf": [{"type": "string"}]}',
        after='{"allOf": [{"type": "string"}, {"maxLength": 10}]}',
    ),
    entry(
        "product-type-narrowed",
        _I,
        "The new schema asks for less at once (allOf) than the old schema does: nothing valid is refused by that.",
        "All that was valid stays valid.",
        before='{"allOf": [{"type": "string"}, {"maxLength": 10}]}',
        after='{"allOf": [{"type": "string"}]}',
    ),
    entry(
        "combined-type-extended",
        _I,
        "The new schema combines by {new} what the old schema combines by {old}, and takes at least as much.",
        "anyOf takes all that oneOf or allOf over the same branches takes.",
        before='{"oneOf": [{"type": "string"}, {"type": "number"}]}',
        after='{"anyOf": [{"type": "string"}, {"type": "number"}]}',
    ),
    entry(
        "combined-type-changed",
        _B,
        "The new schema combines by {new} what the old schema combines by {old}: data valid under one may be refused by the "
        "other.",
        "oneOf refuses what fits two branches, allOf what doesn't fit them all.",
        "Keep the combinator, or move from oneOf to anyOf, which takes more.",
        before='{"anyOf": [{"minimum": 1}, {"multipleOf": 2}]}',
        after='{"oneOf": [{"minimum": 1}, {"multipleOf": 2}]}',
    ),
    entry(
        "combined-type-added",
        _B,
        "The new schema puts a choice ({new}) on data of which no branch takes all that the old schema takes.",
        "Whoever sends data that fits no branch is refused.",
        "Add a branch that takes all that was valid.",
        before='{"type": "number"}',
        after='{"type": "number", "anyOf": [{"minimum": 10}, {"maximum": 5}]}',
    ),
    entry(
        "combined-type-removed",
        _I,
        "The new schema has no {old} where the old schema has one.",
        "What remains takes all that the choice took (else there is a finding of its own).",
        before='{"anyOf": [{"type": "string"}, {"type": "null"}]}',
        after='{"type": ["string", "null"]}',
    ),
    entry(
        "combined-type-subschemas-changed",
        _B,
        "The branches of {subject} in the new schema can't be paired with those of the old schema so that each takes at least "
        "as much: part of the data valid until now will be refused.",
        "Whoever sends the form that no branch takes any more is refused.",
        _KEEP,
        before='{"oneOf": [{"type": "string"}, {"type": "number"}]}',
        after='{"oneOf": [{"type": "boolean"}, {"type": "object"}]}',
    ),
    entry(
        "one-of-branches-may-overlap",
        _W,
        "The new schema may take with two branches of oneOf what the old schema takes with one, and then refuses it.",
        "oneOf refuses what fits two branches. Branch by branch the update is wider (which Confluent Schema Registry accepts), "
        "but nothing keeps the branches apart.",
        "Tell the branches apart by a required property with a constant of its own, or use anyOf.",
        before='{"oneOf": [{"type": "integer", "minimum": 0}]}',
        after='{"oneOf": [{"type": "integer", "minimum": 0}, {"type": "number"}]}',
        unsound=True,
    ),
    entry(
        "not-type-extended",
        _B,
        "The new schema excludes (not) more than the old schema does: data excluded only now will be refused.",
        "Whoever sends data that is newly excluded is refused.",
        "Check real data for what is to be excluded first.",
        before='{"not": {"type": "integer"}}',
        after='{"not": {"type": "number"}}',
    ),
    entry(
        "not-type-narrowed",
        _I,
        "The new schema excludes (not) less than the old schema does: nothing valid is refused.",
        "All that was valid stays valid.",
        before='{"not": {"type": "number"}}',
        after='{"not": {"type": "integer"}}',
    ),
    entry(
        "conditional-added",
        _B,
        "The new schema has conditions (if) that not all data of the old schema fulfils.",
        "Whoever sends data that meets the condition and lacks the consequence is refused.",
        "Check real data against the condition first.",
        before='{"type": "object"}',
        after='{"type": "object", "if": {"required": ["iban"]}, "then": {"required": ["bic"]}}',
    ),
    entry(
        "conditional-changed",
        _B,
        "The new schema tests (if) something else than the old schema does, and not all data of the old schema fulfils what "
        "follows from it.",
        "Data that the consequence didn't touch before may be held to it now.",
        "Keep the test, and change what follows from it; or check real data against it first.",
        before='{"if": {"required": ["a"]}, "then": {"required": ["b"]}}',
        after='{"if": {"required": ["c"]}, "then": {"required": ["b"]}}',
    ),
    entry(
        "conditional-removed",
        _I,
        "The new schema has no conditions (if), the old schema has: nothing valid is refused.",
        "All that was valid stays valid.",
        before='{"if": {"required": ["iban"]}, "then": {"required": ["bic"]}}',
        after="{}",
    ),
]
