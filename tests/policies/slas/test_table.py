"""CSV that programs read back exactly and that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.timelines.fold import fold
from collectors.timelines.model import Instance, Key
from policies.slas.model import Sla
from policies.slas.table import cells, harmless, header, lines
from tests.collectors.timelines.history import DAY, DEFINITION, HOUR, NOW, SECOND, invoice, milestone

POSTING = Sla("posting", "invoice-to-cash", "finalized", "posted", HOUR, 0.99, 30 * DAY)


def table(*instances: Instance) -> list[dict[str, str]]:
    text = "".join(lines(DEFINITION, [POSTING], [instances[:1], instances[1:]], NOW))
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_line_says_all_that_is_known() -> None:
    one, other = table(
        invoice(1, NOW - DAY, [("finalized", 0), ("posted", 90 * SECOND), ("paid", 2 * HOUR)], "-1250.5"),
        invoice(2, NOW - DAY, [("finalized", 0)]),
    )
    assert one == {
        "id": invoice(1, NOW, [("paid", 0)]).id, "state": "completed", "started_at": "2026-05-15T08:00:00Z",
        "ended_at": "2026-05-15T10:00:00Z", "last_at": "2026-05-15T10:00:00Z", "latest_step": "paid", "errors": "0", "error_types": "",
        "amount": "-1250.50", "currency": "EUR", "dimension.entity": "DE01", "key.invoice": "in_1",
        "key.number": "INV-0001", "reached.finalized": "2026-05-15T08:00:00Z", "reached.posted": "2026-05-15T08:01:30Z",
        "reached.paid": "2026-05-15T10:00:00Z", "reached.voided": "", "sla.posting.state": "met",
        "sla.posting.seconds": "90", "sla.posting.due_at": "2026-05-15T09:00:00Z",
    }  # fmt: skip
    assert (other["sla.posting.state"], other["sla.posting.seconds"], other["amount"]) == ("overdue", "", "")


def test_an_empty_list_is_its_header() -> None:
    assert "".join(lines(DEFINITION, [], [], NOW)) == ",".join(header(DEFINITION, [])) + "\r\n"


@pytest.mark.parametrize(
    "text", ["=1+1", "+49", "-2", "@sum", "\t=1", " =1", "\r\n=1", "\uff1dcmd", '=HYPERLINK("http://x")']
)
def test_what_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_every_cell_that_a_sender_fills_is_made_harmless() -> None:
    keys = (Key("invoice", "=in"), Key("invoice", "b"), Key("number", "@n"))
    fact = milestone(1, "finalized", NOW, keys=keys, dimensions=(("entity", "+de"),), amount="-5", currency="EUR")
    (row,) = table(fold(DEFINITION, [fact]))
    assert (row["key.invoice"], row["key.number"], row["dimension.entity"]) == ("'=in b", "'@n", "'+de")
    assert row["amount"] == "-5.00"


@given(
    st.text(max_size=30),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9),
)
def test_quotes_commas_and_breaks_come_back_as_they_were(text: str, amount: Decimal) -> None:
    one = invoice(1, NOW, [("finalized", 0)], f"{amount:f}")
    (row,) = table(replace(one, dimensions={"entity": text}))
    assert row["dimension.entity"] == harmless(text)
    assert Decimal(row["amount"]) == amount
    assert len(cells(DEFINITION, [POSTING], one, NOW)) == len(header(DEFINITION, [POSTING]))
