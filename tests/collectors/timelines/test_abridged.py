"""Instances with very many milestones: what is kept, that it is the same whichever way it is read, and pages of the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from collectors.correlation import gathering
from collectors.store.client import Store
from collectors.timelines import abridged
from collectors.timelines.abridged import Abridged, whole_until
from collectors.timelines.filtering import Filter
from collectors.timelines.fold import distinct, fold
from collectors.timelines.model import Instance, Key, Milestone
from collectors.timelines.ordering import CursorError
from collectors.timelines.reading import Timelines
from collectors.timelines.remarks import remarks
from tests.collectors.timelines.history import DEFINITION, NOW, SECOND, milestone, write

STORES = ("chdb", "cluster")
WORKFLOW = DEFINITION.workflow
CUSTOMER = Key("invoice", "the customer's")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few is many here."""
    monkeypatch.setattr("collectors.timelines.fold.BOUND", 40)
    for name, value in (("BOUND", 40), ("EDGE", 5), ("MANY_KEYS", 10), ("_FEW", 5)):
        monkeypatch.setattr(abridged, name, value)


def joined(invoices: int) -> list[Milestone]:
    """Invoices that one key joins: three milestones each, a third of the postings in vain; some delivered twice."""
    facts = []
    for number in range(invoices):
        keys = (CUSTOMER, Key("number", f"INV-{number:04}"))
        for place, step in enumerate(("finalized", "posted", "paid")):
            status = "error" if step == "posted" and number % 3 == 0 else "ok"
            at = NOW + (number * 7 + place * 5) * SECOND
            facts.append(milestone(number, step, at, keys=keys, status=status, amount="1.00", currency="EUR"))
    again = [replace(fact, occurred_at=fact.occurred_at + SECOND) for fact in facts[::11]]
    return [*facts, *again]


def told(facts: list[Milestone]) -> Instance:
    return fold(DEFINITION, facts)


def stored(store: Store, facts: list[Milestone]) -> Timelines:
    # Instances of one milestone each, so that what is written is not abridged before.
    return write(store, [fold(DEFINITION, [fact]) for fact in facts])


@pytest.fixture
def known_before() -> Iterator[None]:
    gathering._KNOWN.clear()
    yield
    gathering._KNOWN.clear()


def test_the_first_and_the_last_of_each_step_are_kept_and_all_are_counted() -> None:
    facts = joined(30)
    one = told(facts)
    assert one.total == 90 == sum(one.counts.values())
    assert one.errors == one.counts["posted", "error"] == 10
    assert len(one.milestones) == 4 * 2 * 5
    assert (one.started_at, one.last_at) == (min(f.occurred_at for f in facts), NOW + (29 * 7 + 10) * SECOND)
    everything = distinct(facts)
    until = whole_until(one.milestones, one.counts)
    assert until >= 5
    assert one.milestones[:until] == everything[:until], "the beginning has no gap"
    assert until < len(one.milestones)
    few = told(facts[:9])
    assert (few.counts, few.total) == ({}, len(few.milestones))


def test_the_order_of_arrival_changes_nothing() -> None:
    facts = joined(40)
    shuffled = facts.copy()
    Random(7).shuffle(shuffled)
    assert told(shuffled) == told(facts)


def test_the_store_keeps_the_same_as_is_kept_of_all(store: Store, known_before: None) -> None:
    facts = joined(30)
    timelines = stored(store, facts)
    (summary,) = timelines.page(WORKFLOW, Filter(), 5).items
    whole = told(facts)
    assert timelines.get(WORKFLOW, whole.id) == whole
    assert timelines.whole(WORKFLOW, [summary]) == [whole]
    assert (summary.id, summary.state, summary.errors, summary.keys) == (
        whole.id,
        whole.state,
        whole.errors,
        whole.keys,
    )
    assert isinstance(abridged.read(store, DEFINITION.id, sorted(_hashes(facts))), Abridged)


def test_attempts_without_end_are_few_keys_and_many_milestones(store: Store, known_before: None) -> None:
    keys = (Key("number", "INV-1"),)
    facts = [
        replace(
            milestone(1, "posted", NOW + at * SECOND, keys=keys, status="error", message="closed"),
            span_id=f"{at + 1:016x}",
        )
        for at in range(60)
    ]
    facts.append(milestone(1, "paid", NOW + 99 * SECOND, keys=keys))
    timelines = stored(store, facts)
    first, second = (timelines.get(WORKFLOW, told(facts).id) for _ in range(2))
    assert first == second == told(facts)
    assert first is not None
    assert (first.state, first.errors, len(first.milestones)) == ("completed", 60, 11)
    found = {one.kind: one for one in remarks(DEFINITION, first)}
    assert (found["failed"].count, found["very long"].count, found["very long"].ids) == (60, 61, ())


def test_the_key_that_joins_too_much_is_named() -> None:
    (long,) = [one for one in remarks(DEFINITION, told(joined(60))) if one.kind == "very long"]
    assert (long.count, long.ids) == (180, (("invoice", ("the customer's",)),))


def test_pages_of_milestones_have_each_once_and_in_order(store: Store, known_before: None) -> None:
    facts = joined(30)
    timelines = stored(store, facts)
    ident = told(facts).id
    seen: list[Milestone] = []
    cursor = None
    while True:
        page = timelines.milestones(WORKFLOW, ident, 7, cursor)
        assert page is not None
        assert len(page.items) <= 7
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert tuple(seen) == distinct(facts)
    assert timelines.milestones(WORKFLOW, "00" * 16) is None
    assert timelines.milestones(WORKFLOW, "nonsense") is None
    for wrong in ("", "abc", "W10", "WzEsMiwzLDRd", "WzEsIngiLCJ5IiwieiJd"):
        with pytest.raises(CursorError, match="start again"):
            timelines.milestones(WORKFLOW, ident, 7, wrong)


def _hashes(facts: list[Milestone]) -> set[bytes]:
    return {bytes.fromhex(fold(DEFINITION, [fact]).id) for fact in facts}
