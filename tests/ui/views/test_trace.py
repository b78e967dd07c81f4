from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from collectors.timelines.context import Context
from collectors.timelines.links import Links
from collectors.timelines.traces import Trace
from tests.ui import sample
from tests.ui.sample import NOW, WORKFLOW
from ui.format import DAY
from ui.sentence import read
from ui.views import trace

SPANS = sample.trace(f"{60:032x}")
TRACE = Trace.of(SPANS)
NOTHING = Context(Links((), ()), ())


@given(st.permutations(SPANS))
def test_parents_come_before_their_children_and_orphans_are_roots(spans: list) -> None:
    rows = [(span.span_id[-1], depth) for span, depth in trace.tree(spans)]
    assert rows == [("1", 0), ("2", 1), ("3", 1), ("4", 2), ("5", 0)]


def test_a_ring_of_parents_is_still_shown_once() -> None:
    ring = [replace(SPANS[0], parent_span_id=SPANS[1].span_id), SPANS[1]]
    assert [(span.span_id[-1], depth) for span, depth in trace.tree(ring)] == [("1", 0), ("2", 1)]


def test_the_answer_counts_what_failed() -> None:
    view = trace.view(TRACE, None, [], NOTHING, {})
    assert read(view.answer) == "5 spans through billing and netsuite in 900 ms; 1 failed, first post to NetSuite."
    assert view.chosen[0].span.span_id == f"{1:016x}"


def test_a_trace_names_the_objects_that_it_carried() -> None:
    one = sample.in_time(60, NOW - DAY)
    view = trace.view(TRACE, SPANS[2].span_id, [(one, WORKFLOW)], NOTHING, {WORKFLOW.workflow: WORKFLOW})
    assert [(carried.noun, carried.name, carried.steps) for carried in view.objects] == [
        ("invoice", "INV-00060", ["Finalised", "Posted", "Paid"])
    ]
    (chosen,) = view.chosen
    assert chosen.span == SPANS[2]
    assert chosen.events[0][0] == "exception, 0 s after the start"


def test_a_trace_says_where_it_continues_and_what_it_comes_from() -> None:
    context = sample.Traces(sample.company()).context(f"{60:032x}")
    view = trace.view(TRACE, None, [], context, {WORKFLOW.workflow: WORKFLOW})
    assert [way.title for way in view.passages] == ["Comes from", "Continues in"]
    ((before,), (there,)) = (way.shown for way in view.passages)
    assert (there.title, there.queue, there.here) == ("process invoices, hub", "kafka invoices", "POST /invoice")
    assert there.href == f"/traces/{61:032x}?span={1:016x}#chosen"
    assert (before.title, before.href) == (f"span {'e' * 16} of trace {'f' * 32}, which has not arrived", None)


def test_an_object_of_a_linked_trace_is_named_with_how_it_is_known() -> None:
    context = sample.Traces(sample.company()).context(f"{62:032x}")
    view = trace.view(Trace.of(sample.trace(f"{62:032x}")), None, [], context, {WORKFLOW.workflow: WORKFLOW})
    assert [(one.name, one.how) for one in view.served] == [("INV-00060", "through a linked trace")]
    assert trace.view(TRACE, None, [], context, {}).served == []
