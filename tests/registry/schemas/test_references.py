import json
from typing import Any

import pytest

from registry.catalogue import removal
from registry.catalogue.export import export
from registry.compat.model import Format
from registry.compat.source_map import read_document
from registry.database import Database
from registry.schemas import states, subjects, versions
from registry.schemas.bundling.bundle import bundle
from registry.schemas.judge import finder
from registry.schemas.states import StateError
from tests.registry.schemas.test_states import set_state
from tests.registry.schemas.test_versions import NOW, ONE, TWO, refused, run, schema

MONEY = json.dumps({"type": "object", "properties": {"value": {"type": "string"}, "currency": {"$ref": "#/$defs/code"}},
                    "$defs": {"code": {"type": "string", "maxLength": 3}}})  # fmt: skip
SCHEMAS = removal.Scope(kinds=frozenset({"Schema"}))
NARROW = MONEY.replace('"maxLength": 3', '"maxLength": 2')


def named(name: str, subject: str, version: int = 1) -> dict[str, Any]:
    return {"name": name, "subject": subject, "version": version}


def order(reference: str, **properties: Any) -> str:
    return json.dumps({"type": "object", "properties": {"total": {"$ref": reference}, **properties}}, indent=1)


def whole(database: Database, name: str, version: int = 1) -> str:
    with database.reading() as session:
        known = versions.known(session, name, version)
        assert known is not None
        return bundle(known.format, known.text, known.references, finder(session))


def test_a_reference_is_resolved_and_what_it_means_is_judged(database: Database) -> None:
    run(database, schema(MONEY, name="money"))
    run(database, schema(NARROW, name="money", compatibility="NONE"))
    reference = "https://example.com/money.json"
    run(database, schema(order(f"{reference}#/$defs/code"), references=[named(reference, "money")]))
    # The document says the same, but means something else.
    (problem,) = refused(database, schema(order(f"{reference}#/$defs/code"), references=[named(reference, "money", 2)]))
    assert "would break BACKWARD compatibility: max-length-decreased" in problem
    with database.reading() as session:
        assert versions.references(session, "erp-invoice", 1)[0].version == 1
        exported = export(session)
    assert run(database, exported).kinds == frozenset()


def test_our_own_notation_needs_no_declaration(database: Database) -> None:
    run(database, schema(MONEY, name="money"))
    run(database, schema(order("controlplane:money/1")))
    bundled = json.loads(whole(database, "erp-invoice"))
    assert bundled["properties"]["total"] == {"$ref": "controlplane:money/1"}
    assert bundled["$defs"]["money/1"]["$id"] == "controlplane:money/1"
    with database.reading() as session:
        assert states.used_by(session, "money", 1) == [("erp-invoice", 1)]
    (problem,) = refused(database, schema(order("controlplane:money/7"), name="other"))
    assert "means version 7 of money, which is not registered" in problem


def test_both_may_come_in_one_apply(database: Database) -> None:
    run(
        database,
        schema(order("money.json"), references=[named("money.json", "money")])
        + "\n---\n"
        + schema(MONEY, name="money"),
    )
    assert "maxLength" in whole(database, "erp-invoice")
    lost = schema(order("money.json"), name="lost", references=[named("money.json", "money", 3)])
    assert "means version 3 of money, which is not registered" in refused(database, lost)[0]
    missing = schema(order("a.json"), name="lost", references=[named("a.json", "nobody")])
    assert "there is no Schema 'nobody'" in refused(database, missing)[0]


