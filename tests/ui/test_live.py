"""The pages of a real server: signed in by hand, over spans that really came over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.collectors.spans import SpanData
from tests.serving import TOKEN, LiveServer
from tests.ui.reading import Reader
from tests.wire.exporting import exporters, readable

MANIFESTS = """
apiVersion: controlplane/v1
kind: System
metadata: {name: ui-billing, title: Billing}
spec: {category: billing}
---
apiVersion: controlplane/v1
kind: System
metadata: {name: ui-erp, title: The ERP}
spec: {category: erp}
---
apiVersion: controlplane/v1
kind: Workflow
metadata: {name: ui-credit-to-books, title: Credit to books}
spec:
  object: credit-memo
  keys: [{type: ui.memo.number, attribute: ui.memo.number}]
  dimensions: {entity: business.entity}
  amount: {value: memo.amount, currency: memo.currency}
  steps:
    - {name: issued, title: Issued, system: ui-billing, match: {span: ui.memo.issued}}
    - {name: booked, title: Booked, system: ui-erp, match: {span: ui.memo.booked}}
---
apiVersion: controlplane/v1
kind: SLA
metadata: {name: ui-booking, title: Booking of credits}
spec: {workflow: ui-credit-to-books, from: issued, to: booked, within: PT1H, objective: 0.9, window: P3650D}
"""
LIST = "/workflows/ui-credit-to-books/instances"
HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def server(live_server: LiveServer) -> LiveServer:
    """The shared server with three credit memos: booked, booked after an error, and never booked."""
    live_server.apply(MANIFESTS)
    facts = {"business.entity": "DE01", "memo.amount": "19.90", "memo.currency": "EUR"}
    spans = [
        SpanData("ui.memo.issued", 7100 + n, 100 * n, 1, {"ui.memo.number": f"UI-CM-{n}", **facts}) for n in (1, 2, 3)
    ]
    refused = SpanData(
        "ui.memo.booked", 7202, 230, 2, {"ui.memo.number": "UI-CM-2"}, error=True, message="period closed"
    )
    booked = [SpanData("ui.memo.booked", 7300 + n, 150 * n, 2, {"ui.memo.number": f"UI-CM-{n}"}) for n in (1, 2)]
    exporter = exporters(live_server)[1]
    exporter.export([readable(span) for span in [*spans, refused, *booked]])
    exporter.shutdown()

    def there(answer: Any) -> bool:
        return sum(len(item["milestones"]) for item in answer["items"]) == 6

    live_server.until("/api/v1/workflows/ui-credit-to-books/instances", there)
    return live_server


def read(server: LiveServer, address: str) -> Reader:
    with server.client() as client:
        answer = client.get(address, headers=HTML, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return Reader(answer.text)


def test_the_deadline_page_counts_what_came_over_the_wire(server: LiveServer) -> None:
    page = read(server, "/slas/ui-booking?from=2000-01-01&to=2200-01-01")
    assert "2 of 3 credit memos were booked within 1 h (66.6 %, the target is 90 %)" in page.text
    assert "1 is overdue, EUR 19.90" in page.text
    assert page.faults == []


def test_every_figure_agrees_with_its_rows(server: LiveServer) -> None:
    page = read(server, "/slas/ui-booking?from=2000-01-01&to=2200-01-01")
    for state, rows in (("met", 2), ("overdue", 1)):
        link = next(link for link in page.links if f"sla_state={state}" in link)
        assert len([one for one in read(server, link).links if one.startswith(f"{LIST}/")]) == rows


def test_an_id_leads_to_the_timeline_and_on_to_the_span(server: LiveServer) -> None:
    page = read(server, "/search?q=UI-CM-2")
    assert "Booked (The ERP) worked after 1 attempt failed. The last error: period closed." in page.text
    trace = read(server, next(link for link in page.links if link.startswith("/traces/")))
    assert "It carried credit memo UI-CM-2" in trace.text
    assert "ui.memo.number" in trace.text


def test_errors_are_pages_for_people_and_problems_for_programs(server: LiveServer) -> None:
    with server.client() as client:
        page = client.get("/slas/nope", headers=HTML)
        problem = client.get("/slas/nope")
        nowhere = client.get("/no/such/page", headers=HTML)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is no deadline “nope”" in page.text
    assert problem.headers["content-type"] == "application/problem+json"
    assert nowhere.status_code == 404
    assert Reader(nowhere.text).all("h1")


def test_people_who_are_not_signed_in_are_asked_to(server: LiveServer) -> None:
    answer = httpx.get(f"{server.url}/slas/ui-booking?by=entity", headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fslas%2Fui-booking%3Fby%3Dentity"


@pytest.fixture
def page(chromium: Any, server: LiveServer) -> Iterator[Any]:
    opened = chromium.new_page(base_url=server.url)
    yield opened
    opened.close()


@pytest.mark.browser
def test_signing_in_and_out_by_hand(page: Any, server: LiveServer) -> None:
    page.goto("/slas/ui-booking?by=entity")
    page.get_by_label("Token").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    assert "not valid" in page.get_by_role("alert").inner_text()
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("button", name="Sign in").click()
    assert page.url == f"{server.url}/slas/ui-booking?by=entity"
    assert page.locator("h1").inner_text() == "Booking of credits"
    assert page.locator(".person b").inner_text() == "bootstrap"
    page.get_by_role("button", name="Sign out").click()
    assert page.url.startswith(f"{server.url}/login")
    page.goto(LIST)
    assert "/login" in page.url


def test_ids_are_put_right_from_the_page_and_from_nowhere_else(server: LiveServer) -> None:
    with httpx.Client(base_url=server.url, headers=HTML) as browser:
        signed_in = browser.post("/login", data={"secret": server.token("finance")}, headers={"Origin": server.url})
        assert signed_in.status_code == 303
        address = browser.get("/search?q=UI-CM-1").headers["location"]
        form = {"action": "same", "type": "ui.memo.number", "key": "UI-CM-3", "reason": "issued twice"}
        evil = browser.post(f"{address}/corrections", data=form, headers={"Origin": "https://evil.example"})
        assert evil.status_code == 403
        assert "from another site" in evil.text
        done = browser.post(f"{address}/corrections", data=form, headers={"Origin": server.url})
        assert done.status_code == 303, done.text
        joined = Reader(browser.get(done.headers["location"], follow_redirects=True).text)
        assert "ui.memo.number UI-CM-1 and ui.memo.number UI-CM-3 are the same credit memo. a-finance," in joined.text
        assert (
            browser.get("/search?q=UI-CM-3").headers["location"] == browser.get("/search?q=UI-CM-1").headers["location"]
        )
        removal = next(one["action"] for one in joined.all("form") if one["action"].endswith("/removal"))
        assert browser.post(removal, headers={"Origin": server.url}).status_code == 303
        assert (
            browser.get("/search?q=UI-CM-3").headers["location"] != browser.get("/search?q=UI-CM-1").headers["location"]
        )
