"""Asking for waivers, deciding, and trying policies, on pages."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from policies.gate.keeping import Question
from policies.gate.service import Gate
from registry.catalogue.apply import apply
from registry.database import Database
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText
from registry.migrate import migrate
from tests import databases
from tests.ui import catalogue, sample
from tests.ui.reading import Reader

POLICY = (
    "apiVersion: controlplane/v1\nkind: Policy\nmetadata: {name: no-camel}\nspec:\n  on: schema-change\n"
    "  deny: \"field.name.matches('[A-Z]')\"\n  message: '{field.name} is no snake'\n"
)


class Reviews:
    """A store of its own, seen by people of several roles."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.gate = Gate(database)
        for text in (catalogue.MANIFESTS, catalogue.GATED):
            with database.writing() as session:
                manifests = parse_manifests([SourceText("", text.encode())])
                apply(session, manifests, actor="Ada", now=catalogue.EARLIER)
        question = Question("hub-customer", catalogue.PROPOSED, {})
        self.answer = self.gate.ask([question], "pipeline", catalogue.LATER)[0]

    def seen_by(self, role: str) -> TestClient:
        services = replace(sample.services(role=role), database=self.database, gate=self.gate)
        return TestClient(sample.app(services), follow_redirects=False)

    @property
    def wish(self) -> dict[str, object]:
        marks = [one["fingerprint"] for one in self.answer["findings"]]
        return {"subject": "hub-customer", "reason": "agreed", "expires": "2026-04-20", "fingerprint": marks}


@pytest.fixture
def reviews() -> Iterator[Reviews]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(databases.lend(Path(folder)))
        migrate(database)
        yield Reviews(database)
        database.close()


def test_a_waiver_is_asked_for_on_the_page_of_an_evaluation(reviews: Reviews) -> None:
    architect = reviews.seen_by("architect")
    page = Reader(architect.get(f"/reviews/evaluations/{reviews.answer['id']}").text)
    assert "this document may not ship: 1 objection and 1 warning." in page.text
    assert "not seen, so unknown" in page.text
    boxes = [one["value"] for one in page.all("input") if one.get("name") == "fingerprint"]
    assert boxes == reviews.wish["fingerprint"]
    made = architect.post("/reviews/waivers", data=reviews.wish)
    assert made.status_code == 303
    own = Reader(architect.get(made.headers["location"]).text)
    assert "You asked for it, so somebody else has to approve it." in own.text
    assert [one["action"] for one in own.all("form") if "waivers" in one["action"]] == [
        f"{made.headers['location']}/{how}" for how in ("refusal", "withdrawal")
    ]
    refused = architect.post(f"{made.headers['location']}/approval")
    assert refused.status_code == 409
    assert "somebody else has to approve it" in Reader(refused.text).text


def test_it_is_taken_back_by_those_who_may(reviews: Reviews) -> None:
    address = reviews.seen_by("operator").post("/reviews/waivers", data=reviews.wish).headers["location"]
    assert reviews.seen_by("operator").post(f"{address}/approval").status_code == 403
    withdrawn = reviews.seen_by("architect").post(f"{address}/withdrawal", data={"comment": "no longer needed"})
    assert withdrawn.status_code == 303
    page = Reader(reviews.seen_by("viewer").get(address).text)
    assert "withdrawn" in page.text
    assert "no longer needed" in page.text
    assert not [one for one in page.all("form") if "waivers" in one["action"]]


def test_a_wish_that_can_not_be_is_told_as_a_page(reviews: Reviews) -> None:
    architect = reviews.seen_by("architect")
    late = architect.post("/reviews/waivers", data=reviews.wish | {"expires": "2029-01-01"})
    assert late.status_code == 422
    assert "366 days at most" in Reader(late.text).text
    none = architect.post("/reviews/waivers", data={**reviews.wish, "fingerprint": []})
    assert none.status_code == 422


def test_a_policy_is_tried_on_a_page(reviews: Reviews) -> None:
    architect = reviews.seen_by("architect")
    page = Reader(architect.post("/reviews/policies/try", data={"text": POLICY}).text)
    assert "no-camel would deny 0 and warn of 0 of the 1 thing that is registered." in page.text
    assert "Of 1 evaluation in 90 days it would have made 0 worse." in page.text
    assert "dueDate is no snake" in page.text
    assert f"/reviews/evaluations/{reviews.answer['id']}" in page.links
    wrong = architect.post("/reviews/policies/try", data={"text": POLICY.replace("field.name.m", "field.nam.m")})
    assert wrong.status_code == 422
    assert "did you mean name?" in Reader(wrong.text).text
    assert reviews.seen_by("viewer").get("/reviews/policies/try").status_code == 403


@pytest.mark.parametrize("address", ["evaluations/none", "policies/none", "policies/shipped/none", "waivers/none"])
def test_what_is_not_there_is_said(reviews: Reviews, address: str) -> None:
    answer = reviews.seen_by("viewer").get(f"/reviews/{address}")
    assert answer.status_code == 404
    assert "There is no" in Reader(answer.text).text
