"""The pages as they are sent: whole, well formed, in people's words."""

import csv
import io
import re
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from collectors.store.client import StoreUnavailable
from tests.ui import catalogue, sample
from tests.ui.reading import Reader
from tests.ui.sample import NOW
from ui.services import Declared

STUCK = sample.stuck(60, NOW - 3 * 86_400 * 10**9 - 4 * 3_600 * 10**9)
TIMELINE = f"/workflows/invoice-to-cash/instances/{STUCK.id}"
TRACE = f"/traces/{60:032x}?span={3:016x}"
ALL = [
    "/slas",
    "/slas/invoice-posting",
    "/slas/invoice-posting?by=none&period=P7D&entity=DE01",
    "/slas/collection?from=2026-03-01&to=2026-03-31&by=region",
    "/slas/invoice-posting?from=1999-01-01&to=1999-01-02",
    "/workflows",
    "/workflows/invoice-to-cash/instances",
    "/workflows/invoice-to-cash/instances?sla=invoice-posting&sla_state=overdue",
    "/workflows/invoice-to-cash/instances?entity=nowhere",
    "/workflows/invoice-to-cash/instances?current=posted&amount_min=5&amount_currency=EUR&sort=amount&hop=a:b",
    "/workflows/invoice-to-cash/flow",
    "/workflows/invoice-to-cash/flow?current=posted&errors=true&period=P30D",
    "/workflows/invoice-to-cash/flow?entity=nowhere",
    TIMELINE,
    f"{TIMELINE}/milestones",
    "/workflows/invoice-to-cash/joining-keys",
    TRACE,
    "/search",
    "/search?q=INV-0000",
    "/search?q=nothing-like-this",
    "/catalogue/schemas",
    "/catalogue/operations",
    "/catalogue",
    "/catalogue?q=hub&owner=finance-systems",
    "/catalogue?q=nothing-like-this",
    "/catalogue?kind=System&after=System/netsuite",
    "/catalogue/systems",
    "/catalogue/apis",
    "/catalogue/apis?stage=deprecated&q=hub",
    "/catalogue/apis?q=nothing-like-this",
    "/catalogue/teams",
    "/catalogue/findings",
    "/catalogue/findings?check=ownership&owner=old-integration",
    "/catalogue/API/hub-mappings",
    "/catalogue/API/hub-files",
    "/catalogue/System/stripe",
    "/catalogue/Team/finance-systems",
    "/catalogue/Team/old-integration",
    "/catalogue/Workflow/invoice-to-cash",
    "/catalogue/Source/stripe-live",
    "/catalogue/map",
    "/catalogue/map?q=nothing-like-this",
    "/catalogue/map?workflow=invoice-to-cash&period=P7D",
    "/catalogue/System/stripe/history",
    "/catalogue/System/stripe/history?revision=1",
    "/access/me",
    "/audit",
    "/audit?kind=System&action=update&period=P7D",
    "/audit/1",
    "/collectors",
    "/collectors?period=P7D",
    "/collectors/b2",
    "/collectors/d4",
    "/reviews",
    "/reviews?subject=hub-customer",
    "/reviews?subject=nothing-like-this",
    "/reviews/1",
    "/reviews/1/revise",
    "/reviews/2",
    "/reviews/3",
    "/catalogue/schemas/hub-customer",
    "/catalogue/schemas/hub-customer/propose",
    f"/catalogue/schemas/hub-customer/propose?evaluation={catalogue.evaluation()}",
    "/reviews/evaluations",
    "/reviews/evaluations?subject=hub-customer&verdict=warn",
    "/reviews/evaluations?subject=nothing-like-this",
    f"/reviews/evaluations/{catalogue.evaluation()}",
    "/reviews/policies",
    "/reviews/policies/names-in-snake",
    "/reviews/policies/shipped/money-is-decimal",
    "/reviews/waivers",
    "/reviews/waivers?subject=nothing-like-this",
    "/reviews/waivers/let-pass",
    "/reviews/waivers/is-over",
    "/api",
]


def read(pages: TestClient, address: str, status: int = 200) -> Reader:
    answer = pages.get(address)
    assert answer.status_code == status, answer.text
    return Reader(answer.text)


@pytest.mark.parametrize("address", ALL)
def test_every_page_is_well_formed_and_speaks_plainly(pages: TestClient, address: str) -> None:
    page = read(pages, address)
    assert page.faults == []
    assert page.open == []
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    assert len(page.all("title")) >= 1
    assert not re.search(r"N/A|\bNone\b(?![.]| of| in)|\bnull\b|\bnan\b|\bundefined\b|entity instance|\x00", page.text)


@pytest.mark.parametrize("address", ALL)
def test_ids_are_unique_labels_name_their_fields_and_nothing_runs_inline(pages: TestClient, address: str) -> None:
    page = read(pages, address)
    ids = [one["id"] for _, one in page.elements if "id" in one]
    assert len(ids) == len(set(ids))
    for _, one in page.elements:
        assert not [name for name in one if name.startswith("on") or name == "style"]
    assert all("src" in one for one in page.all("script"))
    wanted = {one["aria-labelledby"] for _, one in page.elements if "aria-labelledby" in one}
    assert wanted <= set(ids)
    assert page.elements[[tag for tag, _ in page.elements].index("html")][1]["lang"] == "en"


