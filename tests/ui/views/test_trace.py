from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.ui import sample
from tests.ui.sample import NOW, WORKFLOW
from ui.format import DAY
from ui.sentence import read
from ui.views import trace

SPANS = sample.trace(f"{60:032x}")


@given(st.permutations(SPANS))
def test_parents_come_before_their_children_and_orphans_are_roots(spans: list) -> None:
    rows = [(span.span_id[-1], depth) for span, depth in trace.tree(spans)]
    assert rows == [("1", 0), ("2", 1), ("3", 1), ("4", 2), ("5", 0)]


def test_a_ring_of_parents_is_still_shown_once() -> None:
    ring = [replace(SPANS[0], parent_span_id=SPANS[1].span_id), SPANS[1]]
    assert [(span.span_id[-1], depth) for span, depth in trace.tree(ring)] == [("1", 0), ("2", 1)]


def test_the_answer_counts_what_failed() -> None:
    view = trace.view(SPANS, None, [])
    assert read(view.answer) == "5 spans through billing and netsuite in 900 ms; 1 failed, first post to NetSuite."
    assert view.chosen.span_id == f"{1:016x}"


def test_a_trace_names_the_objects_that_it_carried() -> None:
    one = sample.in_time(60, NOW - DAY)
    view = trace.view(SPANS, SPANS[2].span_id, [(one, WORKFLOW)])
    assert [(carried.noun, carried.name, carried.steps) for carried in view.objects] == [
        ("invoice", "INV-00060", ["Finalised", "Posted", "Paid"])
    ]
    assert view.chosen == SPANS[2]
    assert view.tables[1][0] == "Event exception, 0 s after the start"
