import pytest

from collectors.timelines.model import Key
from collectors.timelines.related import Relation
from registry.access.roles import principal
from registry.crossref.check import CorrectionError, Id, Statement
from registry.crossref.models import Correction
from tests.ui import sample
from tests.ui.sample import NOW, WORKFLOW, error, invoice, milestone
from ui.format import DAY
from ui.views import corrections, progress, related

ONE = invoice(milestone(1, "finalized", NOW - DAY), milestone(1, "posted", NOW - DAY + 1))


def said(*statements: Statement) -> list[Correction]:
    book = sample.Corrections()
    book.say(principal("Ada", "finance"), "invoice-to-cash", statements, "since")
    return book.rows


def keys() -> dict[str, Id]:
    return {key.type: Id(*key) for key in ONE.keys}


def test_an_id_that_does_not_belong_stands_apart_from_all_that_events_name_it_with() -> None:
    own = keys()
    assert corrections.not_here(ONE, own["netsuite.invoice"], []) == [
        Statement("apart", own["invoice.number"], own["netsuite.invoice"]),
        Statement("apart", own["stripe.invoice"], own["netsuite.invoice"]),
    ]


def test_two_that_one_event_joined_are_taken_apart_between_its_ids() -> None:
    own = keys()
    number, posting = own["invoice.number"], own["netsuite.invoice"]
    assert corrections.not_here(ONE, posting, [], number) == [Statement("apart", number, posting)]
    # What names neither of them with it yet may do so later; what is said already is not said again.
    later = invoice(*ONE.milestones, milestone(1, "paid", NOW, keys=(Key(*number), Key("netsuite.invoice", "later"))))
    standing = said(Statement("apart", own["stripe.invoice"], Id("netsuite.invoice", "later")))
    assert corrections.not_here(later, Id("netsuite.invoice", "later"), standing) == [
        Statement("apart", number, Id("netsuite.invoice", "later")),
        Statement("apart", posting, Id("netsuite.invoice", "later")),
    ]
    choices = {own.text: own.beside for own in corrections.view(later, WORKFLOW, standing).keys}
    assert choices["netsuite.invoice:later"] == [str(number)]
    (joined,) = corrections.view(later, WORKFLOW, standing).shaped
    way = " → ".join(f"{one.type} {one.value}" for one in (own["stripe.invoice"], number))
    assert joined.told.endswith(f"but other events make them one invoice all the same: {way} → netsuite.invoice later")


def test_what_can_not_be_taken_apart_says_why() -> None:
    own = keys()
    with pytest.raises(CorrectionError, match="is none of the ids here"):
        corrections.not_here(ONE, Id("invoice.number", "other"), [])
    by_hand = said(Statement("same", own["invoice.number"], own["netsuite.invoice"]))
    with pytest.raises(CorrectionError, match="are the same by a correction; take that back instead"):
        corrections.not_here(ONE, own["netsuite.invoice"], by_hand)
    alone = invoice(error(1, "posted", NOW, "no"))
    with pytest.raises(CorrectionError, match=r"no event names invoice\.number:INV-00001 together with another id"):
        corrections.not_here(alone, Id(*alone.keys[0]), [])


def test_an_instance_shows_what_shaped_it_and_nothing_else() -> None:
    own, foreign = keys(), Id("stripe.invoice", "in_9")
    rows = said(
        Statement("same", own["invoice.number"], foreign),
        Statement("apart", own["stripe.invoice"], Id("netsuite.invoice", "7")),
        Statement("apart", foreign, Id("netsuite.invoice", "8")),
    )
    view = corrections.view(ONE, WORKFLOW, rows)
    assert [one.told for one in view.shaped] == [
        "invoice.number INV-00001 and stripe.invoice in_9 are the same invoice",
        f"netsuite.invoice 7 does not belong to the invoice of stripe.invoice {own['stripe.invoice'].value}",
    ]
    assert view.shaped[0].removal == f"/workflows/invoice-to-cash/instances/{ONE.id}/corrections/c1/removal"
    assert view.types == ["invoice.number", "netsuite.invoice", "stripe.invoice"]


def test_groups_of_related_objects_say_how() -> None:
    key = Key("stripe.subscription", "sub_1")
    found = [
        Relation("belongs to", key, "invoice-to-cash", 1, (ONE,)),
        Relation("has", key, "invoice-to-cash", 12, (ONE,)),
        Relation("shares", key, "invoice-to-cash", 1, (ONE,)),
        Relation("shares", key, "taken-away", 1, (ONE,)),
    ]
    groups = related.groups(found, sample.DECLARED.workflows)
    assert [(group.heading, group.more) for group in groups] == [
        ("Belongs to an invoice by stripe subscription sub_1", 0),
        ("Has 12 invoices by stripe subscription sub_1", 11),
        ("Shares stripe subscription sub_1 with 1 invoice", 0),
    ]
    assert (groups[0].rows[0].name, groups[0].rows[0].state) == ("INV-00001", "running")


def test_a_reading_tells_its_weeks_once_they_are_counted_and_then_its_parts() -> None:
    building = [
        progress.Progress("a", "f" * 16, done=0, total=0),
        progress.Progress("b", "f" * 16, done=2, total=9),
        progress.Progress("c", "f" * 16, done=9, total=9, folded=3, portions=40),
    ]
    assert [found and found.told for name in "abcd" for found in [progress.of(building, name)]] == [
        "about to begin", "2 of 9 weeks", "all read, 3 of 40 parts put together", None
    ]  # fmt: skip
