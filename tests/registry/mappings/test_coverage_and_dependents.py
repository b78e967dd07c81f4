import json

from registry.kinds.mapping import MappingManifest
from registry.mappings.coverage import coverage
from registry.mappings.dependents import dependents, dependents_of_field
from registry.mappings.paths import parse
from tests.registry.mappings.shelf import MONEY, examples, properties, ways

SOURCE = properties(
    "a", a="string", rows={"type": "array", "items": properties("n", n="string", m="string")}, left="string"
)
TARGET = properties(
    "b lines", b="string", money=MONEY, lines={"type": "array", "items": properties("n", n="string", m="string")}
)


def test_coverage_counts_required_and_all_fields_and_names_what_is_left_over() -> None:
    covered = coverage(
        ways(SOURCE, TARGET, [{"from": "a", "to": "b"}, {"from": "rows[*].n", "to": "lines[*].n"}]).forward
    )
    assert (covered.required_filled, covered.required, covered.filled, covered.total) == (2, 2, 2, 4)
    assert covered.complete
    assert [str(leaf.path) for leaf in covered.unfilled] == ["money", "lines[*].m"]
    assert [str(leaf.path) for leaf in covered.unread] == ["rows[*].m", "left"]


def test_copying_an_object_covers_all_that_is_in_it() -> None:
    source = properties(thing=properties(x="string", y="string"))
    covered = coverage(ways(source, source, [{"from": "thing", "to": "thing"}]).forward)
    assert (covered.filled, covered.total, list(covered.unread)) == (2, 2, [])


def mappings() -> list[MappingManifest]:
    return examples().every("Mapping")


def text(name: str) -> str:
    manifest = examples().get("Schema", name)
    return manifest.spec.text  # type: ignore[union-attr]


def test_a_place_of_a_schema_leads_to_the_fields_that_read_it_and_on_to_other_systems() -> None:
    pointer = "/properties/lines/properties/data/items/properties/amount/type"
    found = dependents_of_field(mappings(), "stripe-invoice", pointer, text("stripe-invoice"))
    assert [(one.hops, one.mapping.name, str(one.source), str(one.target)) for one in found] == [
        (1, "stripe-invoice", "lines.data[*].amount", "lines[*].amount"),
        (2, "invoice-to-netsuite", "lines[*].amount", "item.items[*].amount"),
    ]


def test_a_currency_counts_for_every_amount_that_is_in_it() -> None:
    found = dependents_of_field(mappings(), "chargebee-invoice", "/properties/currency_code", text("chargebee-invoice"))
    direct = {str(one.target) for one in found if one.hops == 1}
    assert {"currency", "total", "amount_due", "lines[*].amount"} <= direct


def test_a_definition_stands_for_every_place_that_uses_it_and_required_for_its_member() -> None:
    found = dependents_of_field(mappings(), "invoice", "/$defs/money/properties/value", text("invoice"))
    filled = {str(one.target) for one in found if one.mapping.name == "zuora-invoice"}
    assert filled == {"subtotal", "tax_total", "total", "amount_due"}
    required = json.loads(text("stripe-invoice"))["required"].index("total")
    found = dependents_of_field(mappings(), "stripe-invoice", f"/required/{required}", text("stripe-invoice"))
    assert {str(one.source) for one in found if one.hops == 1} == {"total"}


def test_what_nobody_maps_has_no_dependents() -> None:
    assert dependents_of_field(mappings(), "stripe-invoice", "/properties/billing_reason", text("stripe-invoice")) == []
    assert dependents_of_field(mappings(), "nothing", "/properties/total", text("stripe-invoice")) == []
    assert dependents(mappings(), "stripe-invoice", parse("metadata.other")) == []


def test_a_pointer_that_leads_nowhere_is_not_the_whole_document() -> None:
    for pointer in ("/properties/nonsense", "/amount_due", "/properties/total/nonsense", "/nonsense"):
        assert dependents_of_field(mappings(), "stripe-invoice", pointer, text("stripe-invoice")) == []


def test_a_definition_that_nobody_uses_is_not_the_whole_document() -> None:
    spare = json.dumps(json.loads(text("stripe-invoice")) | {"$defs": {"spare": {"type": "string"}}})
    assert dependents_of_field(mappings(), "stripe-invoice", "/$defs/spare", spare) == []
