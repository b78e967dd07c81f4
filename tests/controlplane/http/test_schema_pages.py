import pytest
from fastapi.testclient import TestClient

from tests.controlplane.http.conftest import assert_problem
from tests.registry.schemas.test_versions import ONE, TWO, schema
from tests.ui.reading import Reader

PAGE = {"accept": "text/html"}


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
    page = read(client, "/schemas", admin)
    assert f"/schemas/{subject}" in page.links
    assert "erp-invoice json-schema BACKWARD 2 nobody named" in page.text
    assert "No schema has “crm” in its name" in read(client, "/schemas?q=crm", admin).text


def test_an_empty_list_says_how_to_fill_it(client: TestClient, admin: dict[str, str]) -> None:
    assert "No schema is declared yet. Write a manifest of kind Schema" in read(client, "/schemas", admin).text


def test_a_long_list_goes_on(client: TestClient, admin: dict[str, str]) -> None:
    manifests = "[" + ",".join(schema("true", name=f"s-{number:03d}") for number in range(101)) + "]"
    assert client.post("/api/v1/apply", content=manifests, headers=admin).status_code == 200
    first = read(client, "/schemas?q=s-", admin)
    assert "/schemas/s-099" in first.links
    assert "/schemas/s-100" not in first.links
    (more,) = [link for link in first.links if "after" in link]
    assert [link for link in read(client, more, admin).links if "s-" in link] == ["/schemas/s-100"]


def test_a_schema_says_what_changed_and_every_rule_is_explained(
    client: TestClient, admin: dict[str, str], subject: str
) -> None:
    page = read(client, f"/schemas/{subject}", admin)
    assert "Version 2 is in force. From version 1 to 2 there is 1 change, and it breaks someone." in page.text
    (link,) = [link for link in page.links if link.startswith("/rules/")]
    rule = "property-removed-from-closed-content-model"
    assert link == f"/rules/json-schema/{rule}"
    assert f"{rule} /properties/amount" in page.text
    explained = read(client, link, admin)
    assert "its level is breaking" in explained.text
    assert "What to do" in explained.text


def test_the_first_version_changed_nothing(client: TestClient, admin: dict[str, str], subject: str) -> None:
    page = read(client, f"/schemas/{subject}?to=1", admin)
    assert "It is the first, so nothing has changed yet." in page.text
    assert not [link for link in page.links if link.startswith("/rules/")]


@pytest.mark.usefixtures("subject")
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/schemas/erp-invoce", "did you mean erp-invoice?"),
        ("/schemas/erp-invoice?to=7", "has no version 7; its latest is 2"),
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
    assert hostile in read(client, "/schemas/erp-invoice", admin).text
