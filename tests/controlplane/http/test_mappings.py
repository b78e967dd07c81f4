"""Mappings and canonical objects over HTTP."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from controlplane.cli.manifest_files import gather
from tests.controlplane.http.conftest import assert_problem
from tests.registry.mappings.shelf import EXAMPLES, examples

Bearer = Callable[[str], dict[str, str]]
DOCUMENTS = [one.value for one in gather([EXAMPLES / name for name in ("quote-to-cash", "canonical", "mappings")])]
PAYLOAD = json.loads(examples().get("Schema", "stripe-invoice").spec.text)["examples"][0]  # type: ignore[union-attr]


@pytest.fixture
def declared(client: TestClient, admin: dict[str, str]) -> dict[str, Any]:
    """The examples, applied."""
    answer = client.post("/api/v1/apply", json=DOCUMENTS, headers=admin)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def named(kind: str, name: str) -> dict[str, Any]:
    found = next(one for one in DOCUMENTS if one["kind"] == kind and one["metadata"]["name"] == name)
    copied: dict[str, Any] = json.loads(json.dumps(found))
    return copied


def get(client: TestClient, path: str, headers: dict[str, str], /, **params: str) -> Any:
    answer = client.get(f"/api/v1{path}", headers=headers, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_examples_apply_with_their_warnings_and_come_back_from_an_export(
    client: TestClient, bearer: Bearer, admin: dict[str, str], declared: dict[str, Any]
) -> None:
    assert {one["path"] for one in declared["warnings"]} == {f"spec.fields[{number}]" for number in (0, 2, 5)}
    exported = client.get("/api/v1/export", params={"kind": "Mapping"}, headers=bearer("viewer")).content
    again = client.post("/api/v1/apply", content=exported, headers=admin).json()
    assert (again["created"], again["changed"], len(again["unchanged"])) == ([], [], 19)


def test_mappings_are_listed_with_what_they_cover(client: TestClient, bearer: Bearer, declared: object) -> None:
    viewer = bearer("viewer")
    found = get(client, "/mappings", viewer, object="invoice", system="stripe")["items"]
    assert [one["name"] for one in found] == ["stripe-invoice"]
    assert found[0]["coverage"] == {"required": 5, "required_filled": 5, "total": 66, "filled": 33}
    assert found[0]["findings"]["error"] == 0
    names: list[str] = []
    cursor = ""
    while True:
        page = get(client, "/mappings", viewer, limit="5", **({"cursor": cursor} if cursor else {}))
        names += [one["name"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(names) == 19
    assert names == sorted(names)


def test_one_mapping_is_told_field_by_field(client: TestClient, bearer: Bearer, declared: object) -> None:
    told = get(client, "/mappings/stripe-customer", bearer("viewer"))
    assert {"from": ["currency"], "beside": [], "to": "currency", "how": "in capitals", "note": None} in told["forward"]
    assert {"from": ["currency"], "beside": [], "to": "currency", "how": "in small letters", "note": None} in told[
        "back"
    ]
    assert "metadata" in told["unread"]
    assert "payment_terms" in [one["path"] for one in told["unfilled"]]


def test_a_payload_is_tried_with_every_digit_and_where_each_value_comes_from(
    client: TestClient, bearer: Bearer, declared: object
) -> None:
    viewer = bearer("viewer")
    answer = client.post("/api/v1/mappings/stripe-invoice/try", json=PAYLOAD, headers=viewer)
    told = answer.json()
    assert (answer.status_code, told["ok"], told["problems"], told["violations"]) == (200, True, [], [])
    assert told["result"]["total"] == {"value": "1210.00", "currency": "EUR"}
    line = next(one for one in told["provenance"] if one["to"] == "lines[1].amount")
    assert line["from"] == ["lines.data[1].amount"]
    body = '{"externalId":"x","amount":1}'
    raw = json.dumps({**PAYLOAD, "amount_due": 1}).replace('"amount_paid": 0', '"amount_paid": 0.10')
    told = client.post("/api/v1/mappings/stripe-invoice/try", content=raw, headers=viewer).json()
    assert [one["to"] for one in told["problems"]] == ["amount_paid"]
    assert "0.10" in told["problems"][0]["message"]
    assert any("amount_paid" in one["path"] for one in told["payload_violations"])
    assert client.post("/api/v1/mappings/stripe-invoice/try", content=body, headers=viewer).json()["ok"] is False


def test_amounts_are_written_digit_by_digit(client: TestClient, bearer: Bearer, declared: object) -> None:
    invoice = json.loads(examples().get("Schema", "invoice").spec.text)["examples"][0]  # type: ignore[union-attr]
    invoice["lines"][0]["amount"]["value"] = "12345678901234567890.10"
    answer = client.post("/api/v1/mappings/invoice-to-netsuite/try", json=invoice, headers=bearer("viewer"))
    assert '"amount": 12345678901234567890.10' in answer.text


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("stripe-invoce/try", b"{}", 404, "did you mean stripe-invoice?"),
        ("stripe-invoice/try", b"{", 422, "not JSON"),
        ("stripe-invoice/try", b"", 422, "there is no payload"),
        ("stripe-invoice/try", b"\xff", 422, "not UTF-8"),
        ("stripe-invoice/try", b"NaN", 422, "no number of JSON"),
        ("stripe-invoice/try", b"[" * 500 + b"]" * 500, 422, "nested"),
        ("stripe-invoice/try", b"[" * 5_000 + b"]" * 5_000, 422, "nested deeper than 100"),
        ("stripe-invoice/try?back=true", b"{}", 409, "goes forward only"),
    ],
)
def test_what_can_not_be_tried_is_told(
    client: TestClient, bearer: Bearer, declared: object, path: str, body: bytes, status: int, words: str
) -> None:
    answer = client.post(f"/api/v1/mappings/{path}", content=body, headers=bearer("viewer"))
    assert_problem(answer, status)
    assert words in answer.json()["detail"]


def test_a_mapping_that_does_not_fit_is_refused_with_its_line(
    client: TestClient, admin: dict[str, str], declared: object
) -> None:
    text = """
