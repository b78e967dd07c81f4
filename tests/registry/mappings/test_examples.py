"""The canonical objects and mappings that the repository ships."""

import json
from collections import defaultdict
from typing import Any

import pytest

from registry.canon.findings import catalogue_findings
from registry.canon.objects import objects
from registry.canon.states import faults, machines
from registry.kinds.mapping import opened
from registry.mappings.coverage import coverage
from registry.mappings.schema.view import view
from registry.mappings.trying import attempt
from registry.mappings.validating import violations
from registry.mappings.ways import Ways
from tests.registry.mappings.shelf import examples

SHELF = examples()
OBJECTS = objects(SHELF.every("Schema"))
MAPPINGS = {one.name: one for one in SHELF.every("Mapping")}
SCHEMAS = {one.name: one for one in SHELF.every("Schema")}


def test_the_seven_objects_are_there() -> None:
    assert set(OBJECTS) == {
        "customer",
        "product",
        "subscription",
        "contract-amendment",
        "invoice",
        "payment",
        "credit-memo",
    }


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_an_object_says_what_each_field_is_and_its_examples_are_valid(name: str) -> None:
    schema = OBJECTS[name].view
    assert schema is not None
    assert schema.examples
    assert [fault for example in schema.examples for fault in violations(schema, example)] == []
    assert [str(leaf.path) for leaf in schema.leaves if not leaf.description] == []


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_an_objects_states_can_be_reached_and_lead_somewhere(name: str) -> None:
    schema = OBJECTS[name].view
    assert schema is not None
    assert machines(schema)
    assert list(faults(schema)) == []


def test_definitions_that_objects_share_are_the_same_in_each() -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for one in OBJECTS.values():
        for name, definition in json.loads(one.schema.spec.text)["$defs"].items():
            seen[name].add(json.dumps(definition, sort_keys=True))
    assert {name: len(texts) for name, texts in seen.items() if len(texts) > 1} == {}


def test_what_can_name_a_person_is_labelled() -> None:
    schema = OBJECTS["customer"].view
    assert schema is not None
    personal = {str(leaf.path) for leaf in schema.leaves if leaf.pii}
    assert {"name", "email", "phone", "billing_address.line1", "tax_ids[*].value"} <= personal


def test_a_posted_document_without_a_number_is_not_valid() -> None:
    schema = OBJECTS["invoice"].view
    assert schema is not None
    document = {**schema.examples[0], "posting": {"status": "posted"}}
    assert [fault.path for fault in violations(schema, document)] == ["posting"]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_examples_of_every_schema_are_valid(name: str) -> None:
    schema = view(SCHEMAS[name].spec.text)
    assert schema.examples
    assert [fault for example in schema.examples for fault in violations(schema, example)] == []


@pytest.mark.parametrize("name", sorted(MAPPINGS))
def test_a_mapping_fits_covers_what_is_required_and_maps_its_example(name: str) -> None:
    mapping = MAPPINGS[name]
    assert [one for one in mapping.examined(SHELF) if one.level == "error"] == []
    both = opened(mapping.spec, SHELF)
    assert isinstance(both, Ways)
    assert coverage(both.forward).complete
    done = attempt(both, both.forward.source.examples[0])
    assert (done.outcome.problems, done.violations, done.payload_violations) == ((), [], [])
    if both.back:
        back = attempt(both, done.outcome.value, back=True)
        assert (back.outcome.problems, back.violations) == ((), [])


EXPECTED: list[tuple[str, dict[str, Any]]] = [
    (
        "stripe-invoice",
        {
            "total": {"value": "1210.00", "currency": "EUR"},
            "status": "issued",
            "settlement": "unpaid",
            "issue_date": "2026-03-31",
        },
    ),
    (
        "stripe-payment-intent",
        {"amount": {"value": "1210.00", "currency": "EUR"}, "method": "card", "status": "succeeded"},
    ),
    ("stripe-subscription", {"status": "active", "currency": "EUR"}),
    (
        "stripe-subscription-schedule",
        {
            "kind": "quantity_change",
            "status": "scheduled",
            "effective_on": "2026-03-31",
            "changes": [
                {"item": {"ids": [{"type": "stripe.price", "value": "price_1PgafJ"}]}, "quantity_after": "60"},
            ],
        },
    ),
    (
        "chargebee-invoice",
        {"total": {"value": "10890.00", "currency": "USD"}, "settlement": "unpaid", "entity": "US02"},
    ),
    ("zuora-invoice", {"total": {"value": "1210.00", "currency": "USD"}, "issued_at": "2026-03-31T23:58:01Z"}),
    ("netsuite-invoice", {"created_at": "2026-03-31T12:00:12Z", "settlement": "unpaid"}),
    ("netsuite-payment", {"status": "settled", "received_at": "2026-04-11T07:00:00Z"}),
    ("salesforce-opportunity", {"contract_value": {"value": "10800.00", "currency": "EUR"}}),
    ("salesforce-account", {"name": "Fabrikam SARL", "status": "active"}),
    (
        "hubspot-deal",
        {"contract_value": {"value": "24000.00", "currency": "USD"}, "term": {"months": 24, "starts_on": "2026-03-30"}},
    ),
    ("hubspot-company", {"status": "active"}),
    (
        "dynamics-sales-invoice",
        {"total": {"value": "1190.00", "currency": "EUR"}, "currency": "EUR", "due_date": "2026-04-30"},
    ),
    ("sap-billing-document", {"total": {"value": "1082.50", "currency": "USD"}, "issue_date": "2026-03-31"}),
    ("oracle-receivables-invoice", {"total": {"value": "132000", "currency": "JPY"}, "settlement": "unpaid"}),
    ("invoice-to-netsuite", {"subsidiary": {"id": "3"}, "tranId": "INV-10023"}),
]


