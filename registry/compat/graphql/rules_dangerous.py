"""Rules for what is valid for old clients and may surprise them all the same."""

from __future__ import annotations

from typing import Final

from registry.compat.graphql.examples import query, rule
from registry.compat.model import Level

_OLD: Final = "id: ID"
_TYPES: Final = "type A { id: ID } type B { id: ID }"
_ASK: Final = "Ask whoever runs what the directive is for."
_USED: Final = "directive @d on SCALAR | OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION | INTERFACE | UNION | ENUM | "
_DECLARED: Final = f"{_USED}ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA"

# Where a directive may stand: the part of the rule's id, and a schema with a gap for it.
_PLACES: Final = {
    "scalar": "scalar S %s type Query { id: ID }",
    "object": "type Query { a: A } type A %s { id: ID }",
    "interface": "type Query { a: A } interface A %s { id: ID }",
    "union-member": "type Query { id: ID } union U %s = Query",
    "enum": "type Query { id: ID } enum E %s { A }",
    "input-object": "type Query { id: ID } input I %s { a: Int }",
    "field-definition": "type Query { id: ID %s }",
    "argument-definition": "type Query { id(a: Int %s): ID }",
    "input-field-definition": "type Query { id: ID } input I { a: Int %s }",
    "enum-value": "type Query { id: ID } enum E { A %s }",
    "schema": "schema %s { query: Query } type Query { id: ID }",
}

DANGEROUS: Final = (
    rule(
        "enum-value-added",
        Level.WARNING,
        "Clients that handle every value by name get one that they don't know.",
        "Tell clients to expect unknown values before the first one is sent.",
        (query(_OLD, "enum E { A }"), query(_OLD, "enum E { A B }")),
    ),
    rule(
        "union-member-added",
        Level.WARNING,
        "Clients that handle every member get an object that they don't know.",
        "Tell clients to expect unknown members before the first one is sent.",
        (query(_OLD, f"{_TYPES} union U = A"), query(_OLD, f"{_TYPES} union U = A | B")),
    ),
    rule(
        "object-type-interface-added",
        Level.WARNING,
        "Queries for the interface now return objects that clients don't know.",
        "Tell clients to expect unknown types before the first one is sent.",
        (
            query(_OLD, "interface I { id: ID } type A { id: ID }"),
            query(_OLD, "interface I { id: ID } type A implements I { id: ID }"),
        ),
    ),
    rule(
        "field-argument-default-changed",
        Level.WARNING,
        "Clients that leave the argument out get other results than before.",
        "Keep the default, or add a field that has the new one.",
        (query("total(days: Int = 30): Int"), query("total(days: Int = 14): Int")),
    ),
    rule(
        "input-field-default-value-changed",
        Level.WARNING,
        "Clients that leave the field out cause something else than before.",
        "Keep the default.",
        (query(_OLD, "input I { a: Int = 1 }"), query(_OLD, "input I { a: Int = 2 }")),
    ),
    rule(
        "directive-argument-default-value-changed",
        Level.WARNING,
        "Uses that leave the argument out mean something else than before.",
        "Keep the default.",
        (query(_OLD, "directive @d(a: Int = 1) on FIELD"), query(_OLD, "directive @d(a: Int = 2) on FIELD")),
    ),
    rule(
        "field-deprecation-removed",
        Level.WARNING,
        "Clients were told to leave the field, and some did.",
        "Say why it stays after all.",
        (query('id: ID @deprecated(reason: "Use number.")'), query(_OLD)),
    ),
    *(
        rule(
            f"directive-usage-{place}-{verb}",
            Level.WARNING,
            "Directives steer servers, gateways and code generators: access, caching, cost, federation.",
            _ASK,
            (f"{_DECLARED} {text % uses[0]}", f"{_DECLARED} {text % uses[1]}"),
        )
        for place, text in _PLACES.items()
        for verb, uses in (("added", ("", "@d")), ("removed", ("@d", "")))
    ),
)
