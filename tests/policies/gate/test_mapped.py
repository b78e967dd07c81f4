"""Which mappings a change of a document touches."""

import json
from collections.abc import Callable
from typing import Any

from policies.gate.mapped import TouchedMapping, document, mapped
from registry.canon.reading import Model
from tests.registry.mappings.shelf import examples

SHELF = examples()
MODEL = Model(
    schemas={one.name: one for one in SHELF.every("Schema")},
    systems=SHELF.every("System"),
    mappings={one.name: one for one in SHELF.every("Mapping")},
    workflows=SHELF.every("Workflow"),
)


def touched(subject: str, change: Callable[[dict[str, Any]], object]) -> list[TouchedMapping]:
    old = MODEL.schemas[subject].spec.text
    value = json.loads(old)
    change(value)
    return mapped(MODEL, subject, (old, json.dumps(value)))


def test_a_field_that_is_removed_names_the_mapping_and_the_field_that_it_fills() -> None:
    (one,) = touched("stripe-invoice", lambda it: it["properties"].pop("amount_remaining"))
    assert (one.mapping.name, one.object, one.breaks) == ("stripe-invoice", "invoice", True)
    assert [(field.source, field.target, field.because) for field in one.fields] == [
        ("amount_remaining", "settlement", "amount_remaining is no longer there"),
        ("amount_remaining", "amount_due", "amount_remaining is no longer there"),
    ]
    assert {remark.rule for remark in one.remarks} >= {"path-unknown"}


def test_a_field_of_a_line_is_followed_into_the_next_system() -> None:
    def change(it: dict[str, Any]) -> None:
        it["properties"]["lines"]["properties"]["data"]["items"]["properties"]["amount"]["type"] = "string"

    (one,) = touched("stripe-invoice", change)
    (field,) = one.fields
    assert (field.because, field.target) == ("lines.data[*].amount was integer and is string", "lines[*].amount")
    assert list(field.then) == [("invoice-to-netsuite", "item.items[*].amount")]
    assert document(one)["fields"] == [
        {
            "from": "lines.data[*].amount",
            "to": "lines[*].amount",
            "because": "lines.data[*].amount was integer and is string",
            "then": [{"mapping": "invoice-to-netsuite", "to": "item.items[*].amount"}],
        }
    ]


def test_a_new_value_of_a_list_that_no_table_has_breaks_the_mapping_though_the_change_is_compatible() -> None:
    (one,) = touched("stripe-subscription", lambda it: it["properties"]["status"]["enum"].append("frozen"))
    assert one.breaks
    assert [field.because for field in one.fields] == ["status is now 'frozen' too"]
    assert [(remark.rule, "frozen" in remark.message) for remark in one.remarks] == [("enum-uncovered", True)]


def test_a_change_of_a_canonical_object_touches_all_that_fill_and_read_it() -> None:
    found = touched("invoice", lambda it: it["properties"].pop("memo"))
    assert [one.mapping.name for one in found] == [
        "invoice-to-netsuite",
        "netsuite-invoice",
        "oracle-receivables-invoice",
        "stripe-invoice",
    ]
    assert all(one.breaks for one in found)


def test_what_no_mapping_reads_touches_nothing() -> None:
    assert touched("stripe-invoice", lambda it: it["properties"].pop("billing_reason")) == []
    assert touched("stripe-invoice", lambda it: it["properties"].update(new={"type": "string"})) == []
    assert touched("stripe-invoice", lambda it: it.update(description="other words")) == []
    assert mapped(MODEL, "nothing", ("{}", "{}")) == []