@pytest.mark.parametrize(
    "reference", ["http://169.254.169.254/latest", "file:///etc/passwd", "common.yaml#/A", "//host/a"]
)
@pytest.mark.parametrize("form", ["json-schema", "openapi", "asyncapi"])
def test_nothing_is_fetched(database: Database, form: str, reference: str) -> None:
    documents = {
        "json-schema": {"properties": {"a": {"$ref": reference}}},
        "openapi": {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {},
                    "components": {"schemas": {"A": {"$ref": reference}}}},
        "asyncapi": {"asyncapi": "3.0.0", "info": {"title": "A", "version": "1"},
                     "components": {"schemas": {"A": {"$ref": reference}}}},
    }  # fmt: skip
    (problem,) = refused(database, schema(json.dumps(documents[form], indent=1), form=form))
    assert f"the reference {reference.partition('#')[0]!r} at" in problem
    assert "leads out of the document, and nothing is fetched" in problem
    assert " line " in problem


@pytest.mark.parametrize(
    "document",
    [
        {"$id": "https://example.com/a", "$ref": "https://example.com/a#/$defs/b", "$defs": {"b": {}}},
        {"$id": "https://example.com/a", "$ref": "b", "$defs": {"b": {"$id": "b"}}},
        {"$ref": "https://json-schema.org/draft/2020-12/schema"},
        {"properties": {"$ref": {"type": "string"}}, "examples": [{"$ref": "http://example.com"}]},
        {"const": {"$ref": "file:///x"}},
    ],
)
def test_what_stays_within_the_document_is_fine(database: Database, document: dict[str, Any]) -> None:
    run(database, schema(json.dumps(document)))


def test_an_openapi_document_takes_a_schema_in(database: Database) -> None:
    run(database, schema(MONEY, name="money"))
    run(database, schema(NARROW, name="money", compatibility="NONE"))
    body = {"content": {"application/json": {"schema": {"$ref": "controlplane:money/1#/$defs/code"}}}}
    answers = {"200": {"description": "Done."}}
    document = {"openapi": "3.1.0", "info": {"title": "A", "version": "1"},
                "paths": {"/a": {"post": {"requestBody": body, "responses": answers}}}}  # fmt: skip
    text = json.dumps(document, indent=1)
    run(database, schema(text, form="openapi"))
    value = read_document(whole(database, "erp-invoice"), "new").value
    assert value["x-references"]["money/1"]["properties"]["currency"] == {"$ref": "#/x-references/money~11/$defs/code"}
    (problem,) = refused(database, schema(text.replace("money/1", "money/2"), form="openapi"))
    assert "request-body-max-length-decreased" in problem


def record(name: str, **fields: Any) -> str:
    written = [{"name": field, "type": kind} for field, kind in fields.items()]
    return json.dumps({"type": "record", "name": name, "namespace": "com.acme", "fields": written})


def test_avro_names_are_written_out_where_they_are_first_used(database: Database) -> None:
    run(database, schema(record("Money", value="string"), name="money", form="avro"))
    text = record("Order", total="Money", taxes={"type": "array", "items": "com.acme.Money"})
    assert "the type 'Money' is not defined before it is used" in refused(database, schema(text, form="avro"))[0]
    run(database, schema(text, form="avro", references=[named("com.acme.Money", "money")]))
    fields = json.loads(whole(database, "erp-invoice"))["fields"]
    assert fields[0]["type"]["fields"] == [{"name": "value", "type": "string"}]
    assert fields[1]["type"]["items"] == "com.acme.Money"
    run(database, schema(record("Money", value="long"), name="money", form="avro", compatibility="NONE"))
    changed = schema(text, form="avro", references=[named("com.acme.Money", "money", 2)])
    assert "would break BACKWARD compatibility" in refused(database, changed)[0]


