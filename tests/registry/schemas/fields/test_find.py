"""Which field somebody means by a place of a schema, in every format."""

import json
from collections.abc import Iterable

import pytest

from registry.compat.model import Format
from registry.mappings.paths import parse
from registry.schemas.fields.find import NoSuchFieldError, Place, find

INVOICE = {
    "type": "object",
    "properties": {
        "amount_due": {"type": "integer"},
        "title": {"type": "string"},
        "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}},
        "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
        "a/b": {"type": "string"},
    },
    "title": "Invoice",
    "$defs": {"line": {"type": "object", "properties": {"quantity": {"type": "number"}}}},
}
OPENAPI = {
    "openapi": "3.1.0",
    "info": {"title": "Bills", "version": "1"},
    "paths": {},
    "components": {"schemas": {"Invoice": {k: v for k, v in INVOICE.items() if k != "$defs"} | {
        "properties": {"total": {"type": "string"}, "customer": {"$ref": "#/components/schemas/Customer"}}},
        "Customer": {"type": "object", "properties": {"email": {"type": "string"}}}}},
}  # fmt: skip
ASYNCAPI = {
    "asyncapi": "3.0.0",
    "info": {"title": "Bills", "version": "1"},
    "components": {
        "messages": {"posted": {"payload": {"type": "object", "properties": {"number": {"type": "string"}}}}}
    },
}
AVRO = """{"type": "record", "name": "Invoice", "namespace": "com.acme", "fields": [
  {"name": "total", "type": "string"},
  {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Line", "fields": [
    {"name": "amount", "type": ["null", "string"]}, {"name": "of", "type": ["null", "Invoice"]}]}}}]}"""
PROTO = """syntax = "proto3";
package acme.v1;
message Invoice { string total = 1; map<string, Line> lines = 2; message Line { int64 amount = 1; } }
"""
GRAPHQL = "type Query { invoice(id: ID!): Invoice }\ntype Invoice { total: String! lines: [Line!] }\ntype Line { amount: Int }"


def found(of: Format, document: object, place: str, ats: Iterable[str | None] = (None,)) -> Place:
    text = document if isinstance(document, str) else json.dumps(document)
    return find("x", of, text, place, ats)


@pytest.mark.parametrize(
    ("place", "meant"),
    [
        ("/properties/amount_due", Place("/properties/amount_due")),
        ("#/properties/amount_due/type", Place("/properties/amount_due/type")),
        ("/$defs/line/properties/quantity", Place("/$defs/line/properties/quantity")),
        ("/properties/a~1b", Place("/properties/a~1b")),
        ("/title", Place("/title")),  # a pointer comes first, although documents have such a member too
        ("title", Place(path=parse("title"))),
        ("/amount_due", Place(path=parse("amount_due"))),
        ("amount_due", Place(path=parse("amount_due"))),
        ("$.lines[*].quantity", Place(path=parse("lines[*].quantity"))),
        ("/lines/0/quantity", Place(path=parse("lines[0].quantity"))),
        ("metadata.anything", Place(path=parse("metadata.anything"))),
    ],
)
def test_a_pointer_that_leads_somewhere_comes_before_a_path_of_documents(place: str, meant: Place) -> None:
    assert found(Format.JSON_SCHEMA, INVOICE, place) == meant


@pytest.mark.parametrize(
    ("place", "hint"),
    [
        ("/properties/amount_deu", "did you mean /properties/amount_due?"),
        ("/properties/amount_due/tipe", "did you mean /properties/amount_due/type?"),
        ("/properties/nonsense", "look at its fields at /schemas/x"),
        ("/amount_deu", "did you mean /amount_due?"),
        ("amount_deu", "did you mean amount_due?"),
        ("/lines/0/quantiti", "did you mean /lines/0/quantity?"),
        ("quantity", "did you mean lines[*].quantity?"),
        ("/lines/x", "did you mean /lines?"),
        ("lines[*].quantity.more", "did you mean lines[*].quantity?"),
        ("/", "look at its fields"),
        ("/properties/lines/-1", "look at its fields"),
    ],
)
def test_a_place_that_leads_nowhere_is_told_with_the_nearest_that_there_is(place: str, hint: str) -> None:
    with pytest.raises(NoSuchFieldError) as raised:
        found(Format.JSON_SCHEMA, INVOICE, place)
    assert str(raised.value).startswith(f"there is no such field in x: {place}; ")
    assert hint in str(raised.value)


@pytest.mark.parametrize(
    ("of", "document", "there", "wrong", "hint"),
    [
        (Format.OPENAPI, OPENAPI, ("total", "customer.email", "email", "/info/title"), "totla", "total"),
        (Format.OPENAPI, OPENAPI, ("/components/schemas/Invoice/properties/total",), "customer.mail", "customer.email"),
        (Format.ASYNCAPI, ASYNCAPI, ("number", "/components/messages/posted"), "numbr", "number"),
        (Format.AVRO, AVRO, ("total", "lines[*].amount", "com.acme.Invoice.lines.of.total", "/fields/0"), "totl", "total"),
        (Format.PROTOBUF, PROTO, ("Invoice.total", "Invoice.lines.amount", "v1.Invoice.Line.amount"), "totl", "total"),
        (Format.GRAPHQL, GRAPHQL, ("Invoice.lines.amount", "amount", "Query.invoice.total"), "Invoice.totl", "Invoice.total"),
    ],
)  # fmt: skip
def test_every_format_has_fields(of: Format, document: object, there: tuple[str, ...], wrong: str, hint: str) -> None:
    for place in there:
        found(of, document, place, ())
    with pytest.raises(NoSuchFieldError, match=f"did you mean {hint}"):
        found(of, document, wrong, ())
    with pytest.raises(NoSuchFieldError):
        found(of, document, "/properties/nonsense", ())


def test_what_mappings_know_as_the_document_is_a_part_of_it() -> None:
    at = "/components/schemas/Invoice"
    assert found(Format.OPENAPI, OPENAPI, "customer.email", [at]) == Place(path=parse("customer.email"))
    # There is such a field, but not in what they map.
    assert found(Format.OPENAPI, OPENAPI, "email", [at]) == Place()


def test_a_schema_that_says_nothing_has_no_fields() -> None:
    with pytest.raises(NoSuchFieldError):
        found(Format.JSON_SCHEMA, {}, "anything")
