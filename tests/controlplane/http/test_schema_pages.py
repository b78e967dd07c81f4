import json
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from tests.controlplane.http.conftest import assert_problem
from tests.registry.schemas.test_operations import HTTP
from tests.registry.schemas.test_versions import ONE, TWO, closed, schema
from tests.ui.reading import Reader

PAGE = {"accept": "text/html"}
LIST = "/catalogue/schemas"


@pytest.fixture
def subject(client: TestClient, admin: dict[str, str]) -> str:
    """Two versions; the second breaks the first, which NONE lets pass."""
    for document in (TWO, ONE):
        sent = client.post("/api/v1/apply", content=schema(document, compatibility="NONE"), headers=admin)
        assert sent.status_code == 200, sent.text
    client.post("/api/v1/apply", content=schema(ONE, compatibility="BACKWARD"), headers=admin)
    return "erp-invoice"


def read(client: TestClient, address: str, headers: dict[str, str], status: int = 200) -> Reader:
    answer = client.get(address, headers=headers | PAGE)
    assert answer.status_code == status, answer.text
    page = Reader(answer.text)
    assert page.faults == []
    assert page.open == []
    assert len(page.all("h1")) == 1
    assert not [one for _, one in page.elements if "style" in one]
    ids = [one["id"] for _, one in page.elements if "id" in one]
    assert len(ids) == len(set(ids))
    return page


def test_the_list_leads_to_each_schema(client: TestClient, admin: dict[str, str], subject: str) -> None:
    page = read(client, LIST, admin)
    assert f"{LIST}/{subject}" in page.links
    assert "erp-invoice json-schema BACKWARD 2 2 nobody named" in page.text
    assert "No schema fits “crm”" in read(client, f"{LIST}?q=crm", admin).text
    assert "No schema fits." in read(client, f"{LIST}?format=avro", admin).text


def test_an_empty_list_says_how_to_fill_it(client: TestClient, admin: dict[str, str]) -> None:
    text = read(client, LIST, admin).text
    assert "No schema is declared yet." in text
    assert "Write a manifest of kind Schema" in text


def test_a_long_list_goes_on(client: TestClient, admin: dict[str, str]) -> None:
    manifests = "[" + ",".join(schema("true", name=f"s-{number:03d}") for number in range(101)) + "]"
    assert client.post("/api/v1/apply", content=manifests, headers=admin).status_code == 200
    first = read(client, f"{LIST}?q=s-", admin)
    assert f"{LIST}/s-099" in first.links
    assert f"{LIST}/s-100" not in first.links
    (more,) = [link for link in first.links if "after" in link]
    assert [link for link in read(client, more, admin).links if "/s-" in link] == [f"{LIST}/s-100"]


def test_addresses_of_old_lead_on(client: TestClient, admin: dict[str, str]) -> None:
    for old, new in (("/schemas?q=a%26b", f"{LIST}?q=a%26b"), ("/schemas/erp-invoice", f"{LIST}/erp-invoice")):
        answer = client.get(old, headers=admin)
        assert (answer.status_code, answer.headers["location"]) == (301, new)


def test_a_schema_leads_to_what_changed_and_every_rule_is_explained(
    client: TestClient, admin: dict[str, str], subject: str
) -> None:
    page = read(client, f"{LIST}/{subject}", admin)
    assert "Version 2 is in force." in page.text
    (changes,) = [link for link in page.links if "from=1" in link]
    compared = read(client, changes, admin)
    assert "From version 1 to 2 there is 1 change, and it breaks someone." in compared.text
    (link,) = [link for link in compared.links if link.startswith("/rules/")]
    rule = "property-removed-from-closed-content-model"
    assert link == f"/rules/json-schema/{rule}"
    assert f"{rule} /properties/amount" in compared.text
    explained = read(client, link, admin)
    assert "its level is breaking" in explained.text
    assert "What to do" in explained.text


def test_two_texts_stand_side_by_side(client: TestClient, admin: dict[str, str], subject: str) -> None:
    for older, newer, gone, come in ((1, 2, 3, 0), (2, 1, 0, 3)):
        page = read(client, f"{LIST}/{subject}/changes?from={older}&to={newer}", admin)
        assert (len(page.all("del")), len(page.all("ins"))) == (gone, come)
    assert "The texts are the same" in read(client, f"{LIST}/{subject}/changes?from=2&to=2", admin).text
    assert "nothing changed that matters" in read(client, f"{LIST}/{subject}/changes?to=1", admin).text


def test_a_version_can_be_pointed_at_line_by_line(client: TestClient, admin: dict[str, str], subject: str) -> None:
    page = read(client, f"{LIST}/{subject}/versions/1?at=/properties/amount", admin)
    lines = TWO.splitlines()
    ids = {one["id"] for _, one in page.elements if "id" in one}
    assert {f"L{number}" for number in range(1, len(lines) + 1)} <= ids
    assert "/properties/amount is on line" in page.text
    assert page.all("details")
    assert client.get(f"{LIST}/{subject}/versions/1/text", headers=admin).text == TWO