apiVersion: controlplane/v1
kind: Mapping
metadata: {name: wrong, owner: billing}
spec:
  source: {system: stripe, schema: stripe-customer}
  target: {schema: customer}
  fields:
    - {from: id, to: "ids[?@.type=='stripe.customer'].value"}
    - {from: naem, to: name}
"""
    answer = client.post("/api/v1/apply", content=text, headers=admin)
    assert_problem(answer, 422)
    errors = [(one["line"], one["path"], one["message"].partition(":")[0]) for one in answer.json()["errors"]]
    assert errors == [(8, "spec.fields", "required-unmapped"), (10, "spec.fields[1].from", "path-unknown")]
    assert "did you mean name?" in answer.json()["errors"][1]["message"]


def test_a_schema_may_change_under_a_mapping_which_is_warned_of_and_found(
    client: TestClient, bearer: Bearer, admin: dict[str, str], declared: object
) -> None:
    changed = named("Schema", "stripe-product")
    document = json.loads(changed["spec"]["definition"])
    del document["properties"]["unit_label"]
    changed["spec"]["definition"] = json.dumps(document)
    answer = client.post("/api/v1/apply", json=changed, headers=admin)
    assert answer.status_code == 200, answer.text
    (warning,) = answer.json()["warnings"]
    assert "Mapping 'stripe-product' would no longer fit: path-unknown" in warning["message"]
    viewer = bearer("viewer")
    assert get(client, "/mappings/stripe-product", viewer)["findings"][0]["rule"] == "path-unknown"
    found = get(client, "/findings", viewer, check="mapping-broken")["items"]
    assert [(one["kind"], one["name"]) for one in found] == [("Mapping", "stripe-product")]


def test_the_gate_names_mapping_and_field_that_a_compatible_change_breaks(
    client: TestClient, bearer: Bearer, declared: object
) -> None:
    document = json.loads(named("Schema", "stripe-product")["spec"]["definition"])
    del document["properties"]["unit_label"]
    question = {"subject": "stripe-product", "document": document}
    told = client.post("/api/v1/policy/evaluations", json=question, headers=bearer("ci")).json()
    assert told["verdict"] == "allow"
    (mapping,) = told["impact"]["mappings"]
    assert (mapping["name"], mapping["breaks"]) == ("stripe-product", True)
    assert mapping["fields"] == [
        {"from": "unit_label", "to": "unit", "because": "unit_label is no longer there", "then": []}
    ]


def test_objects_are_told_with_states_records_ids_and_mappings(
    client: TestClient, bearer: Bearer, declared: object
) -> None:
    viewer = bearer("viewer")
    assert len(get(client, "/canon", viewer)["items"]) == 7
    told = get(client, "/canon/invoice", viewer)
    assert [one["path"] for one in told["states"]] == ["status", "settlement", "posting.status"]
    status = next(one for one in told["fields"] if one["path"] == "posting.status")
    assert {"system": "netsuite", "entities": ["US01", "DE01", "SG01"]} in status["records"]
    ids = {one["type"]: one for one in told["ids"]}
    assert ids["netsuite.invoice"]["keys"][0]["attribute"] == "netsuite.invoice.internal_id"
    assert ids["stripe.invoice"]["sources"][-1]["schema_name"] == "stripe-invoice"
    assert "stripe-invoice" in [one["name"] for one in told["mappings"]]
    assert_problem(client.get("/api/v1/canon/invioce", headers=viewer), 404)
    assert_problem(client.get("/api/v1/canon/invoice/ids", params={"key": "nonsense"}, headers=viewer), 400)
    # This server observes nothing.
    assert_problem(client.get("/api/v1/canon/invoice/ids", params={"key": "a.b:c"}, headers=viewer), 503)


def test_the_graph_tells_the_same(client: TestClient, bearer: Bearer, declared: object) -> None:
    query = """{
      mappings(system: "zuora") { name object coverage { filled total } fields { sources target how } findings { rule level } }
      canonicalObjects { name fields { path records } ids { type sources } mappings }
    }"""
    answer = client.post("/graphql", json={"query": query}, headers=bearer("viewer")).json()
    assert "errors" not in answer
    (mapping,) = answer["data"]["mappings"]
    assert (mapping["name"], mapping["object"], mapping["coverage"]) == (
        "zuora-invoice",
        "invoice",
        {"filled": 17, "total": 66},
    )
    assert len(answer["data"]["canonicalObjects"]) == 7


def test_impact_of_a_field_by_pointer_by_path_and_not_of_the_whole_where_there_is_no_such_field(
    client: TestClient, bearer: Bearer, declared: object
) -> None:
    viewer = bearer("viewer")
    wanted = {("Mapping", "stripe-invoice"), ("Schema", "invoice")}
    for path in ("/properties/total", "/total", "total"):
        answer = get(client, "/impact", viewer, of="Schema:stripe-invoice", path=path)
        assert {(one["kind"], one["name"]) for one in answer["items"] if one["provenance"] == "declared"} >= wanted
        assert ("Mapping", "stripe-customer") not in {(one["kind"], one["name"]) for one in answer["items"]}
    whole = get(client, "/impact", viewer, of="Schema:stripe-invoice")
    assert len(whole["items"]) != len(answer["items"])
    for path, hint in (
        ("/properties/nonsense", "there is no such field in stripe-invoice: /properties/nonsense"),
        ("/properties/totla", "did you mean /properties/total?"),
        ("totla", "did you mean total?"),
        ("/totla", "did you mean /total?"),
    ):
        params = {"of": "Schema:stripe-invoice", "path": path}
        assert_problem(client.get("/api/v1/impact", headers=viewer, params=params), 404, hint)
        query = "query($of: String!, $path: String) { impact(of: $of, path: $path) { items { why } } }"
        told = client.post("/graphql", headers=viewer, json={"query": query, "variables": params}).json()
        assert hint in told["errors"][0]["message"]
    params = {"of": "Schema:stripe-invoice", "path": "a..b["}
    assert_problem(client.get("/api/v1/impact", headers=viewer, params=params), 400, "path: 'a..b[' can't be read")


def test_graphql_tells_the_same_impact_as_rest(client: TestClient, bearer: Bearer, declared: object) -> None:
    viewer = bearer("viewer")
    rest = get(client, "/impact", viewer, of="Schema:stripe-invoice", path="total")
    query = """{ impact(of: "Schema:stripe-invoice", path: "total") {
        of { kind name title } path notes
        items { thing { kind name title } why on { kind name title } hops provenance calls lastCall } } }"""
    told = client.post("/graphql", headers=viewer, json={"query": query}).json()["data"]["impact"]
    items = [
        {**one["thing"], "last_call": one["lastCall"]} | {key: one[key] for key in ("why", "on", "hops", "provenance", "calls")}
        for one in told["items"]
    ]  # fmt: skip
    assert items == rest["items"]
    assert (told["of"], told["path"], told["notes"]) == (rest["of"], rest["path"], rest["notes"])
    wrong = client.post("/graphql", headers=viewer, json={"query": '{ impact(of: "Schema:x") { path } }'}).json()
    assert "there is no Schema 'x'" in wrong["errors"][0]["message"]


def test_the_page_of_a_schema_shows_what_depends_on_one_field(
    client: TestClient, bearer: Bearer, declared: object
) -> None:
    page, headers = "/catalogue/Schema/stripe-invoice", bearer("viewer") | {"Accept": "text/html"}
    whole = client.get(page, headers=headers)
    assert (whole.status_code, 'name="path"' in whole.text) == (200, True)
    shown = client.get(page, headers=headers, params={"path": "total"})
    assert shown.status_code == 200
    assert "depend on total of" in shown.text
    assert "reads total and gives tax_total" in shown.text
    missed = client.get(page, headers=headers, params={"path": "totla"})
    assert missed.status_code == 404
    assert "There is no such field in stripe-invoice: totla; did you mean total?" in missed.text
    unread = client.get(page, headers=headers, params={"path": "a..b["})
    assert unread.status_code == 400
    assert 'name="path"' not in client.get("/catalogue/Mapping/stripe-invoice", headers=headers).text
