"""A change is proposed, talked about, decided and published on pages."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from fastapi import HTTPException, Request
from fastapi.testclient import TestClient

from policies.gate.keeping import Question
from policies.gate.service import Gate
from registry.access.roles import Principal, principal
from registry.catalogue.apply import apply
from registry.database import Database
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText
from tests.ui import catalogue, sample
from tests.ui.reading import Reader

FINE = (
    '{"type": "object", "additionalProperties": false,\r\n "properties": {"number": {"type": "string"}, "note": {}, '
    '"invoice": {"type": "object", "properties": {"number": {}}}}}'
)
FORM = "/catalogue/schemas/hub-customer/propose"


class House:
    """A store of its own, seen by people by name."""

    def __init__(self, database: Database) -> None:
        self.database, self.gate = database, Gate(database)
        with database.writing() as session:
            text = f"{catalogue.MANIFESTS}\n---\n{catalogue.GATED}"
            apply(session, parse_manifests([SourceText("", text.encode())]), actor="Ada", now=catalogue.EARLIER)

    def seen_by(self, name: str, role: str = "operator") -> TestClient:
        person = principal(name, role)

        def requires(permission: str | None) -> Callable[[Request], Principal]:
            def check(_request: Request) -> Principal:
                if permission and permission not in person.permissions:
                    raise HTTPException(403, f"the role {role} does not allow {permission}")
                return person

            return check

        services = replace(
            sample.services(),
            database=self.database,
            gate=self.gate,
            requires=requires,
            visitor=lambda _request: person,
        )
        return TestClient(sample.app(services), follow_redirects=False)


@pytest.fixture
def house(sqlite: Database) -> Iterator[House]:
    made = House(sqlite)
    yield made
    made.gate.close()


def propose(client: TestClient, **more: str) -> str:
    given = {"title": "A note", "why": "Asked for.", "due": "2026-04-03", "document": FINE} | more
    answer = client.post(FORM, data=given)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def read(client: TestClient, address: str) -> Reader:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return Reader(answer.text)


def actions(page: Reader) -> list[str]:
    return [one["action"].rpartition("/")[2] for one in page.all("form") if one["action"].startswith("/reviews/1/")]


def test_a_change_goes_its_way_by_forms_alone(house: House) -> None:
    cy, ada, bo = house.seen_by("Cy"), house.seen_by("Ada Finance", "finance"), house.seen_by("Bo", "architect")
    schema = read(cy, "/catalogue/schemas/hub-customer")
    assert FORM in schema.links
    assert '"number": {"type": "string"}' in read(cy, FORM).text
    assert propose(cy) == "/reviews/1"
    own = read(cy, "/reviews/1")
    assert "It breaks nobody; the word of finance-systems is missing." in own.text
    assert "You proposed it, so somebody else has to agree, too." in own.text
    assert actions(own) == ["comments", "assessment", "due", "withdrawal"]
    assert cy.get("/reviews/1/document").text == FINE.replace("\r\n", "\n")
    assert "1 change waits for your word." in read(ada, "/reviews").text
    assert cy.post("/reviews/1/comments", data={"text": "Please look."}).headers["location"] == "/reviews/1#discussion"
    seen = read(ada, "/reviews/1")
    assert "You speak for finance-systems." in seen.text
    assert "Please look." in seen.text
    assert actions(seen) == ["votes", "comments", "assessment"]
    assert ada.post("/reviews/1/publication", data={"revision": 1}).status_code == 403
    assert ada.post("/reviews/1/votes", data={"revision": 1, "decision": "approve"}).status_code == 303
    ready = read(bo, "/reviews")
    assert "Approved, to be published" in ready.text
    assert "publication" in actions(read(bo, "/reviews/1"))
    assert bo.post("/reviews/1/publication", data={"revision": 1}).status_code == 303
    done = read(ada, "/reviews/1")
    assert "It breaks nobody; it was published as version 2." in done.text
    assert "/catalogue/schemas/hub-customer/versions/2" in done.links
    assert "No change is under review." in read(ada, "/reviews").text
    assert actions(done) == ["comments"]


def test_what_is_refused_is_told_and_nothing_typed_is_lost(house: House) -> None:
    cy, ada = house.seen_by("Cy"), house.seen_by("Ada Finance", "finance")
    wrong = cy.post(FORM, data={"title": "x", "document": "{nope"})
    page = Reader(wrong.text)
    assert wrong.status_code == 422
    assert "The document can't be used: line 1" in page.text
    assert "{nope" in page.text
    assert "The title is missing" in Reader(cy.post(FORM, data={"title": " ", "document": FINE}).text).text
    propose(cy)
    without = ada.post("/reviews/1/votes", data={"revision": 1, "decision": "refuse"})
    assert without.status_code == 409
    assert "A refusal needs a reason" in Reader(without.text).text
    late = ada.post("/reviews/1/votes", data={"revision": 2, "decision": "approve"})
    assert late.status_code == 409
    assert "Review 1 was changed meanwhile" in Reader(late.text).text
    assert cy.get("/reviews/9").status_code == 404
    assert "There is no review 9" in Reader(cy.get("/reviews/9").text).text
    assert cy.get(f"/reviews/{10**30}").status_code == 404
    assert cy.get(f"{FORM}?evaluation=nothing").status_code == 404
    assert house.seen_by("Eve", "viewer").get(FORM).status_code == 403


def test_a_revision_comes_as_a_file_and_votes_start_anew(house: House) -> None:
    cy, ada = house.seen_by("Cy"), house.seen_by("Ada Finance", "finance")
    propose(cy)
    ada.post("/reviews/1/votes", data={"revision": 1, "decision": "refuse", "reason": "call it memo"})
    assert "Ada Finance refused it" in read(cy, "/reviews/1").text
    assert '"note"' in read(cy, "/reviews/1/revise").text
    memo = FINE.replace("note", "memo").encode()
    sent = cy.post(
        "/reviews/1/revise", data={"revision": 1, "why": "memo it is"}, files={"file": ("memo.json", memo, "text/json")}
    )
    assert sent.status_code == 303
    page = read(ada, "/reviews/1")
    assert "refused for finance-systems" in page.text
    assert "of revision 1" in page.text
    assert "Cy proposed revision 2" in page.text
    assert "memo it is" in page.text
    binary = cy.post("/reviews/1/revise", data={"revision": 2}, files={"file": ("x.bin", b"\xff\xfe", "text/json")})
    assert binary.status_code == 422
    assert "x.bin is not text in UTF-8" in Reader(binary.text).text
    assert cy.post("/reviews/1/due", data={"due": "2026-05-01"}).status_code == 303
    assert cy.post("/reviews/1/withdrawal", data={"reason": "no"}).status_code == 303
    assert "it was withdrawn" in read(cy, "/reviews/1").text


def test_an_architect_stands_in_and_asks_for_a_waiver(house: House) -> None:
    cy, bo = house.seen_by("Cy"), house.seen_by("Bo", "architect")
    propose(cy, document=catalogue.PROPOSED)
    page = read(bo, "/reviews/1")
    assert "It breaks someone in 1 place" in page.text
    assert "Stand in for a team" in page.text
    assert "not seen, so unknown" in page.text
    assert "dueDate is not in snake case" in page.text
    assert [one["value"] for one in page.all("input") if one.get("name") == "fingerprint"]
    said = {"revision": 1, "decision": "approve", "team": "finance-systems", "reason": "they are away"}
    assert bo.post("/reviews/1/votes", data=said).status_code == 303
    page = read(bo, "/reviews/1")
    assert "approved by Bo in its place they are away" in " ".join(page.text.split())
    assert "the gate denies it as long as no waiver lets it pass" in page.text
    refused = bo.post("/reviews/1/publication", data={"revision": 1})
    assert refused.status_code == 409
    assert "It can't be published: schema 'hub-customer' would break" in Reader(refused.text).text
    assert bo.post("/reviews/1/votes", data={"revision": 1, "decision": "take-back"}).status_code == 303
    assert "nothing yet" in read(bo, "/reviews/1").text


def test_what_changed_since_it_was_judged_is_said(house: House) -> None:
    cy = house.seen_by("Cy")
    propose(cy, document=catalogue.PROPOSED)
    owner = catalogue.GATED.replace(
        "name: hub-customer, title: Hub customer, owner: finance-systems", "name: hub-customer"
    )
    with house.database.writing() as session:
        apply(session, parse_manifests([SourceText("", owner.encode())]), actor="Ada", now=catalogue.LATER)
    assert "Whom it hurts has changed since it was judged" in read(cy, "/reviews/1").text
    assert cy.post("/reviews/1/assessment").status_code == 303
    page = read(cy, "/reviews/1")
    assert "Whom it hurts has changed" not in page.text
    assert "an architect" in page.text


def test_what_the_gate_was_asked_is_proposed_from_its_page(house: House) -> None:
    cy = house.seen_by("Cy")
    answer = house.gate.ask([Question("hub-customer", FINE, {})], "pipeline", catalogue.LATER)[0]
    page = read(cy, f"/reviews/evaluations/{answer['id']}")
    (link,) = [one for one in page.links if "/propose?evaluation=" in one]
    assert '"note"' in read(cy, link).text


def test_a_viewer_reads_and_says_nothing(house: House) -> None:
    viewer = house.seen_by("Eve", "viewer")
    propose(house.seen_by("Cy"))
    assert actions(read(viewer, "/reviews/1")) == []
    assert viewer.post("/reviews/1/comments", data={"text": "x"}).status_code == 403
