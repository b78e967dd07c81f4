"""A flow's page: the answer, its figures and where each leads."""

from urllib.parse import parse_qsl, urlsplit

from tests.ui import sample
from tests.ui.sample import NOW
from tests.ui.views.test_wanted import asked
from ui.format import HOUR
from ui.sentence import read
from ui.views import flow as views


def test_errors_are_told_by_kind_and_lead_to_who_met_them() -> None:
    found = view(period="P30D", error_type="USER_ERROR")
    assert [(row.error_type, row.count) for row in found.errors] == [("USER_ERROR", 2), ("timeout", 1)]
    asked_for = dict(parse_qsl(urlsplit(found.errors[1].href).query))
    assert asked_for == {"period": "P30D", "error_type": "timeout"}
    assert all(f"error_type={'USER_ERROR'}" in row.href for row in (*found.hops, *found.stops, *found.variants))


def view(**parameters: str) -> views.View:
    chosen, flows = asked(**parameters), sample.Flows(sample.company())
    found, ways = flows.flow("", chosen.filter), flows.variants("", chosen.filter)
    return views.view(chosen, found, ways, str.title, {"USER_ERROR": 2, "timeout": 1})


def test_the_answer_tells_the_usual_way_and_where_most_wait() -> None:
    assert read(view().answer) == (
        "55 invoices began so far. 92.7 % took the same way, the rest 2 others. 4 have come no further than “Finalised” "
        "and are under way, EUR 531.50 and USD 161.50 in all; the longest silence is 3 d 3 h."
    )


def test_every_figure_leads_to_its_objects_with_the_filters_kept() -> None:
    found = view(entity="DE01", period="P30D", sort="age")
    (hop,) = [row for row in found.hops if (row.start, row.end) == ("Finalised", "Posted")]
    asked_for = dict(parse_qsl(urlsplit(hop.href).query))
    assert asked_for == {"period": "P30D", "sort": "age", "entity": "DE01", "hop": "finalized:posted"}
    assert hop.share == 1
    assert found.stops[0].href.endswith("current=finalized") or "current=finalized" in found.stops[0].href
    assert dict(parse_qsl(urlsplit(found.variants[0].href).query))["path"] == "finalized,posted,paid"


def test_what_was_only_tried_in_vain_is_a_way_too() -> None:
    one = sample.invoice(sample.error(1, "posted", NOW - HOUR, "no"))
    flows = sample.Flows([one])
    chosen = asked()
    found = views.view(chosen, flows.flow("", chosen.filter), flows.variants("", chosen.filter), str.title)
    assert found.variants[0].steps == ["only failed attempts"]
    assert "path=-" in found.variants[0].href
    assert (found.stops[0].step, found.hops) == ("only failed attempts", [])


def test_a_list_has_as_many_as_were_counted_among_what_was_asked_for() -> None:
    """Also where the flow itself is narrowed to a step or a hop."""
    for narrowed in ({"step": "posted"}, {"hop": "finalized:posted"}, {"step": "finalized,posted", "state": "running"}):
        found = view(**narrowed)
        for count, href in [*((row.count, row.href) for row in (*found.hops, *found.stops, *found.variants))]:
            again = asked(**dict(parse_qsl(urlsplit(href).query)))
            assert again.troubles == ()
            assert sample.Flows(sample.company()).flow("", again.filter).total == count, (narrowed, href)
    assert "step=posted%2Cfinalized" in str(view(step="posted").picture)