@pytest.mark.parametrize("address", ALL)
def test_every_link_of_every_page_leads_to_a_page(pages: TestClient, address: str) -> None:
    for link in sorted(set(read(pages, address).links))[:60]:
        if link.startswith("/api/"):
            continue
        assert pages.get(link).status_code in (200, 303), link


def test_the_start_leads_to_the_deadlines(pages: TestClient) -> None:
    answer = pages.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/slas")


def test_the_deadline_page_answers_first_and_then_shows_why(pages: TestClient) -> None:
    page = read(pages, "/slas/invoice-posting")
    assert (
        "51 of 54 invoices were posted within 15 min (94.4 %, the target is 99 %). 1 was late. 2 are overdue"
        in page.text
    )
    assert "EUR 160.50 and USD 161.50 in all; the oldest has waited 3 d 4 h" in page.text
    assert page.text.index("51 of 54") < page.text.index("Figures as a table") < page.text.index("Overdue invoices")


def test_a_refresh_asks_for_the_answer_alone(pages: TestClient) -> None:
    answer = pages.get("/slas/invoice-posting", headers={"HX-Request": "true", "HX-Target": "answer"})
    assert answer.text.startswith('<div id="answer"')
    assert "51 of 54" in Reader(answer.text).text.replace("  ", " ")
    assert "<html" not in answer.text
    assert 'class="chart' not in answer.text


def test_a_refresh_of_a_timeline_asks_for_its_story_alone(pages: TestClient) -> None:
    answer = pages.get(TIMELINE, headers={"HX-Request": "true", "HX-Target": "story"})
    assert answer.text.startswith('<div id="story" hx-get=')
    assert "<html" not in answer.text


def test_the_head_of_a_page_is_sent_before_its_figures_are_known() -> None:
    asked: list[str] = []

    class Slow(sample.Reports):
        def report(self, *args: object, **named: object) -> object:
            asked.append("report")
            return super().report(*args, **named)

    chosen = replace(sample.services(), reports=lambda: Slow(sample.company()))
    with TestClient(sample.app(chosen)) as client:
        answer = client.get("/slas/invoice-posting")
    head, _, rest = answer.text.partition('class="skeleton"')
    assert asked
    assert "<h1>Invoice posting</h1>" in head
    assert 'class="answer"' not in head
    assert 'class="answer"' in rest
    assert "content-length" not in answer.headers


def test_figures_that_can_not_be_read_leave_a_page_that_says_so(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(sample.Reports):
        def report(self, *_: object, **__: object) -> object:
            raise StoreUnavailable("connection refused")

    with TestClient(sample.app(replace(sample.services(), reports=lambda: Broken([])))) as client:
        page = Reader(client.get("/slas/invoice-posting").text)
    assert "The figures can't be read at the moment." in page.text
    assert page.open == []
    assert "connection refused" in caplog.text


def test_nothing_declared_says_how_to_begin() -> None:
    empty = sample.services([], declared=Declared({}, {}, {}, {}))
    with TestClient(sample.app(empty), follow_redirects=False) as client:
        assert client.get("/").headers["location"] == "/slas"
        for address in ("/slas", "/workflows"):
            page = Reader(client.get(address).text)
            assert "controlplane apply -f" in page.text
            assert "OTEL_EXPORTER_OTLP_ENDPOINT" in page.text


def test_a_workflow_without_any_object_says_what_would_fill_it() -> None:
    with TestClient(sample.app(sample.services([]))) as client:
        page = Reader(client.get("/workflows/invoice-to-cash/instances").text)
    assert "No invoice has come yet." in page.text
    assert "Finalised, Posted and Paid" in page.text


def test_the_list_goes_on_by_pages(pages: TestClient) -> None:
    first = read(pages, "/workflows/invoice-to-cash/instances")
    older = next(one["href"] for one in first.all("a") if one.get("rel") == "next")
    second = read(pages, older)
    assert len(second.all("time")) > 2
    assert "Newest" in second.text
    assert not [one for one in second.all("a") if one.get("rel") == "next"]


def test_a_cursor_that_is_not_ours_is_told_in_the_page(pages: TestClient) -> None:
    page = read(pages, "/workflows/invoice-to-cash/instances?cursor=abc")
    assert "This page of the list has gone." in page.text
    (back,) = [one["href"] for one in page.all("a") if one.get("href") == "/workflows/invoice-to-cash/instances"][-1:]
    assert read(pages, back).all("tr")


def test_one_hit_leads_straight_to_the_timeline(pages: TestClient) -> None:
    answer = pages.get("/search", params={"q": " INV-00060 "})
    assert (answer.status_code, answer.headers["location"]) == (303, TIMELINE)


@pytest.mark.parametrize(
    ("typed", "leads"),
    [
        ("\u201cINV-00060\u201d,", TIMELINE),
        ("https://erp.example.com/invoices/INV-00060?tab=1", TIMELINE),
        (f"{7:016x}", f"/traces/{7:032x}?span={7:016x}#chosen"),
    ],
)
def test_one_box_takes_whatever_was_pasted(pages: TestClient, typed: str, leads: str) -> None:
    answer = pages.get("/search", params={"q": typed})
    assert (answer.status_code, answer.headers["location"]) == (303, leads)


def test_the_file_has_what_the_list_shows(pages: TestClient) -> None:
    address = "/workflows/invoice-to-cash/instances?missing=posted&sort=age"
    page = read(pages, address)
    (link,) = [one["href"] for one in page.all("a") if "download" in one]
    answer = pages.get(link)
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["key.invoice.number"] for row in rows] == ["INV-00060", "INV-00061", "INV-00090"]
    assert "EUR 351.00" in page.text
    assert pages.get(link.replace("missing=posted", "missing=nothing")).status_code == 400


