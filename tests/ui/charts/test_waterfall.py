"""The waterfall: every span has its row, what lies below one folds away, and the chosen one is in sight."""

import re
from dataclasses import replace

from collectors.timelines.traces import Span
from tests.ui import sample
from ui.charts import waterfall
from ui.charts.waterfall import Bar
from ui.views.trace import tree

ROOT = replace(sample.trace(f"{60:032x}")[0], status="ok")
SHUT, OPEN = "<details><summary>", '<details open=""><summary>'


def span(ident: int, parent: int = 0, **changes: object) -> Span:
    made = replace(
        ROOT, span_id=f"{ident:016x}", parent_span_id=f"{parent:016x}" if parent else "", start=ROOT.start + ident
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def drawn(spans: list[Span], chosen: int = 1, step: int = 0) -> str:
    bars = [Bar(one, depth, "Posted" if one.span_id == f"{step:016x}" else "") for one, depth in tree(spans)]
    return str(waterfall.draw(bars, ROOT.start, 1_000, f"{chosen:016x}"))


def rows(html: str) -> int:
    return len(re.findall(r"<a [^>]*href=", html))


def test_a_short_trace_is_unfolded_and_says_what_lies_below_each_span() -> None:
    html = drawn([span(1), span(2, 1), span(3, 2, status="error"), span(4, 1)], chosen=3)
    assert (rows(html), html.count(OPEN), html.count(SHUT)) == (4, 2, 0)
    assert "3 below finalize invoice: 1 failed" in html
    assert html.index(f'span={3:016x}#chosen" id="chosen" aria-current="true"') > 0


def test_a_long_trace_is_folded_but_for_the_way_to_the_chosen_span() -> None:
    spans = [span(1)]
    for number in range(2, 402, 2):
        spans += [span(number, 1), span(number + 1, number, status="error" if number == 50 else "ok")]
    html = drawn(spans, chosen=301, step=301)
    assert rows(html) == 401
    # The root, its portion with the chosen one, and that one's parent.
    assert html.count(OPEN) == 3
    assert "51 to 150: 1 milestone" in html
    assert "151 to 200" in html
    assert "1 below finalize invoice: 1 failed" in html


def test_twenty_thousand_spans_in_a_chain_nest_no_deeper_than_can_be_read() -> None:
    html = drawn([span(number, number - 1) for number in range(1, 20_001)], chosen=20_000)
    assert rows(html) == 20_000
    depth = deepest = 0
    for tag in re.findall(r"</?details", html):
        depth += 1 if tag == "<details" else -1
        deepest = max(deepest, depth)
    assert deepest == 16


def test_one_id_twice_is_two_rows_both_chosen_and_one_place() -> None:
    html = drawn([span(1), span(1, name="other"), span(2, 1)])
    assert (rows(html), html.count("aria-current"), html.count('id="chosen"')) == (3, 2, 1)


def test_lengths_of_nothing_and_of_all_time_stay_within_the_drawing() -> None:
    html = drawn([span(1, duration=0), span(2, duration=2**62), span(3, start=ROOT.start + 10**18)])
    for x, width in re.findall(r'<rect x="([\d.]+)%" y="2" width="([\d.]+)%"', html):
        assert 0 < float(width) <= 100
        assert 0 <= float(x) <= 100 - float(width) + 0.01
