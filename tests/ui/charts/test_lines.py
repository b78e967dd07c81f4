import itertools

from tests.ui.charts.markup import parse, said, with_class
from tests.ui.sample import NOW
from ui import format as fmt
from ui.charts import columns, lines, scales, sparkline
from ui.charts.frame import Span, spread
from ui.format import DAY

START = NOW - 10 * DAY
SPAN = Span(START, NOW, DAY)
LABEL = scales.label_lengths(fmt.duration)


def chart(values: dict[int, float | None], title: str = "How long") -> lines.Chart:
    known = [value for value in values.values() if value is not None]
    return lines.Chart(
        title=title,
        subtitle="per day",
        span=SPAN,
        lines=[lines.Line("p50", "p50", values)],
        scale=scales.lengths(known, 900.0),
        label=LABEL,
        threshold=lines.Threshold(900.0, "limit 15 min"),
        links={START: "/rows?a=1&b=2"},
    )


def test_a_missing_day_is_a_gap_and_never_a_zero() -> None:
    values: dict[int, float | None] = {START + day * DAY: 60.0 for day in (0, 1, 4, 5, 9)}
    values[START + 2 * DAY] = None
    tree = parse(lines.draw(chart(values)))
    assert [len(curve.get("points", "").split()) for curve in with_class(tree, "curve")] == [2, 2]
    alone = [dot for dot in tree.iter("circle") if dot.get("r") == "2.5"]
    assert len(alone) == 1
    assert "nothing to measure" in said(tree)


def test_the_limit_is_drawn_and_named_and_lines_are_named_at_their_end() -> None:
    tree = parse(lines.draw(chart({START: 60.0, START + DAY: 70.0})))
    assert [one.text for one in with_class(tree, "threshold-name")] == ["limit 15 min"]
    assert [one.text for one in with_class(tree, "name")] == ["p50"]
    assert with_class(tree, "name")[0].get("x") == "100%"


def test_points_are_one_stop_and_lead_to_their_rows() -> None:
    tree = parse(lines.draw(chart({START: 60.0, START + DAY: 70.0})))
    first, second = with_class(tree, "point")
    assert (first.tag, first.get("href"), first.get("tabindex")) == ("a", "/rows?a=1&b=2", "0")
    assert (second.tag, second.get("tabindex")) == ("g", "-1")
    assert second.get("aria-label") == "22 Mar: p50 1 min 10 s"


def test_the_same_figures_stand_in_a_table_behind_a_disclosure() -> None:
    tree = parse(lines.draw(chart({START: 60.0, START + DAY: None})))
    table = next(tree.iter("details"))
    assert [cell.text for cell in table.iter("td")] == ["1 min", fmt.NOTHING]


def test_names_are_escaped() -> None:
    tree = parse(lines.draw(chart({START: 60.0}, title='<script>"x"')))
    assert '<script>"x"' in said(tree)


def test_nothing_at_all_still_draws() -> None:
    assert "Figures as a table" in said(parse(lines.draw(chart({}))))


def test_columns_stack_what_was_counted_and_nothing_else() -> None:
    parts = [
        columns.Part("on time", "met", {START: 1_000, START + DAY: 0}),
        columns.Part("late", "breached", {START: 1, START + DAY: 0}),
    ]
    tree = parse(columns.draw(columns.Chart("Invoices", "per day", SPAN, parts)))
    drawn = with_class(tree, "column")
    assert [one.get("class") for one in drawn] == ["column met", "column breached"]
    assert float(drawn[1].get("height", "0")) >= 1.5
    assert [one.text for one in with_class(tree, "name")] == ["late 1", "on time 1,000"]
    assert "22 Mar: none" in said(tree)


def test_a_sparkline_says_what_it_shows_and_breaks_at_gaps() -> None:
    scale = scales.lengths([60.0, 70.0], 900.0)
    drawn = sparkline.draw(SPAN, {START: 60.0, START + DAY: 70.0, START + 5 * DAY: 60.0}, scale, 900.0, "p90 & more")
    tree = parse(drawn)
    assert next(tree.iter("title")).text == "p90 & more"
    assert len(with_class(tree, "curve")) == 1
    assert len(with_class(tree, "dot")) == 1


def test_labels_move_apart_but_stay_on_the_page() -> None:
    places = spread([100, 101, 102, 179, 180], 14, 180)
    assert all(below - above >= 14 for above, below in itertools.pairwise(places))
    assert places[-1] <= 180
