"""Putting ids right by forms, which need no JavaScript; histories, relations and readings on their way as pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from collectors.correlation.keys import key_hash
from collectors.correlation.readings import Progress
from collectors.timelines.fold import fold
from collectors.timelines.model import Instance, Key
from collectors.workflows.definition import Definition, Match, Step
from tests.ui import sample
from tests.ui.reading import Reader
from tests.ui.sample import DECLARED, NOW, WORKFLOW, milestone
from ui.format import DAY, HOUR

ONE = sample.in_time(1, NOW - 5 * DAY)
ADDRESS = f"/workflows/invoice-to-cash/instances/{ONE.id}"
APART = {"action": "apart", "key": "netsuite.invoice:90001", "reason": "booked on another one"}


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(sample.app(sample.services([ONE, sample.in_time(2, NOW)])), follow_redirects=False) as opened:
        yield opened


def page(client: TestClient, address: str = ADDRESS) -> Reader:
    answer = client.get(address)
    assert answer.status_code == 200
    return Reader(answer.text)


def test_an_id_is_taken_apart_by_a_form_and_taken_back_by_another(client: TestClient) -> None:
    before = page(client)
    assert len([form for form in before.all("form") if form["action"] == f"{ADDRESS}/corrections"]) == 4
    answer = client.post(f"{ADDRESS}/corrections", data=APART)
    number = Key("invoice.number", "INV-00001")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/workflows/invoice-to-cash/instances/{key_hash(number).hex()}"
    after = page(client)
    assert after.faults == []
    assert "netsuite.invoice 90001 does not belong to the invoice of invoice.number INV-00001." in after.text
    assert "Ada Finance, 2026-03-31 09:01 UTC: booked on another one" in after.text
    removal = next(form["action"] for form in after.all("form") if form["action"].endswith("/removal"))
    assert client.post(removal).headers["location"] == ADDRESS
    assert client.post(removal).status_code == 404
    assert len([form for form in page(client).all("form") if form["action"].endswith("/removal")]) == 1


def test_one_may_choose_from_which_id_another_stands_apart(client: TestClient) -> None:
    chosen = [option["value"] for option in page(client).all("option") if option["value"].startswith("stripe.invoice:")]
    answer = client.post(f"{ADDRESS}/corrections", data=APART | {"from": chosen[0]})
    assert answer.status_code == 303
    text = page(client).text
    assert "netsuite.invoice 90001 does not belong to the invoice of stripe.invoice in_1Nq8XkLkdIwHu7ix00001" in text
    assert "does not belong to the invoice of invoice.number" not in text


def test_what_a_late_milestone_changed_is_told_in_words() -> None:
    one = fold(
        WORKFLOW,
        [
            milestone(1, "finalized", NOW - 4 * DAY, observed_at=NOW - 4 * DAY),
            milestone(1, "posted", NOW - 4 * DAY + HOUR // 6, observed_at=NOW - DAY),
            milestone(1, "paid", NOW - 4 * DAY + HOUR, observed_at=NOW - 2 * DAY),
        ],
    )
    text = shown(one, WORKFLOW)
    assert "Posted (NetSuite) came 2 d 23 h late, at 2026-03-30 12:00:00 UTC." in text
    assert "What was shown until then has changed: Invoice posting was overdue and is met in 10 min." in text
    assert "the state was under way and is completed" in text
    backwards = fold(
        WORKFLOW, [milestone(1, "finalized", NOW), milestone(1, "posted", NOW - HOUR, observed_at=NOW - 2 * HOUR)]
    )
    text = shown(backwards, WORKFLOW)
    assert "reached 1 h before it began, by the systems' clocks" in text
    assert "Posted (NetSuite) is stamped 1 h after it arrived here, so its sender's clock is ahead." in text


def test_an_id_is_added_in_two_parts(client: TestClient) -> None:
    form = {"action": "same", "type": "netsuite.invoice", "key": "90777", "reason": "entered by hand"}
    assert client.post(f"{ADDRESS}/corrections", data=form).status_code == 303
    assert "invoice.number INV-00001 and netsuite.invoice 90777 are the same invoice." in page(client).text


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"reason": " "}, 422, "say why, in 1 to 1000 characters"),
        (
            {"key": "netsuite.invoice:1"},
            422,
            "This can't be put right: netsuite.invoice:1 is none of the ids here (any more)",
        ),
        ({"action": "same", "key": "x"}, 422, "an id is TYPE:VALUE"),
        ({"action": "same", "key": "invoice.number:INV-00001"}, 422, "is the same as itself"),
    ],
)
def test_what_makes_no_sense_is_said_as_a_page(
    client: TestClient, changes: dict[str, str], status: int, said: str
) -> None:
    answer = client.post(f"{ADDRESS}/corrections", data=APART | changes)
    assert answer.status_code == status
    assert said in Reader(answer.text).text


def test_saying_it_twice_is_a_conflict(client: TestClient) -> None:
    assert client.post(f"{ADDRESS}/corrections", data=APART).status_code == 303
    answer = client.post(f"{ADDRESS}/corrections", data=APART)
    assert answer.status_code == 409
    assert "stands apart from invoice.number:INV-00001 already" in Reader(answer.text).text


def test_who_may_only_look_sees_no_form_and_can_send_none() -> None:
    with TestClient(sample.app(sample.services([ONE], role="viewer")), follow_redirects=False) as client:
        assert not [form for form in page(client).all("form") if "corrections" in form["action"]]
        assert client.post(f"{ADDRESS}/corrections", data=APART).status_code == 403
        assert client.post(f"{ADDRESS}/corrections/c1/removal").status_code == 403


def shown(one: Instance, definition: Definition) -> str:
    declared = replace(DECLARED, workflows={"invoice-to-cash": definition})
    with TestClient(sample.app(sample.services([one], declared=declared))) as client:
        return page(client, f"/workflows/invoice-to-cash/instances/{one.id}").text


STATES = replace(
    WORKFLOW,
    steps=(
        *WORKFLOW.steps,
        Step("voided", "stripe", Match(span="void"), title="Voided"),
        Step("disputed", "stripe", Match(span="dispute"), title="Disputed"),
    ),
    cancels=frozenset({"voided"}),
    reopens=frozenset({"disputed"}),
)


def test_what_was_cancelled_says_so_and_waits_for_nothing() -> None:
    facts = [milestone(1, "finalized", NOW - 3 * HOUR), milestone(1, "voided", NOW - HOUR)]
    text = shown(fold(STATES, facts), STATES)
    assert "Cancelled after 2 h: Voided." in text
    assert "overdue" not in text
    assert "began by Finalised, 2026-03-31 09:00:00 UTC → cancelled by Voided, 2026-03-31 11:00:00 UTC" in text


def test_what_was_opened_again_says_since_when() -> None:
    facts = [milestone(1, step, NOW - hours * HOUR) for step, hours in (("finalized", 9), ("paid", 8), ("disputed", 2))]
    text = shown(fold(STATES, facts), STATES)
    assert "→ opened again by Disputed" in text
    assert f"Read by definition {STATES.id[:8]}" in text


def test_related_objects_lead_to_their_timelines(client: TestClient) -> None:
    read = page(client, f"/workflows/invoice-to-cash/instances/{sample.in_time(2, NOW).id}")
    assert "Shares" not in read.text
    company = sample.services()
    with TestClient(sample.app(company)) as whole:
        text = whole.get(
            f"/workflows/invoice-to-cash/instances/{sample.in_time(1, NOW - 3 * DAY + 60 * 10**9).id}"
        ).text
    related = Reader(text)
    assert "Shares stripe subscription sub_1 with" in related.text
    assert "more, which began before these" in related.text


def test_a_reading_on_its_way_is_shown_and_asked_again() -> None:
    building = (Progress("invoice-to-cash", "f" * 16, done=3, total=9),)
    services = replace(sample.services([ONE]), building=lambda: building)
    with TestClient(sample.app(services)) as client:
        table = page(client, "/workflows")
        assert "reading history, 3 of 9 weeks" in table.text
        assert [one.get("value") for one in table.all("progress")] == ["3"]
        (section,) = [one for one in table.all("section") if one.get("id") == "workflows"]
        assert section["hx-trigger"] == "every 2s"
        part = client.get("/workflows", headers={"HX-Request": "true", "HX-Target": "workflows"}).text
        assert part.startswith('<section id="workflows"')
        assert "A changed definition takes its place as soon as it has read history" in page(client).text
