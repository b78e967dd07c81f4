from tests.ui import sample
from tests.ui.sample import COLLECTION, NOW, POSTING
from tests.ui.views.test_wanted import asked
from ui.format import HOUR
from ui.views import instances

SLAS = [COLLECTION, POSTING]


def test_rows_tell_the_worst_deadline_and_how_many_more() -> None:
    rows = {row.key: row for row in instances.rows(asked(), SLAS, sample.company())}
    stuck, paid, fresh = rows["INV-00060"], rows["INV-00001"], rows["INV-00090"]
    assert (stuck.mark.words, stuck.mark.title) == ("overdue 3 d 3 h", "Invoice posting")
    assert (paid.mark.words, paid.mark.title, paid.latest) == ("on time", "all 2", "Paid")
    assert (fresh.mark.words, fresh.mark.title, fresh.mark.more) == ("due in 12 min", "Invoice posting", "and 1 more")
    assert stuck.errors == 2


def test_with_a_deadline_chosen_only_that_one_is_told() -> None:
    rows = {row.key: row for row in instances.rows(asked(sla="collection"), SLAS, sample.company())}
    assert rows["INV-00061"].mark.words == "due in 13 d 22 h"
    assert NOW - rows["INV-00061"].started_at == 2 * HOUR


def test_an_object_with_failed_attempts_only_has_no_latest_step() -> None:
    one = sample.invoice(sample.error(1, "posted", NOW - HOUR, "no"))
    row = instances.rows(asked(), SLAS, [one])[0]
    assert (row.latest, row.mark) == ("only failed attempts", None)
