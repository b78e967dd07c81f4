"""What may be meant by a text that somebody pasted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.timelines.finding import SpanPlace, candidates, span_place

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("INV-0007", "INV-0007"),
        ('  "INV-0007",\n', "INV-0007"),
        ("\u201cin_1QkZ\u201d", "in_1QkZ"),
        ("`in_1`", "in_1"),
        ("<in_1>", "in_1"),
        ("https://dashboard.stripe.com/acct_1/invoices/in_1QkZ", "in_1QkZ"),
        ("https://dashboard.stripe.com/test/invoices/in_1QkZ/?tab=#top", "in_1QkZ"),
        ("dashboard.stripe.com/invoices/in_1QkZ", "in_1QkZ"),
        ("https://1234.app.netsuite.com/app/accounting/transactions/custinvc.nl?id=9007&whence=", "9007"),
        ("https://x.lightning.force.com/lightning/r/Opportunity/0065f00000LxQYzAAN/view", "0065f00000LxQYzAAN"),
        ("https://cp.example.com/search?q=INV%2D0007", "INV-0007"),
        (f"http://127.0.0.1:8000/traces/{TRACE}", TRACE),
        (TRACE.upper(), TRACE.upper()),
    ],
)
def test_the_likeliest_id_comes_first(text: str, first: str) -> None:
    assert candidates(text)[0] == first


@pytest.mark.parametrize(
    ("text", "one"),
    [
        (f"00-{TRACE}-{SPAN}-01", TRACE),
        ("4bf92f35-77b3-4da6-a3ce-929d0e0e4736", TRACE),
        (f"{TRACE}-{SPAN}-1", TRACE),
        (f"{TRACE}-{SPAN}".upper(), TRACE),
        ("INV\u20130007", "INV-0007"),
        ("INV-\u200b0007", "INV-0007"),
        ("invoice.number:INV-0007", "INV-0007"),
        ("#INV-0007", "INV-0007"),
        ("in_1,in_2;in_3", "in_2"),
        ("INV%2D0007", "INV-0007"),
        ("0065f00000LxQYzAAN", "0065f00000LxQYz"),
        ("invoice INV-0007", "INV-0007"),
        (
            "https://org.crm.dynamics.com/main.aspx?etn=invoice&id=%7B0f0c8e5a-7d49-4a6e-9a0b-3f1d2c4b5a69%7D",
            "0f0c8e5a-7d49-4a6e-9a0b-3f1d2c4b5a69",
        ),
        ("https://app.example.com/#/invoices/in_9/edit", "in_9"),
    ],
)
def test_other_ways_to_write_an_id_are_tried_too(text: str, one: str) -> None:
    assert one in candidates(text)


@pytest.mark.parametrize("text", ["", "   ", '""', "https://", "http://[bad"])
def test_nothing_is_in_nothing(text: str) -> None:
    assert candidates(text) == []


@given(st.text(max_size=200))
def test_any_text_gives_ids_without_blanks_around_them_each_once(text: str) -> None:
    found = candidates(text)
    assert len(found) == len(set(found))
    assert all(one and one == one.strip() for one in found)


def test_traces_and_spans_are_told_by_their_length() -> None:
    assert span_place(TRACE.upper()) == SpanPlace(TRACE, "")
    assert span_place(SPAN) == SpanPlace("", SPAN)
    assert span_place(SPAN[:-1]) is None
    assert span_place("x" * 32) is None