def test_the_flow_leads_to_the_objects_behind_each_figure(pages: TestClient) -> None:
    page = read(pages, "/workflows/invoice-to-cash/flow?period=P30D")
    assert "took the same way, the rest" in page.text
    assert "have come no further than “Finalised” and are under way" in page.text
    hop = "/workflows/invoice-to-cash/instances?period=P30D&hop=finalized%3Aposted"
    assert hop in page.links
    assert "went from “Finalised” straight to “Posted”" in read(pages, hop).text
    way = "/workflows/invoice-to-cash/instances?period=P30D&path=finalized%2Cposted%2Cpaid"
    assert way in page.links
    assert "51 invoices that began in the last 30 days went exactly this way" in read(pages, way).text


def test_a_trace_leads_to_the_trace_in_which_it_continues(pages: TestClient) -> None:
    page = read(pages, TRACE)
    assert "Continues in process invoices, hub by kafka invoices" in page.text
    assert f"/traces/{61:032x}?span={1:016x}#chosen" in page.links
    assert "It served invoice INV-00060 (through a linked trace)" in read(pages, f"/traces/{62:032x}").text


def test_what_was_typed_stays_and_is_escaped(pages: TestClient) -> None:
    page = read(pages, "/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "Nothing is known by <script>alert(1)</script>." in page.text
    assert not [one for one in page.all("script") if "src" not in one]


def test_a_trace_shows_the_chosen_span_and_leads_back_to_the_invoice(pages: TestClient) -> None:
    page = read(pages, TRACE)
    assert "It carried invoice INV-00060" in page.text
    assert TIMELINE in page.links
    assert "<b>refused</b>" in page.text
    assert [one["href"] for one in page.all("a") if one.get("aria-current") == "true"] == [f"{TRACE}#chosen"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/slas/invoice-postin", "There is no deadline “invoice-postin”. Did you mean “invoice-posting”?"),
        (
            "/workflows/invoice-to-cas/instances",
            "There is no workflow “invoice-to-cas”. Did you mean “invoice-to-cash”?",
        ),
        (
            "/workflows/invoice-to-cash/instances/00",
            "No invoice has the timeline “00”. Search for it by any id of any system.",
        ),
        (f"/traces/{999:032x}", "It may not have arrived yet, or its time of keeping is over."),
        ("/nowhere", "There is no page at this address; search by any id, or begin at the start."),
    ],
)
def test_what_is_not_there_says_what_to_do_next(pages: TestClient, address: str, said: str) -> None:
    page = read(pages, address, 404)
    assert said in page.text
    assert len(page.all("h1")) == 1


def test_what_a_role_does_not_allow_is_neither_shown_nor_offered() -> None:
    with TestClient(sample.app(sample.services(role="ci")), follow_redirects=False) as client:
        welcome = Reader(client.get("/").text)
        assert "The role ci has no pages to read." in welcome.text
        assert [one["href"] for one in welcome.all("a") if one["href"] in ("/slas", "/workflows", "/search")] == []
        for address in (*ALL[:15], "/search"):
            assert client.get(address).status_code == 403, address


@pytest.mark.parametrize("address", [*ALL, "/"])
def test_nobody_sees_a_page_without_signing_in(pages: TestClient, address: str) -> None:
    assert pages.get(address, headers={"x-nobody": "1"}).status_code == 401


@pytest.mark.parametrize("address", [*ALL, "/nowhere"])
def test_browsers_are_kept_careful(pages: TestClient, address: str) -> None:
    headers = pages.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_static_files_are_kept_by_their_content(pages: TestClient) -> None:
    page = read(pages, "/workflows")
    for address in [one["src"] for one in page.all("script")] + [one["href"] for one in page.all("link")]:
        answer = pages.get(address)
        assert answer.status_code == 200
        assert "max-age" in answer.headers["cache-control"]
    assert "htmx" in pages.get("/static/htmx.js").text[:40]
    assert pages.get("/static/../site.py").status_code == 404
    assert pages.get("/static/nothing.css").status_code == 404
