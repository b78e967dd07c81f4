import json
from datetime import date
from typing import Any

import pytest

from policies.gate.impact import property_names, touched
from registry.compat.engine import check
from registry.compat.model import Format, Mode, Options
from registry.kinds.find import manifest_kinds
from registry.kinds.workflow import WorkflowManifest


def workflow(name: str = "invoices", **spec: Any) -> WorkflowManifest:
    whole = {
        "object": "invoice",
        "keys": [{"type": "netsuite.invoice", "attribute": "netsuite.invoice.internal_id"}],
        "steps": [{"name": "posted", "system": "erp", "match": {"span": "post"}}],
    } | spec
    document = {"apiVersion": "controlplane/v1", "kind": "Workflow", "metadata": {"name": name}, "spec": whole}
    made = manifest_kinds()["Workflow"].model_validate(document)
    assert isinstance(made, WorkflowManifest)
    return made


def reasons(form: Format, old: str, new: str, one: WorkflowManifest) -> list[str]:
    report = check(form, old, new, mode=Mode.BACKWARD, options=Options(as_of=date(2026, 3, 1)))
    assert report.changes
    found = touched(report.changes, old, new, [workflow("another", keys=[{"type": "x", "attribute": "x.y"}]), one])
    assert {touch.workflow.name for touch in found} <= {"invoices"}
    return [reason.partition(", which ")[0] for touch in found for reason in touch.because]


def obj(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


TEXT, NUMBER = {"type": "string"}, {"type": "number"}


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ("netsuite.invoice.internal_id", True),
        ("internalId", True),
        ("internal-id", True),
        ("netsuite.customer.internal_id", False),
        ("netsuite.invoice.id", False),
        ("invoice.internal_id.hash", False),
        ("---", False),
    ],
)
def test_names_meet_at_their_ends(attribute: str, expected: bool) -> None:
    old, new = (json.dumps(obj(invoice=obj(internalId=kind))) for kind in (TEXT, NUMBER))
    found = reasons(Format.JSON_SCHEMA, old, new, workflow(keys=[{"type": "netsuite.invoice", "attribute": attribute}]))
    assert found == ([f"key netsuite.invoice reads {attribute}"] if expected else [])


def test_every_place_that_a_workflow_reads_counts() -> None:
    names = ("entity", "amount", "currency", "method", "internal_id")
    old, new = (json.dumps(obj(**dict.fromkeys(names, kind))) for kind in (TEXT, NUMBER))
    step = {"name": "posted", "system": "erp", "match": {"attributes": {"http.method": "POST"}}}
    one = workflow(
        dimensions={"entity": "business.entity"},
        amount={"value": "invoice.amount", "currency": "invoice.currency"},
        steps=[step],
    )
    assert reasons(Format.JSON_SCHEMA, old, new, one) == [
        "key netsuite.invoice reads netsuite.invoice.internal_id",
        "dimension entity reads business.entity",
        "amount reads invoice.amount",
        "currency reads invoice.currency",
        "step posted reads http.method",
    ]


def avro(kind: str) -> str:
    line = {"type": "record", "name": "Line", "fields": [{"name": "internalId", "type": kind}]}
    return json.dumps(
        {"type": "record", "name": "I", "fields": [{"name": "invoice", "type": {"type": "array", "items": line}}]}
    )


def openapi(kind: str) -> str:
    parameter = {"name": "internal_id", "in": "query", "schema": {"type": kind}}
    paths = {"/invoices": {"get": {"parameters": [parameter], "responses": {"200": {"description": "ok"}}}}}
    return json.dumps({"openapi": "3.0.0", "info": {"title": "x", "version": "1"}, "paths": paths})


@pytest.mark.parametrize(
    ("form", "old", "new"),
    [
        (Format.AVRO, avro("string"), avro("boolean")),
        (Format.OPENAPI, openapi("string"), openapi("boolean")),
        (Format.GRAPHQL, "type Query { internalId: Int }", "type Query { internalId: String }"),
        (
            Format.PROTOBUF,
            'syntax = "proto3"; message I { string internal_id = 1; }',
            'syntax = "proto3"; message I { bool internal_id = 1; }',
        ),
    ],
)
def test_every_language_names_its_properties(form: Format, old: str, new: str) -> None:
    assert reasons(form, old, new, workflow()) == ["key netsuite.invoice reads netsuite.invoice.internal_id"]


def test_what_hurts_nobody_touches_nobody() -> None:
    old, new = (json.dumps(obj(internal_id=TEXT | {"description": words})) for words in ("a", "b"))
    assert reasons(Format.JSON_SCHEMA, old, new, workflow()) == []


@pytest.mark.parametrize(
    ("path", "value", "names"),
    [
        ("/properties/properties/properties/a", None, ["properties", "a"]),
        ("/properties/a~1b/type", None, ["a/b"]),
        ("/required/0", {"required": ["a"]}, ["a"]),
        ("/fields/7/type", {"fields": []}, []),
        ("Invoice", None, []),
        ("Invoice.lines.amount", None, ["amount"]),
    ],
)
def test_names_on_the_way(path: str, value: Any, names: list[str]) -> None:
    assert property_names(path, value) == names
