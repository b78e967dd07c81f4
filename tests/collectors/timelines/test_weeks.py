"""A row for each instance, in the week of its start, whoever writes it and in whatever order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.correlation.components import label
from collectors.store.client import Store
from collectors.timelines import rows
from collectors.timelines.weeks import week_of
from tests.collectors.timelines.history import DAY, DEFINITION, NOW, invoice

WEEK = 7 * DAY
LABELS = [label(bytes([number]) * 16) for number in range(3)]


@pytest.mark.parametrize(
    ("at", "monday"),
    [
        (NOW, date(2026, 5, 11)),
        (0, date(1970, 1, 1)),
        (4 * DAY - 1, date(1970, 1, 1)),
        (4 * DAY, date(1970, 1, 5)),
        (2**63 - 1, date(2149, 6, 6)),
    ],
)
def test_a_week_begins_on_monday_within_the_dates_that_the_store_has(at: int, monday: date) -> None:
    assert week_of(at) == monday


def alive(store: Store) -> dict[bytes, int]:
    """Label -> start of the rows that lists and reports count."""
    found = store.query(
        "SELECT label, toUnixTimestamp64Nano(started_at) FROM instances_by_week FINAL "
        "WHERE definition = {definition:String} AND gone = 0",
        {"definition": DEFINITION.id},
        settings={"do_not_merge_across_partitions_select_final": 1},
    )
    assert len({bytes(row[0]) for row in found}) == len(found), "an instance is counted twice"
    return {bytes(row[0]): row[1] for row in found}


def test_an_event_of_weeks_ago_moves_the_instance_and_leaves_no_row_behind(store: Store) -> None:
    late = invoice(1, NOW, [("posted", 0)])
    whole = invoice(1, NOW - 5 * WEEK, [("finalized", 0), ("posted", 5 * WEEK)])
    rows.write_instances(store, DEFINITION, 1, [(LABELS[0], late)], [])
    rows.write_instances(store, DEFINITION, 2, [(LABELS[0], whole)], [])
    assert alive(store) == {LABELS[0]: NOW - 5 * WEEK}
    rows.write_instances(store, DEFINITION, 3, [], LABELS[:1])
    assert alive(store) == {}


# Of one label, what is read later has seen at least as much: it starts no later, and what is gone stays gone.
histories = st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=4).map(
    lambda steps: [(sum(weeks for weeks, _ in steps[: place + 1]), gone) for place, (_, gone) in enumerate(steps)]
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), told=st.lists(histories, min_size=1, max_size=len(LABELS)))
def test_writes_in_any_order_leave_the_row_that_was_read_last(
    store: Store, data: st.DataObject, told: list[list[tuple[int, bool]]]
) -> None:
    for table in ("instances_by_week", "instance_weeks"):
        store.define(f"TRUNCATE TABLE {table}")
    writes = [
        (number, version, weeks, gone) for number, one in enumerate(told) for version, (weeks, gone) in enumerate(one)
    ]
    base = invoice(1, NOW, [("posted", 0)])
    for number, version, weeks, gone in data.draw(st.permutations(writes)):
        instance = replace(base, started_at=NOW - weeks * WEEK)
        found = [] if gone else [(LABELS[number], instance)]
        rows.write_instances(store, DEFINITION, version, found, LABELS[number : number + 1] if gone else [])
    last = {LABELS[number]: one[-1] for number, one in enumerate(told)}
    assert alive(store) == {one: NOW - weeks * WEEK for one, (weeks, gone) in last.items() if not gone}
