"""Lists: what filters let through, in which order, and that pages and walks lose and repeat nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import get_args

import pytest

from collectors.correlation.keys import key_hash
from collectors.store.client import Store
from collectors.timelines.filtering import Filter, Sort
from collectors.timelines.fold import fold
from collectors.timelines.model import Instance, Key
from collectors.timelines.ordering import CursorError
from collectors.timelines.reading import Timelines
from tests.collectors.timelines.history import DAY, DEFINITION, HOUR, NOW, SECOND, STEPS, invoice, milestone, write

STORES = ("chdb", "cluster")

WORKFLOW = "invoice-to-cash"
SORTS: tuple[Sort, ...] = get_args(Sort)


def company() -> list[Instance]:
    """0 and 2 are paid, 1 and 3 stopped after posting, 4 waits, 5 was tried in vain, 6 was paid before it was posted."""
    usual = [("finalized", 0), ("posted", HOUR), ("paid", DAY)]
    return [
        invoice(0, NOW - 9 * DAY, usual, "100.10"),
        invoice(1, NOW - 8 * DAY, usual[:2], "-5.00"),
        invoice(2, NOW - 8 * DAY, usual, "99.99", "USD"),
        invoice(3, NOW - 2 * DAY, usual[:2], "1000000000000.01"),
        invoice(4, NOW - HOUR, usual[:1]),
        fold(
            DEFINITION,
            [
                milestone(
                    5,
                    "posted",
                    NOW - 3 * DAY,
                    status="error",
                    message="USER_ERROR: Posting Period is CLOSED",
                    error_type="USER_ERROR",
                ),
                milestone(5, "finalized", NOW - 3 * DAY - HOUR, amount="7", currency="EUR"),
            ],
        ),
        invoice(6, NOW - DAY, [("finalized", 0), ("paid", SECOND), ("posted", SECOND * 2)], "7.00"),
    ]


def numbers(timelines: Timelines, chosen: Filter, sort: Sort = "started") -> list[int]:
    return [number_of(one) for one in timelines.page(WORKFLOW, chosen, 500, sort=sort).items]


def number_of(one: Instance) -> int:
    return int(dict(one.keys)["invoice"].removeprefix("in_"))


@pytest.fixture
def timelines(store: Store) -> Timelines:
    return write(store, company())


def test_each_filter_lets_through_what_it_says(timelines: Timelines) -> None:
    expected: list[tuple[Filter, set[int]]] = [
        (Filter(), {0, 1, 2, 3, 4, 5, 6}),
        (Filter(current="posted", order=STEPS), {1, 3, 6}),
        (Filter(current="finalized", order=STEPS), {4, 5}),
        (Filter(missing="posted"), {4, 5}),
        (Filter(hops=(("finalized", "posted"),), order=STEPS), {0, 1, 2, 3}),
        (Filter(hops=(("paid", "posted"),), order=STEPS), {6}),
        (Filter(hops=(("finalized", "paid"),), order=STEPS), {6}),
        (Filter(path=("finalized", "posted"), order=STEPS), {1, 3}),
        (Filter(path=(), order=STEPS), set()),
        (Filter(currency="EUR", least=Decimal("7.00")), {0, 3, 5, 6}),
        (Filter(currency="EUR", most=Decimal("100.10"), least=Decimal(-5)), {0, 1, 5, 6}),
        (Filter(currency="USD"), {2}),
        (Filter(least=Decimal("1000000000000.02")), set()),
        (Filter(errors=True), {5}),
        (Filter(errors=False), {0, 1, 2, 3, 4, 6}),
        (Filter(error="period is closed"), {5}),
        (Filter(error="100% closed"), set()),
        (Filter(error_type="USER_ERROR"), {5}),
        (Filter(error_type="USER"), set()),
        (Filter(heard_before=NOW - 3 * DAY + 1), {0, 1, 2, 5}),
        (Filter(key=key_hash(Key("number", "INV-0003"))), {3}),
    ]
    for chosen, wanted in expected:
        assert set(numbers(timelines, chosen)) == wanted, chosen
        assert timelines.count(WORKFLOW, chosen) == len(wanted), chosen


def test_of_steps_at_one_time_the_one_declared_first_comes_first(store: Store) -> None:
    timelines = write(store, [invoice(1, NOW, [("paid", 0), ("finalized", 0), ("posted", 0)])])
    assert numbers(timelines, Filter(path=("finalized", "posted", "paid"), order=STEPS)) == [1]
    assert numbers(timelines, Filter(current="paid", order=STEPS)) == [1]
    assert numbers(timelines, Filter(current="posted", order=STEPS)) == []


def test_totals_are_the_money_of_all_that_is_shown_by_currency(timelines: Timelines) -> None:
    totals = timelines.totals(WORKFLOW, Filter())
    assert totals.count == 7
    assert totals.amounts == {"EUR": Decimal("1000000000109.11"), "USD": Decimal("99.99")}
    assert timelines.totals("unknown", Filter()).amounts == {}
    assert timelines.totals(WORKFLOW, Filter(key=key_hash(Key("number", "no")))).count == 0


@pytest.mark.parametrize(
    ("sort", "wanted", "by"),
    [
        ("started", [4, 6, 3, 5, 2, 1, 0], lambda one: (one.started_at, one.id)),
        ("age", [0, 1, 2, 5, 3, 6, 4], lambda one: (one.started_at, one.id)),
        ("silence", [0, 1, 2, 5, 3, 6, 4], lambda one: (one.last_at, one.id)),
        ("amount", [3, 0, 5, 6, 1, 2, 4], lambda one: one.id),
    ],
)
def test_orders(timelines: Timelines, sort: Sort, wanted: list[int], by: Callable[[Instance], object]) -> None:
    found = timelines.page(WORKFLOW, Filter(), 500, sort=sort).items
    if sort == "amount":
        money = [
            (one.amount.currency, -one.amount.value, one.id) if one.amount else ("~", Decimal(0), one.id)
            for one in found
        ]
        assert money == sorted(money)
        assert [number for number in map(number_of, found) if number not in (5, 6)] == [3, 0, 1, 2, 4]
    else:
        assert list(found) == sorted(found, key=by, reverse=sort == "started")
        assert sorted(map(number_of, found)) == sorted(wanted)


@pytest.mark.parametrize("sort", SORTS)
def test_pages_and_walks_give_everything_once_in_order(timelines: Timelines, sort: Sort) -> None:
    whole = numbers(timelines, Filter(), sort)
    for size in (1, 2, 3, 7):
        walked = list(timelines.walk(WORKFLOW, Filter(), sort, size))
        assert [number_of(one) for part in walked for one in part] == whole
        assert all(len(part) <= size for part in walked)
    assert list(timelines.walk("unknown", Filter(), sort)) == []


def test_a_cursor_of_another_order_or_of_nobody_is_refused(timelines: Timelines) -> None:
    cursor = timelines.page(WORKFLOW, Filter(), 2, sort="amount").next_cursor
    for wrong, sort in ((cursor, "started"), ("rubbish", "started"), ("", "age"), ("WyJhZ2UiLCJ4IiwiYSJd", "age")):
        with pytest.raises(CursorError, match="start again without it"):
            timelines.page(WORKFLOW, Filter(), 2, wrong, sort)  # type: ignore[arg-type] # a list of plain pairs
