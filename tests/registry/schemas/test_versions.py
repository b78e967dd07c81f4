import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from registry.catalogue.apply import Plan, apply, plan
from registry.catalogue.export import export
from registry.compat.model import Format
from registry.database import Database
from registry.manifests.parse import parse_manifests
from registry.manifests.problems import ManifestError
from registry.manifests.reader import SourceText
from registry.schemas import subjects, versions
from registry.schemas.content import content_hash

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def closed(**properties: str) -> str:
    """An object that may have these members and no other."""
    types = {name: {"type": kind} for name, kind in properties.items()}
    return json.dumps({"type": "object", "additionalProperties": False, "properties": types}, indent=1)


ONE = closed(number="string")
TWO = closed(number="string", amount="string")
THREE = closed(number="string", amount="string", currency="string")


def schema(definition: Any, *, name: str = "erp-invoice", form: str = "json-schema", **spec: Any) -> str:
    document = {"apiVersion": "controlplane/v1", "kind": "Schema", "metadata": {"name": name}}
    return json.dumps(document | {"spec": {"format": form, "definition": definition} | spec})


def run(database: Database, manifest: str, *, minutes: int = 0) -> Plan:
    with database.writing() as session:
        read = parse_manifests([SourceText("s.yaml", manifest.encode())])
        return apply(session, read, actor="ada", now=NOW + timedelta(minutes=minutes))


def refused(database: Database, manifest: str) -> list[str]:
    with pytest.raises(ManifestError) as caught:
        run(database, manifest)
    return [str(problem) for problem in caught.value.problems]


def known(database: Database, name: str = "erp-invoice") -> list[tuple[int, str]]:
    with database.reading() as session:
        return [(row.version, row.text) for row in versions.page(session, name)]


def test_a_changed_document_is_a_new_version_and_the_same_is_the_same(database: Database) -> None:
    run(database, schema(ONE))
    run(database, schema(TWO), minutes=1)
    assert run(database, schema(TWO), minutes=2).kinds == frozenset()
    assert known(database) == [(2, TWO), (1, ONE)]
    with database.reading() as session:
        first = versions.one(session, "erp-invoice", 1)
        assert first is not None
        assert (first.created_at, first.created_by, first.format) == (NOW, "ada", "json-schema")
        assert first.hash == content_hash(Format.JSON_SCHEMA, ONE)
        assert versions.latest(session, "erp-invoice") == 2
        assert versions.latest(session, "another") == 0
        assert [row.version for row in versions.page(session, "erp-invoice", before=2, limit=1)] == [1]


def test_another_owner_or_mode_makes_no_version(database: Database) -> None:
    run(database, schema(ONE))
    assert run(database, schema(ONE, compatibility="FULL")).kinds == {"Schema"}
    assert known(database) == [(1, ONE)]


def test_what_breaks_is_refused_with_every_rule(database: Database) -> None:
    run(database, schema(TWO))
    problems = refused(database, schema(closed(number="integer")))
    assert len(problems) == 2
    assert all("schema 'erp-invoice' would break BACKWARD compatibility: " in problem for problem in problems)
    assert sum("type-changed: line 6: " in problem for problem in problems) == 1
    assert sum("property-removed-from-closed-content-model" in problem for problem in problems) == 1
    assert known(database) == [(1, TWO)]


def test_a_dry_run_refuses_the_same(database: Database) -> None:
    run(database, schema(TWO))
    with database.reading() as session, pytest.raises(ManifestError, match="would break BACKWARD"):
        plan(session, parse_manifests([SourceText("", schema(ONE).encode())]), today=NOW.date())


def test_none_takes_anything_that_can_be_read(database: Database) -> None:
    run(database, schema(TWO))
    run(database, schema(ONE, compatibility="NONE"))
    assert known(database) == [(2, ONE), (1, TWO)]
    (problem,) = refused(database, schema("{", compatibility="NONE"))
    assert problem.startswith("s.yaml: line 1: schema 'erp-invoice': line 1: the document is not valid JSON: ")