@pytest.mark.parametrize(("name", "expected"), EXPECTED)
def test_what_a_systems_example_becomes(name: str, expected: dict[str, Any]) -> None:
    both = opened(MAPPINGS[name].spec, SHELF)
    assert isinstance(both, Ways)
    result = attempt(both, both.forward.source.examples[0]).outcome.value
    assert {key: result.get(key) for key in expected} == expected


def test_a_document_of_sap_that_is_not_in_the_ledger_yet_is_not_called_posted() -> None:
    both = opened(MAPPINGS["sap-billing-document"].spec, SHELF)
    assert isinstance(both, Ways)
    document = {**both.forward.source.examples[0], "AccountingDocument": ""}
    done = attempt(both, document)
    assert done.ok
    assert done.outcome.value["posting"]["status"] == "in_progress"
    assert "document" not in done.outcome.value["posting"]


@pytest.mark.parametrize(
    ("status", "runs", "expected"),
    [
        ("not_started", None, "scheduled"),
        ("active", 1769385600, "scheduled"),
        ("active", 1774915200, "completed"),
        ("completed", None, "completed"),
        ("released", None, "completed"),
        ("canceled", None, "cancelled"),
    ],
)
def test_an_amendment_counts_once_its_phase_runs(status: str, runs: int | None, expected: str) -> None:
    both = opened(MAPPINGS["stripe-subscription-schedule"].spec, SHELF)
    assert isinstance(both, Ways)
    phase = None if runs is None else {"start_date": runs, "end_date": runs + 1}
    done = attempt(both, {**both.forward.source.examples[0], "status": status, "current_phase": phase})
    assert done.ok
    assert done.outcome.value["status"] == expected


def test_a_schedule_says_what_it_changes_and_of_what() -> None:
    both = opened(MAPPINGS["stripe-subscription-schedule"].spec, SHELF)
    assert isinstance(both, Ways)
    example = both.forward.source.examples[0]
    first, second = example["phases"]
    dearer = {**second, "items": [{"price": "price_other", "quantity": 45}]}
    for phases, kind, day in (
        ([first], "new", "2026-01-26"),
        ([first, dearer], "price_change", "2026-03-31"),
        ([first, {**second, "items": first["items"]}], "renewal", "2026-03-31"),
    ):
        value = attempt(both, {**example, "phases": phases}).outcome.value
        assert (value["kind"], value["effective_on"]) == (kind, day)
    loose = attempt(both, {**example, "subscription": None, "released_subscription": "sub_1"})
    assert loose.outcome.value["subscription"]["ids"] == [{"type": "stripe.subscription", "value": "sub_1"}]
    assert not attempt(both, {**example, "subscription": None}).ok
    assert not attempt(both, {**example, "status": "new to us"}).ok


def test_each_canonical_object_has_a_mapping() -> None:
    assert {one.spec.target.schema_ for one in MAPPINGS.values()} >= set(OBJECTS)


def test_each_named_system_has_a_mapping_and_no_two_claim_the_same() -> None:
    systems = {one.spec.system.system for one in MAPPINGS.values()}
    assert systems == {
        "stripe",
        "chargebee",
        "zuora",
        "netsuite",
        "salesforce",
        "hubspot",
        "dynamics365",
        "sap",
        "oracle",
    }
    every = catalogue_findings(SCHEMAS.values(), SHELF.every("System"), MAPPINGS.values(), SHELF.version)
    assert [one for one in every if one.level == "error"] == []
    assert {one.rule for one in every} == {"record-against"}
