"""Who is the system of record for what, and what is odd about it."""

from typing import Any

from registry.canon.findings import RULES, CatalogueFinding, catalogue_findings
from registry.canon.ids import id_types
from registry.canon.objects import CanonicalObject, objects
from registry.canon.records import records
from registry.kinds.mapping import MappingManifest
from registry.kinds.system import SystemManifest
from registry.kinds.workflow import WorkflowManifest
from tests.registry.mappings.shelf import mapping, properties, schema

IDS = {"type": "array", "x-crossref": True, "items": properties("type value", type="string", value="string")}
OURS = schema(
    "ours", properties("ids", ids=IDS, name="string", address=properties(city="string", zip="string")), canon="thing"
)
THEIRS = schema("theirs", properties("id name", id="string", name="string"))


def system(name: str, *claims: dict[str, Any]) -> SystemManifest:
    spec = {"category": "erp", "records": [{"object": "thing"} | claim for claim in claims]}
    return SystemManifest.model_validate({"metadata": {"name": name}, "spec": spec})


def thing() -> CanonicalObject:
    return objects([OURS])["thing"]


def who(*systems: SystemManifest) -> dict[str, list[str]]:
    return {str(one.leaf.path): one.systems for one in records(thing(), systems)}


def odd(systems: list[SystemManifest], *mappings: MappingManifest) -> list[tuple[str, str]]:
    found: list[CatalogueFinding] = catalogue_findings([OURS, THEIRS], systems, mappings, lambda *_: None)
    return [(one.rule, one.name) for one in found]


def test_a_claim_of_a_field_counts_before_one_of_the_object() -> None:
    assert who(system("a", {}), system("b", {"fields": ["address"]}), system("c", {"fields": ["address.zip"]})) == {
        "name": ["a"],
        "address.city": ["b"],
        "address.zip": ["c"],
    }


def test_claims_for_other_legal_entities_stand_beside_one_another() -> None:
    assert who(system("a", {"entities": ["DE"]}), system("b", {"entities": ["US"], "fields": ["name"]}))["name"] == [
        "a",
        "b",
    ]
    assert odd([system("a", {"entities": ["DE"]}), system("b", {"entities": ["US"]})]) == []


def test_two_claims_of_the_same_are_a_conflict_unless_one_says_that_it_counts() -> None:
    assert odd([system("a", {}), system("b", {})]) == [("record-conflict", "ours")]
    assert odd([system("a", {"entities": ["DE"]}), system("b", {})]) == [("record-conflict", "ours")]
    assert odd([system("a", {"over": ["b"]}), system("b", {})]) == []
    assert who(system("a", {"over": ["b"]}), system("b", {}))["name"] == ["a"]


def test_what_nobody_claims_and_what_there_is_not_are_told() -> None:
    assert odd([]) == [("record-missing", "ours")]
    assert odd([system("a", {"fields": ["name"]})]) == [("record-missing", "ours")]
    assert odd([system("a", {}, {"fields": ["nope"]})]) == [("record-unknown", "a")]
    assert odd([system("a", {}), system("b", {"object": "nothing"})]) == [("record-unknown", "b")]


FIELDS = [{"from": "id", "to": "ids[?@.type=='system.thing'].value"}, {"from": "name", "to": "name"}]


def test_a_mapping_that_writes_from_or_into_the_wrong_system_is_told() -> None:
    others = [system("other", {})]
    assert odd(others, mapping(FIELDS)) == [("record-against", "one")]
    assert odd([system("system", {})], mapping(FIELDS)) == []
    assert odd(others, mapping(FIELDS, purpose="comparison")) == []
    out = {"source": {"schema": "ours"}, "target": {"system": "system", "schema": "theirs"}}
    back = [{"from": "ids[?@.type=='system.thing'].value", "to": "id"}, {"from": "name", "to": "name"}]
    assert odd([system("system", {})], mapping(back, **out)) == [("record-against", "one")]
    assert odd(others, mapping(back, **out)) == []


def test_a_mapping_that_a_schema_left_behind_is_told() -> None:
    assert odd([system("system", {})], mapping([*FIELDS, {"from": "gone", "to": "address.city"}])) == [
        ("mapping-broken", "one")
    ]


def test_states_that_can_not_be_are_told() -> None:
    states = {"initial": ["a"], "final": [], "transitions": {"a": []}}
    ours = schema("ours", properties(status={"type": "string", "enum": ["a"], "x-states": states}), canon="thing")
    found = catalogue_findings([ours], [system("a", {})], [], lambda *_: None)
    assert [one.rule for one in found] == ["states-faulty"]


def test_every_rule_is_tried_here() -> None:
    tried = {"mapping-broken", "record-against", "record-conflict", "record-missing", "record-unknown", "states-faulty"}
    assert tried == set(RULES)


def test_ids_are_told_by_the_mappings_that_fill_them_and_the_workflows_that_know_them() -> None:
    spec = {
        "object": "thing",
        "keys": [
            {"type": "system.thing", "attribute": "system.id"},
            {"type": "other.thing", "attribute": "o", "joins": False},
        ],
        "steps": [{"name": "seen", "system": "system", "match": {"span": "s"}}],
        "completes": ["seen"],
    }
    workflow = WorkflowManifest.model_validate({"metadata": {"name": "way"}, "spec": spec})
    found = {one.type: one for one in id_types(thing(), [mapping(FIELDS)], [workflow])}
    assert [(at.system, at.schema, str(at.path)) for at in found["system.thing"].sources] == [
        ("system", "theirs", "id")
    ]
    assert [(use.workflow, use.attribute, use.joins) for use in found["system.thing"].keys] == [
        ("way", "system.id", True)
    ]
    assert (found["other.thing"].sources, [use.joins for use in found["other.thing"].keys]) == ([], [False])