def test_only_transitive_modes_look_past_the_document_in_force(database: Database) -> None:
    for document in (TWO, ONE):
        run(database, schema(document, compatibility="NONE"))
    back = closed(number="string", amount="integer")
    (problem,) = refused(database, schema(back, compatibility="BACKWARD_TRANSITIVE"))
    assert "would break BACKWARD_TRANSITIVE compatibility: type-changed" in problem
    run(database, schema(back))
    assert known(database)[0] == (3, back)


def test_a_document_that_comes_back_is_in_force_under_its_old_number(database: Database) -> None:
    for document in (ONE, TWO, ONE):
        run(database, schema(document, compatibility="NONE"))
    assert known(database) == [(2, TWO), (1, ONE)]
    # Were it judged against version 2, the amount would be missing.
    run(database, schema(closed(number="string", currency="string")))
    assert known(database)[0][0] == 3


def test_a_subject_keeps_its_format(database: Database) -> None:
    run(database, schema(ONE))
    assert refused(database, schema("type Query { a: Int }", form="graphql", compatibility="NONE")) == [
        "s.yaml: line 1: schema 'erp-invoice' is kept in json-schema; declare another one for graphql",
    ]


def test_a_document_written_into_the_manifest_has_its_errors_at_their_lines(database: Database) -> None:
    manifest = """\
apiVersion: controlplane/v1
kind: Schema
metadata: {name: inline}
spec:
  format: json-schema
  definition:
    type: object
    additionalProperties: false
    properties:
      number: {type: string}
      amount:
        type: TYPE
"""
    (problem,) = refused(database, manifest.replace("TYPE", "nope"))
    assert problem.startswith("s.yaml: line 12: the schema is not valid at /properties/amount/type")
    run(database, manifest.replace("TYPE", "string"))
    (problem,) = refused(database, manifest.replace("TYPE", "integer"))
    assert problem.startswith("s.yaml: line 12: schema 'inline' would break BACKWARD compatibility: type-changed: ")


@pytest.mark.parametrize(
    ("form", "definition"),
    [
        ("json-schema", {"type": "object", "properties": {"yes": {"const": "no"}}}),
        ("json-schema", "true"),
        ("avro", {"type": "record", "name": "Invoice", "fields": [{"name": "number", "type": "string"}]}),
        ("avro", '"string"'),
        ("protobuf", 'syntax = "proto3";\n\nmessage Invoice {\n\tstring number = 1;  \r\n}\n'),
        ("graphql", "type Query {\n  invoice: Int\n}\n"),
        ("openapi", "openapi: 3.0.0\ninfo: {title: It, version: 1.0.0}\npaths: {}\n"),
        ("asyncapi", "asyncapi: 3.0.0\ninfo: {title: It, version: 1.0.0}\n"),
    ],
)
def test_export_gives_back_what_apply_takes(database: Database, form: str, definition: Any) -> None:
    run(database, schema(definition, form=form))
    with database.reading() as session:
        exported = export(session)
    assert run(database, exported).kinds == frozenset()
    assert len(known(database)) == 1


def test_lists_of_subjects_are_searched_and_cut(database: Database) -> None:
    for name in ("erp-payment", "crm-account", "erp-invoice"):
        run(database, schema(ONE, name=name, compatibility="FULL" if name == "erp-payment" else "BACKWARD"))
    run(database, schema(closed(number="string", extra="string"), name="erp-invoice"), minutes=3)
    with database.reading() as session:
        every = subjects.page(session)
        assert [(one.name, one.compatibility, one.versions) for one in every] == [
            ("crm-account", "BACKWARD", 1),
            ("erp-invoice", "BACKWARD", 2),
            ("erp-payment", "FULL", 1),
        ]
        assert every[1].updated_at == NOW + timedelta(minutes=3)
        assert [one.name for one in subjects.page(session, search="ERP", limit=1)] == ["erp-invoice"]
        assert [one.name for one in subjects.page(session, search="erp", after="erp-invoice")] == ["erp-payment"]
        assert subjects.page(session, search="%") == []


@pytest.mark.parametrize("statement", ["UPDATE schema_version SET text = ''", "DELETE FROM schema_version"])
def test_a_version_never_changes(database: Database, statement: str) -> None:
    run(database, schema(ONE))
    with pytest.raises(DBAPIError, match="only ever added"), database.writing() as session:
        session.execute(text(statement))
    assert known(database) == [(1, ONE)]
