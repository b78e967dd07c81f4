from dataclasses import replace
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from policies.slas.model import Figures
from policies.slas.report import Band
from tests.ui import sample
from tests.ui.sample import COLLECTION, NOW, POSTING, WORKFLOW, Reports
from ui import query
from ui.format import DAY, HOUR
from ui.sentence import read
from ui.views import deadline_charts, deadline_list, deadlines

ASKED = deadlines.Asked(POSTING, WORKFLOW, query.period({}, NOW, "P30D"), {"entity": "DE01"}, "region", NOW)
MANY = Figures(1_214, 1_193, 0, 10, 11, 40.0, 90.0, 800.0, {"EUR": Decimal(84_310)})


def answer(total: Figures) -> str:
    oldest = Reports(sample.company()).waiting(POSTING, NOW)[0]
    return read(deadlines.answer(ASKED, total, oldest if total.overdue else None))


@pytest.mark.parametrize(
    ("total", "said"),
    [
        (
            MANY,
            (
                "1,193 of 1,204 invoices were posted within 15 min (99 %). 11 are overdue, EUR 84,310.00 in all; "
                "the oldest has waited 3 d 4 h. 10 are not due yet."
            ),
        ),
        (
            replace(MANY, met=1, breached=1, overdue=1, pending=1, waiting={"EUR": Decimal(5), "USD": Decimal(7)}),
            (
                "1 of 3 invoices were posted within 15 min (33.3 %, the target is 99 %). 1 was late. "
                "1 is overdue, EUR 5.00 and USD 7.00; it has waited 3 d 4 h. 1 is not due yet."
            ),
        ),
        (replace(MANY, met=1, overdue=0, pending=0, waiting={}), "1 of 1 invoice was posted within 15 min (100 %)."),
        (
            replace(MANY, met=3, overdue=0, pending=0, waiting={}, backwards=2),
            (
                "3 of 3 invoices were posted within 15 min (100 %). 2 were done before the start by the systems' clocks; "
                "that is in time, and in no percentile."
            ),
        ),
        (Figures(3, pending=3), "Nothing is decided yet. 3 are not due yet."),
        (Figures(), "No invoice came to “Finalised” in the last 30 days."),
    ],
)
def test_the_answer_is_a_sentence_with_the_right_numbers_and_verbs(total: Figures, said: str) -> None:
    assert answer(total) == said


def test_every_figure_of_the_answer_and_the_strip_leads_to_its_rows() -> None:
    bits = deadlines.answer(ASKED, MANY, None)
    links = [bit.href for bit in bits if bit.href]
    assert [parse_qs(urlsplit(link).query).get("sla_state") for link in links] == [
        ["met"],
        None,
        ["overdue"],
        ["pending"],
    ]
    assert all("entity=DE01" in link and "period=P30D" in link for link in links)
    assert all(figure.href for figure in deadlines.strip(ASKED, MANY))


def test_a_step_that_is_no_participle_is_quoted() -> None:
    steps = tuple(replace(step, title="ERP posting") if step.name == "posted" else step for step in WORKFLOW.steps)
    asked = replace(ASKED, definition=replace(WORKFLOW, steps=steps))
    assert "1,204 invoices reached “ERP posting” within" in read(deadlines.answer(asked, MANY, None))


def test_what_is_overdue_outside_the_period_is_not_forgotten() -> None:
    assert deadlines.older(ASKED, 0) == []
    said = deadlines.older(ASKED, 2)
    assert read(said) == "2 more are overdue that began outside this period."
    assert "period" not in (said[0].href or "")


def test_groups_come_by_size_and_those_without_a_value_say_so() -> None:
    report = replace(
        Reports([]).report(POSTING, 0, NOW, NOW),
        groups={"EMEA": Figures(2, 2), "": Figures(5, 5), "AMER": Figures(3, 3)},
    )
    found = deadlines.groups(ASKED, report)
    assert [group.name for group in found] == ["no region given", "AMER", "EMEA"]
    assert found[0].href == ""
    assert parse_qs(urlsplit(found[1].links["met"]).query)["region"] == ["AMER"]


def test_a_band_leads_to_those_that_became_due_within_it() -> None:
    link = deadlines.band_link(ASKED, Band(HOUR, 4 * HOUR, 1, {}))
    asked = query.period({name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}, NOW)
    assert (asked.start, asked.end) == (NOW - POSTING.within - 4 * HOUR, NOW - POSTING.within - HOUR)


def test_rows_of_what_waits_say_how_long_and_how_late() -> None:
    rows = deadlines.waiting_rows(ASKED, Reports(sample.company()).waiting(POSTING, NOW))
    assert [(row.key, row.waited, row.past_due) for row in rows] == [
        ("INV-00060", 3 * DAY + 4 * HOUR, 3 * DAY + 4 * HOUR - POSTING.within),
        ("INV-00061", 2 * HOUR, 2 * HOUR - POSTING.within),
    ]
    assert rows[1].dimensions == ["US01", "AMER"]


def test_charts_are_drawn_from_the_report() -> None:
    report = Reports(sample.company()).report(POSTING, NOW - 30 * DAY, NOW, NOW, by="region")
    assert "limit 15 min" in deadline_charts.latency(ASKED, report)
    assert "target 99 %" in deadline_charts.attainment(ASKED, report)
    assert "on time" in deadline_charts.volume(ASKED, report)
    lines = deadline_charts.sparklines(ASKED, report, {"EMEA": report.series, "AMER": {}})
    assert "p90 from" in lines["EMEA"]
    assert "nothing to measure" in lines["AMER"]


def test_the_list_says_which_deadlines_do_not_keep_their_target() -> None:
    kept = deadline_list.Row(replace(ASKED, sla=COLLECTION), Figures(10, 10))
    missed = deadline_list.Row(ASKED, MANY)
    worse = deadline_list.Row(ASKED, replace(MANY, met=10))
    assert read(deadline_list.answer([kept])) == "1 of 1 deadline keeps the target. Nothing is overdue."
    assert read(deadline_list.answer([kept, missed])) == "2 of 2 deadlines keep the target."
    assert read(deadline_list.answer([kept, worse])) == "1 of 2 deadlines keeps the target; Invoice posting does not."