def test_protobuf_imports_are_references(database: Database) -> None:
    money = 'syntax = "proto3";\npackage acme;\nmessage Money { string value = 1; }\n'
    text = 'syntax = "proto3";\nimport "money.proto";\nimport "google/protobuf/timestamp.proto";\nmessage Order {\n  acme.Money total = 1;\n  google.protobuf.Timestamp at = 2;\n}\n'
    run(database, schema(money, name="money", form="protobuf"))
    (problem,) = refused(database, schema(text, form="protobuf"))
    assert "line 2: the import 'money.proto' is not registered; nothing is fetched" in problem
    run(database, schema(text, form="protobuf", references=[named("money.proto", "money")]))
    wrong = text.replace("acme.Money", "acme.Mony")
    (problem,) = refused(
        database, schema(wrong, name="wrong", form="protobuf", references=[named("money.proto", "money")])
    )
    assert "line 5: the type 'acme.Mony' is declared neither here nor in what is imported" in problem
    run(
        database,
        schema(money.replace("string value", "int64 value"), name="money", form="protobuf", compatibility="NONE"),
    )
    changed = schema(text, form="protobuf", references=[named("money.proto", "money", 2)])
    assert "In the imported money.proto: " in refused(database, changed)[0]


def test_a_graphql_text_goes_on_in_what_it_refers_to(database: Database) -> None:
    run(database, schema("type Money { value: String }", name="money", form="graphql"))
    text = "type Query { total: Money }"
    assert "Unknown type 'Money'" in refused(database, schema(text, form="graphql"))[0]
    run(database, schema(text, form="graphql", references=[named("money", "money")]))


def test_what_is_used_stays_enabled(database: Database) -> None:
    run(database, schema(MONEY, name="money"))
    run(database, schema(order("controlplane:money/1")))
    with pytest.raises(StateError, match="version 1 of money is used by erp-invoice version 1; disable those first"):
        set_state(database, 1, "disabled", "money")
    set_state(database, 1, "disabled")
    set_state(database, 1, "disabled", "money")
    assert (
        "version 1 of money is disabled"
        in refused(database, schema(order("money.json"), name="new", references=[named("money.json", "money")]))[0]
    )


def test_a_reference_must_be_of_the_same_language(database: Database) -> None:
    run(database, schema("type Query { a: Int }", name="graph", form="graphql"))
    (problem,) = refused(database, schema(order("a.json"), references=[named("a.json", "graph")]))
    assert "means graph, which is kept in graphql and not in json-schema" in problem


def test_schemas_that_refer_to_one_another_come_to_an_end(database: Database) -> None:
    one, other = (order(f"controlplane:{name}/1") for name in ("right", "left"))
    run(database, schema(one, name="left") + "\n---\n" + schema(other, name="right"))
    assert json.loads(whole(database, "left"))["$defs"].keys() == {"left/1", "right/1"}


def test_other_references_are_another_content(database: Database) -> None:
    for document in (ONE, TWO):
        run(database, schema(document, name="money", compatibility="NONE"))
    for version in (1, 2):
        run(database, schema(order("m.json"), compatibility="NONE", references=[named("m.json", "money", version)]))
    with database.reading() as session:
        assert versions.latest(session, "erp-invoice") == 2
        assert versions.state(session, "erp-invoice", 2) == "active"
        assert Format(versions.page(session, "erp-invoice")[0].format) is Format.JSON_SCHEMA


def test_a_schema_that_is_named_can_not_be_removed(database: Database) -> None:
    run(database, schema(MONEY, name="money"))
    run(database, schema(order("controlplane:money/1")))
    with database.writing() as session:
        (money,) = removal.candidates(session, SCHEMAS, {("Schema", "erp-invoice")})
        (problem,) = removal.needed(session, [money])
        assert "'money' can't be removed: Schema 'erp-invoice' names it" in problem.message


def test_what_was_removed_leaves_the_lists_and_counts_on_when_it_comes_back(database: Database) -> None:
    run(database, schema(ONE))
    with database.writing() as session:
        gone = removal.candidates(session, SCHEMAS, ())
        removal.remove(session, gone, actor="ada", now=NOW, reason=None)
        assert subjects.page(session) == []
    run(database, schema(order("#")))
    with database.reading() as session:
        assert [(row.name, row.versions, row.current) for row in subjects.page(session)] == [("erp-invoice", 2, 2)]
