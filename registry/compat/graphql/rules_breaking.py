"""Rules that are breaking, by themselves or by what exactly changed."""

from __future__ import annotations

from typing import Final

from registry.compat.graphql.examples import query, rule
from registry.compat.model import Level

_OLD: Final = "id: ID"
_ROOTS: Final = "type A { id: ID } type B { id: ID }"


def _root(kind: str) -> tuple[str, str]:
    first = "query: Q" if kind != "query" else ""
    types = f"{_ROOTS} type Q {{ id: ID }}"
    return (f"schema {{ {first} {kind}: A }} {types}", f"schema {{ {first} {kind}: B }} {types}")


BREAKING: Final = (
    rule(
        "field-removed",
        Level.BREAKING,
        "Every query that asks for the field is refused as a whole.",
        "Deprecate the field, watch its last caller leave, then remove it.",
        (query("id: ID name: String"), query(_OLD)),
    ),
    rule(
        "field-type-changed",
        Level.BREAKING,
        "Clients get null where they never did, another type, or a list instead of one. (Info where null can only "
        "become rarer.)",
        "Add a field with the new type and deprecate this one.",
        (query("total: Int!"), query("total: Int")),
    ),
    rule(
        "field-argument-added",
        Level.BREAKING,
        "Queries that don't pass a required argument are refused. (A warning where it may be left out: the field may "
        "behave differently without it.)",
        "Make the argument nullable or give it a default.",
        (query("total: Int"), query("total(currency: String!): Int")),
    ),
    rule(
        "field-argument-removed",
        Level.BREAKING,
        "Queries that pass the argument are refused.",
        "Keep the argument, marked as deprecated, and ignore it.",
        (query("total(currency: String): Int"), query("total: Int")),
    ),
    rule(
        "field-argument-type-changed",
        Level.BREAKING,
        "Values that clients pass may no longer be accepted. (Info where only null became possible.)",
        "Add an argument with the new type.",
        (query("total(days: Int): Int"), query("total(days: Int!): Int")),
    ),
    rule(
        "type-removed",
        Level.BREAKING,
        "Fragments and variables of the type make a query invalid.",
        "Deprecate the fields that lead to it and remove it after them.",
        (query(_OLD, "type A { id: ID }"), query(_OLD)),
    ),
    rule(
        "type-kind-changed",
        Level.BREAKING,
        "What may be asked of the type, or passed for it, is something else altogether.",
        "Add a type with another name.",
        (query(_OLD, "type A { id: ID }"), query(_OLD, "interface A { id: ID }")),
    ),
    rule(
        "enum-value-removed",
        Level.BREAKING,
        "Queries that pass the value are refused.",
        "Deprecate the value and go on accepting it.",
        (query(_OLD, "enum E { A B }"), query(_OLD, "enum E { A }")),
    ),
    rule(
        "union-member-removed",
        Level.BREAKING,
        "Fragments on the member can't match any more, which makes a query invalid.",
        "Keep the member until nobody asks for it.",
        (query(_OLD, f"{_ROOTS} union U = A | B"), query(_OLD, f"{_ROOTS} union U = A")),
    ),
    rule(
        "object-type-interface-removed",
        Level.BREAKING,
        "Fragments on the interface no longer match the type, which may make a query invalid.",
        "Keep the interface, deprecating what should go.",
        (
            query(_OLD, "interface I { id: ID } type A implements I { id: ID }"),
            query(_OLD, "interface I { id: ID } type A { id: ID }"),
        ),
    ),
    rule(
        "input-field-removed",
        Level.BREAKING,
        "Calls that pass the field are refused.",
        "Keep the field, marked as deprecated, and ignore it.",
        (query(_OLD, "input I { a: Int b: Int }"), query(_OLD, "input I { a: Int }")),
    ),
    rule(
        "input-field-added",
        Level.BREAKING,
        "Calls that don't pass a required field are refused. (A warning where it may be left out, info with a default.)",
        "Make the field nullable or give it a default.",
        (query(_OLD, "input I { a: Int }"), query(_OLD, "input I { a: Int b: Int! }")),
    ),
    rule(
        "input-field-type-changed",
        Level.BREAKING,
        "Values that clients pass may no longer be accepted. (Info where only null became possible.)",
        "Add a field with the new type.",
        (query(_OLD, "input I { a: Int }"), query(_OLD, "input I { a: Int! }")),
    ),
    *(
        rule(
            f"schema-{kind}-type-changed",
            Level.BREAKING,
            f"Every {kind} starts at another type, with other fields.",
            "Keep the root type and add fields to it.",
            _root(kind),
        )
        for kind in ("query", "mutation", "subscription")
    ),
    rule(
        "directive-removed",
        Level.BREAKING,
        "Documents that use the directive are refused.",
        "Keep the directive and let it do nothing.",
        (query(_OLD, "directive @d on FIELD"), query(_OLD)),
    ),
    rule(
        "directive-location-removed",
        Level.BREAKING,
        "Documents that use the directive there are refused.",
        "Keep the location.",
        (query(_OLD, "directive @d on FIELD | QUERY"), query(_OLD, "directive @d on FIELD")),
    ),
    rule(
        "directive-repeatable-removed",
        Level.BREAKING,
        "Documents that use the directive more than once in a place are refused.",
        "Keep it repeatable.",
        (query(_OLD, "directive @d repeatable on FIELD"), query(_OLD, "directive @d on FIELD")),
    ),
    rule(
        "directive-argument-added",
        Level.BREAKING,
        "Uses without a required argument are refused. (Info where it may be left out.)",
        "Make the argument nullable or give it a default.",
        (query(_OLD, "directive @d on FIELD"), query(_OLD, "directive @d(a: Int!) on FIELD")),
    ),
    rule(
        "directive-argument-removed",
        Level.BREAKING,
        "Uses that pass the argument are refused.",
        "Keep the argument and ignore it.",
        (query(_OLD, "directive @d(a: Int) on FIELD"), query(_OLD, "directive @d on FIELD")),
    ),
    rule(
        "directive-argument-type-changed",
        Level.BREAKING,
        "Values that are passed may no longer be accepted. (Info where only null became possible.)",
        "Add an argument with the new type.",
        (query(_OLD, "directive @d(a: Int) on FIELD"), query(_OLD, "directive @d(a: String) on FIELD")),
    ),
)
