"""The pages in a real browser: narrow and wide, with and without JavaScript, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from tests.ui import sample
from tests.ui.test_pages import ALL, TIMELINE, TRACE

pytestmark = pytest.mark.browser
_ONE_ROW = 30
# What lies outside the page, and outside a place that scrolls within itself.
_STICKS_OUT = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .filter((one) => !one.closest(".scroll, .filters, .timeline-place, .rail, svg, pre, .skip, .hidden-words"))
  .map((one) => `${one.tagName}.${one.className} ${one.textContent.slice(0, 40)}`)"""
_UNNAMED = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, [role=img], [tabindex='0']")]
  .filter((one) => !(one.getAttribute("aria-label") || one.getAttribute("aria-labelledby") || one.labels?.length
    || one.textContent.trim() || one.title))
  .map((one) => one.outerHTML.slice(0, 90))"""


@pytest.fixture
def open_page(chromium: Any, site_url: str) -> Iterator[Any]:
    """A function that opens a page in a context of its own and fails at the end on anything the console said."""
    contexts: list[Any] = []
    said: list[str] = []

    def opened(address: str, width: int = 1440, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 844}, base_url=site_url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


@pytest.mark.parametrize("address", ALL)
def test_everything_has_a_name_and_nothing_sticks_out_of_a_narrow_page(open_page: Any, address: str) -> None:
    page = open_page(address)
    assert page.evaluate(_UNNAMED) == []
    assert page.locator("main, nav, header").count() >= 3
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(_STICKS_OUT) == []


@pytest.mark.parametrize("address", ALL)
def test_every_page_works_without_javascript(open_page: Any, address: str) -> None:
    page = open_page(address, java_script_enabled=False)
    assert page.locator("h1").count() == 1
    assert page.locator(".skeleton:visible").count() == 0
    page.locator("#find").fill("INV-00060")
    page.locator("form[role=search] button").click()
    assert page.url.endswith(TIMELINE)


def test_filters_are_a_plain_form_and_the_address_is_the_state(open_page: Any) -> None:
    page = open_page("/slas/invoice-posting", java_script_enabled=False)
    page.locator("select[name=period]").select_option("P7D")
    page.locator("input[name=entity]").fill("DE01")
    page.get_by_role("button", name="Show").click()
    assert "period=P7D" in page.url
    assert "entity=DE01" in page.url
    assert page.locator("input[name=entity]").input_value() == "DE01"
    page.locator(".answer a").first.click()
    assert "sla_state=met" in page.url
    assert "with entity DE01" in page.locator(".answer").inner_text()
    page.go_back()
    assert page.locator("select[name=period]").input_value() == "P7D"


def test_from_a_figure_down_to_the_span_and_back(open_page: Any) -> None:
    page = open_page("/slas/invoice-posting")
    page.locator(".answer a.late").click()
    assert "2 invoices that came to Finalised" in page.locator(".answer").inner_text()
    page.get_by_role("link", name="INV-00060").click()
    assert page.url.endswith(TIMELINE)
    page.locator(".timeline.wide a.mark").first.click()
    assert "/traces/" in page.url
    page.get_by_role("link", name="INV-00060").first.click()
    assert page.url.endswith(TIMELINE)


def test_the_timeline_has_a_shape_for_each_width(open_page: Any) -> None:
    wide = open_page(TIMELINE)
    assert wide.locator(".timeline.wide").is_visible()
    assert not wide.locator(".timeline.tall").is_visible()
    narrow = open_page(TIMELINE, 390)
    assert narrow.locator(".timeline.tall").is_visible()
    assert not narrow.locator(".timeline.wide").is_visible()
    narrow.locator(".timeline.tall a.mark").first.click()
    assert "/traces/" in narrow.url


def test_the_keyboard_reaches_the_content_first_and_charts_are_one_stop(open_page: Any) -> None:
    page = open_page("/slas/invoice-posting")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    chart = page.locator(".chart-lines").first
    assert chart.locator("[tabindex='0'].point").count() == 1
    chart.locator(".point").first.focus()
    assert chart.locator(".point").first.locator(".readout").is_visible()
    page.keyboard.press("ArrowRight")
    assert chart.locator(".point").nth(1).evaluate("(one) => one === document.activeElement")
    page.keyboard.press("End")
    assert chart.locator(".point").last.evaluate("(one) => one === document.activeElement")


def test_tab_goes_down_the_page_in_the_order_of_reading(open_page: Any) -> None:
    page = open_page("/workflows/invoice-to-cash/instances")
    order = "els => els.filter(e => e.tabIndex >= 0 && e.getClientRects().length).map(e => Math.round(e.getBoundingClientRect().top))"
    tops = page.locator("main").locator("a[href], input, select, button").evaluate_all(order)
    assert len(tops) > 20
    assert all(later >= earlier - _ONE_ROW for earlier, later in pairwise(tops))


def test_slash_goes_to_the_search(open_page: Any) -> None:
    page = open_page("/workflows")
    page.keyboard.press("/")
    page.keyboard.type("INV-00061")
    page.keyboard.press("Enter")
    page.wait_for_url("**/instances/*")
    assert "INV-00061" in page.locator("h1").inner_text()


def test_an_id_is_shown_short_and_copied_whole(open_page: Any, site_url: str) -> None:
    page = open_page(TRACE, permissions=["clipboard-read", "clipboard-write"])
    place = page.locator("h1 [data-copy]")
    assert place.get_attribute("role") == "button"
    place.focus()
    page.keyboard.press("Enter")
    page.locator(".copied:not(:empty)").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{60:032x}"


def test_a_refresh_of_the_answer_keeps_the_focus(open_page: Any) -> None:
    page = open_page("/slas/invoice-posting")
    page.locator("#answer .answer a.late").focus()
    with page.expect_response(lambda response: response.request.headers.get("hx-target") == "answer"):
        page.evaluate(
            "htmx.trigger('#answer', 'refresh'); htmx.ajax('GET', location.pathname, {target: '#answer', swap: 'outerHTML'})"
        )
    page.wait_for_function("document.activeElement.classList.contains('late')")
    assert page.locator("#answer").count() == 1


def test_the_policy_lets_our_own_files_run_and_nothing_else(chromium: Any, site_url: str) -> None:
    page = chromium.new_page(base_url=site_url)
    page.goto("/workflows")
    assert page.evaluate("typeof htmx") == "object"
    add = "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = true'}))"
    page.evaluate(add)
    assert page.evaluate("window.ran ?? false") is False
    page.close()


def test_the_printed_timeline_is_the_picture_and_the_list(open_page: Any) -> None:
    page = open_page(TIMELINE)
    page.emulate_media(media="print")
    assert page.locator(".timeline.wide").is_visible()
    assert page.locator("table.steps").is_visible()
    assert not page.locator(".rail").is_visible()
    assert not page.locator(".bar").first.is_visible()


def test_the_sample_is_the_one_that_the_addresses_mean() -> None:
    assert any(one.id == TIMELINE.rsplit("/", 1)[1] for one in sample.company())


def test_from_a_hop_of_the_flow_to_its_invoices_and_back(open_page: Any) -> None:
    page = open_page("/workflows/invoice-to-cash/flow?period=P30D")
    hop = page.locator(".flow a.hop").first
    said = hop.get_attribute("aria-label")
    assert said is not None
    assert said.startswith("Finalised → Posted: 51, half within")
    hop.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/instances?*")
    assert "51 invoices that began in the last 30 days went from “Finalised” straight to “Posted”" in page.locator(
        ".answer"
    ).inner_text().replace("\n", " ")
    page.get_by_role("link", name="Flow of these").click()
    assert page.locator(".flow a.hop").count() == 2
    page.go_back()
    assert "hop=finalized%3Aposted" in page.url


def test_filters_of_the_flow_work_without_javascript(open_page: Any) -> None:
    page = open_page("/workflows/invoice-to-cash/flow", java_script_enabled=False)
    page.locator("details > summary", has_text="Steps, amount").click()
    page.locator("select[name=missing]").select_option("posted")
    page.get_by_role("button", name="Show").click()
    assert "missing=posted" in page.url
    assert page.locator("select[name=missing]").input_value() == "posted"
    page.locator(".flow a", has_text="waiting").first.click()
    assert "current=finalized" in page.url
    assert "missing=posted" in page.url


def test_the_list_is_saved_as_a_file(open_page: Any) -> None:
    page = open_page("/workflows/invoice-to-cash/instances?missing=posted")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Export as CSV").click()
    assert saved.value.suggested_filename == "invoice-to-cash.csv"
    assert len(saved.value.path().read_text().splitlines()) == 4


def test_a_trace_goes_on_behind_the_queue(open_page: Any) -> None:
    page = open_page(TRACE)
    page.get_by_role("link", name="process invoices, hub").click()
    assert f"/traces/{61:032x}" in page.url
