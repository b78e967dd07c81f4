"""Mappings and canonical objects as pages: the examples, over a store of their own."""

import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from collectors.correlation.keys import key_hash
from collectors.timelines.model import Instance, Key
from collectors.workflows.definition import Definition
from controlplane.cli.manifest_files import gather
from registry.catalogue.apply import apply
from registry.database import Database
from registry.manifests.parse import parse_documents
from registry.migrate import migrate
from tests import databases
from tests.registry.mappings.shelf import EXAMPLES, examples
from tests.ui import sample, test_pages
from tests.ui.reading import Reader

ALL = [
    "/catalogue/mappings",
    "/catalogue/mappings/stripe-invoice",
    "/catalogue/mappings/stripe-customer?back=1",
    "/catalogue/mappings/invoice-to-netsuite",
    "/catalogue/objects",
    "/catalogue/objects/invoice",
    "/catalogue/objects/invoice?key=invoice.number:INV-00060",
    "/catalogue/objects/invoice?key=invoice.number:nothing",
    "/catalogue/objects/invoice?key=nonsense",
    "/catalogue/objects/contract-amendment",
]


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """The examples, applied."""
    made = Database(databases.lend(Path(tempfile.mkdtemp()), "mappings"))
    migrate(made)
    found = parse_documents(gather([EXAMPLES / name for name in ("quote-to-cash", "canonical", "mappings")]))
    with made.writing() as session:
        apply(session, found, actor="Ada Architect", now=datetime(2026, 3, 1, tzinfo=UTC))
    yield made
    made.close()


class Followed(sample.Timelines):
    """Timelines of the sample's workflow, asked by an id."""

    def active(self) -> dict[str, Definition]:
        return {sample.WORKFLOW.workflow: sample.WORKFLOW}

    def find(self, workflow: str, key: Key) -> Instance | None:
        return self.get(workflow, key_hash(key).hex())


@pytest.fixture(scope="module")
def pages(database: Database) -> Iterator[TestClient]:
    """The sample's pages over that store."""
    chosen = replace(sample.services(), database=database, timelines=lambda: Followed(sample.company()))
    with TestClient(sample.app(chosen), follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize("address", ALL)
def test_each_page_is_well_formed_speaks_plainly_and_runs_nothing_inline(pages: TestClient, address: str) -> None:
    page = test_pages.read(pages, address)
    assert (page.faults, page.open, len(page.all("h1")), len(page.all("main"))) == ([], [], 1, 1)
    # Payloads and expressions may say null; everything else is for people.
    quoted = Reader(re.sub(r"(?s)<(textarea|pre)\b.*?</\1>|by [a-z]+ [!=]= null", "", pages.get(address).text))
    assert not re.search(r"\bNone\b|\bnull\b|\bnan\b|\bundefined\b", quoted.text)
    test_pages.test_ids_are_unique_labels_name_their_fields_and_nothing_runs_inline(pages, address)


@pytest.mark.parametrize(
    "address",
    ["/catalogue/mappings", "/catalogue/mappings/stripe-invoice", "/catalogue/objects", "/catalogue/objects/invoice"],
)
def test_every_link_leads_to_a_page(pages: TestClient, address: str) -> None:
    for link in sorted(set(test_pages.read(pages, address).links)):
        if not link.startswith(("/api/", "#")):
            assert pages.get(link).status_code in (200, 303), link


def test_the_list_answers_first_and_shows_which_system_says_what(pages: TestClient) -> None:
    page = test_pages.read(pages, "/catalogue/mappings")
    assert (
        "19 mappings lead between 9 systems and 7 of 7 canonical objects. All of them fit their schemas." in page.text
    )
    assert "33 /66" in page.text.replace("33/66", "33 /66")


def post(pages: TestClient, name: str, **form: str) -> tuple[int, Reader]:
    answer = pages.post(f"/catalogue/mappings/{name}", data=form)
    return answer.status_code, Reader(answer.text)


def test_a_payload_is_tried_on_the_page(pages: TestClient) -> None:
    payload = json.loads(examples().get("Schema", "stripe-invoice").spec.text)["examples"][0]  # type: ignore[union-attr]
    status, page = post(pages, "stripe-invoice", payload=json.dumps(payload))
    assert (status, page.faults, page.open) == (200, [], [])
    assert "Valid by the target's schema, every field filled" in page.text
    assert '"value": "1210.00"' in page.text
    assert "Where each of the 34 values comes from" in page.text
    status, page = post(pages, "stripe-invoice", payload=json.dumps(payload | {"status": "<b>new</b>", "number": None}))
    assert status == 200
    assert "2 things went wrong" in page.text
    assert 'the table has no "<b>new</b>"' in page.text


@pytest.mark.parametrize(
    ("payload", "words"),
    [("", "there is no payload"), ("{", "Line 1: the payload is not JSON"), ("[" * 2000, "nested deeper than 100")],
)
def test_what_is_no_payload_is_told_beside_the_form(pages: TestClient, payload: str, words: str) -> None:
    status, page = post(pages, "stripe-invoice", payload=payload)
    assert status == 422
    assert words.lower() in page.text.lower()
    assert page.all("textarea")


def test_the_way_back_is_tried_too_and_refused_where_there_is_none(pages: TestClient) -> None:
    status, page = post(pages, "stripe-customer", payload='{"name": "A", "currency": "EUR"}', back="1")
    assert (status, '"currency": "eur"' in page.text) == (200, True)
    status, page = post(pages, "stripe-invoice", payload="{}", back="1")
    assert (status, "goes forward only" in page.text) == (422, True)


def test_an_object_says_who_is_the_record_and_which_ids_are_the_same(pages: TestClient) -> None:
    page = test_pages.read(pages, "/catalogue/objects/invoice?key=invoice.number:INV-00060")
    assert "66 fields, 5 of them required; 7 mappings lead to it. Every field has its system of record." in page.text
    assert "NetSuite" in page.text
    assert any(link.startswith("/workflows/invoice-to-cash/instances/") for link in page.links)
    assert "in_1Nq8XkLkdIwHu7ix00060" in page.text
    unknown = test_pages.read(pages, "/catalogue/objects/invoice?key=invoice.number:nothing")
    assert "No invoice with this id was seen yet" in unknown.text


def test_what_is_not_there_is_told_with_the_nearest_name(pages: TestClient) -> None:
    for address, name in (
        ("/catalogue/mappings/stripe-invoce", "stripe-invoice"),
        ("/catalogue/objects/invoce", "invoice"),
    ):
        answer = pages.get(address, headers={"Accept": "text/html"})
        assert answer.status_code == 404
        assert f"did you mean {name}?" in answer.text


def test_nothing_declared_says_how_to_begin() -> None:
    empty = Database(databases.lend(Path(tempfile.mkdtemp()), "empty"))
    migrate(empty)
    with TestClient(sample.app(replace(sample.services(), database=empty)), follow_redirects=False) as client:
        assert "controlplane map check -f" in test_pages.read(client, "/catalogue/mappings").text
        assert "examples/canonical" in test_pages.read(client, "/catalogue/objects").text
    empty.close()