def test_states_are_changed_by_whoever_may(
    client: TestClient, admin: dict[str, str], bearer: Callable[[str], dict[str, str]], subject: str
) -> None:
    address = f"{LIST}/{subject}/versions/1"
    assert "Deprecate" in read(client, address, admin).text
    assert "Deprecate" not in read(client, address, bearer("viewer")).text
    form = {"state": "deprecated", "reason": "Use version 2"}
    refused = client.post(f"{address}/state", data=form, headers=bearer("viewer"))
    assert_problem(refused, 403, "catalogue:write")
    done = client.post(f"{address}/state", data=form, headers=admin)
    assert (done.status_code, done.headers["location"]) == (303, address)
    assert "Use version 2" in read(client, f"{LIST}/{subject}", admin).text
    assert_problem(client.post(f"{address}/state", data={"state": "draft"}, headers=admin), 409, "it can become")
    assert_problem(client.post(f"{address}/state", data={"state": "gone"}, headers=admin), 422, "state")


def test_a_draft_is_published_by_a_button(client: TestClient, admin: dict[str, str], subject: str) -> None:
    broken = schema(closed(number="integer"), state="draft")
    assert client.post("/api/v1/apply", content=broken, headers=admin).status_code == 200
    page = read(client, f"{LIST}/{subject}", admin)
    assert "Version 3 is a draft and not published." in page.text
    assert "Publish" in read(client, f"{LIST}/{subject}/versions/3", admin).text
    refused = client.post(f"{LIST}/{subject}/versions/3/state", data={"state": "active"}, headers=admin)
    assert_problem(refused, 409, "would break BACKWARD compatibility")


def test_operations_lead_to_their_lines(client: TestClient, admin: dict[str, str]) -> None:
    assert "and its operations stand here" in read(client, "/catalogue/operations", admin).text
    client.post("/api/v1/apply", content=schema(HTTP, name="billing", form="openapi"), headers=admin)
    page = read(client, "/catalogue/operations?q=invoices", admin)
    assert "GET /invoices/{id}" in page.text
    assert "gone from 2026-12-31" in page.text
    (link,) = [link for link in page.links if link.endswith("/get")]
    assert "is on line 6" in read(client, link, admin).text
    assert "DELETE" not in read(client, "/catalogue/operations?deprecated=no", admin).text
    assert "No operation fits." in read(client, "/catalogue/operations?q=nothing", admin).text
    assert "3 operations" in read(client, f"{LIST}/billing", admin).text
    assert client.get("/catalogue/operations?after=billing:99999999999999999999", headers=admin).status_code == 200


def test_references_lead_both_ways(client: TestClient, admin: dict[str, str], subject: str) -> None:
    document = json.dumps({"properties": {"invoice": {"$ref": "controlplane:erp-invoice/1"}}})
    client.post("/api/v1/apply", content=schema(document, name="order"), headers=admin)
    assert f"{LIST}/{subject}/versions/1" in read(client, f"{LIST}/order", admin).links
    page = read(client, f"{LIST}/{subject}", admin)
    assert "1 other schema refers to it" in page.text
    assert f"{LIST}/order/versions/1" in page.links


@pytest.mark.usefixtures("subject")
@pytest.mark.parametrize(
    ("address", "words"),
    [
        (f"{LIST}/erp-invoce", "did you mean erp-invoice?"),
        (f"{LIST}/erp-invoice/versions/7", "has no version 7; its latest is 2"),
        (f"{LIST}/erp-invoice/changes?to=7", "has no version 7; its latest is 2"),
        ("/rules/json-schema/nothing", "has no rule 'nothing'"),
        ("/rules/json-shema/type-changed", "did you mean json-schema?"),
    ],
)
def test_what_is_not_there_is_said(client: TestClient, admin: dict[str, str], address: str, words: str) -> None:
    assert_problem(client.get(address, headers=admin), 404, words)
    assert words in read(client, address, admin, 404).text


def test_a_document_is_shown_as_text(client: TestClient, admin: dict[str, str]) -> None:
    hostile = '{"title": "<script>alert(1)</script>"}'
    client.post("/api/v1/apply", content=schema(hostile), headers=admin)
    assert hostile in read(client, f"{LIST}/erp-invoice/versions/1", admin).text
    long = json.dumps({"title": "x" * 500, "enum": list(range(50))})
    client.post("/api/v1/apply", content=schema(long, name="long"), headers=admin)
    assert "laid out here for reading" in read(client, f"{LIST}/long/versions/1", admin).text
