"""The week of an instance's row: where the row lies, and what is done when a late event moves the instance.

Rows of one label in several weeks are no copies that ClickHouse would replace by itself. So whoever has written looks
where else the label has rows, and writes those that were read from fewer facts as gone. Of two collectors that write at
once the later to look sees both, so no stale row stays, without any lock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from collectors.correlation import components
from collectors.correlation.components import ERA_BYTES, KEY_BYTES, LABEL_BYTES
from collectors.store.chunks import hash_chunks, hashes_in
from collectors.store.client import Store

_DAY = 86_400 * 10**9
_EPOCH = date(1970, 1, 1)
_LABELS = hashes_in("labels", LABEL_BYTES)
_KEYS = hashes_in("keys", KEY_BYTES)
#: Labels of the first era come after all others.
_FIRST_ERA = components.label(bytes(KEY_BYTES)).hex()
#: ClickHouse's ``Date`` ends there.
_LAST_DAY = 65_535
#: Where a label that became part of another has its row.
GONE = _EPOCH
#: Finds the rows of one label, given as SQL, by the sort key of ``instances_by_week``.
OF_LABEL = "(week, label) IN (SELECT week, label FROM instance_weeks WHERE definition = {{definition:String}} AND label {is_one})"


@dataclass(frozen=True, slots=True)
class Stale:
    """A row that must be written as gone; ``version`` is that of the label's true row and so wins."""

    label: bytes
    week: date
    version: int


def week_of(started_at: int) -> date:
    """The Monday (UTC) of a time in nanoseconds, within what a ``Date`` can be."""
    day = started_at // _DAY
    monday = day - (day + 3) % 7  # 1970-01-01 was a Thursday
    return _EPOCH + timedelta(days=min(max(monday, 0), _LAST_DAY))


def places(store: Store, definition: str, labels: Collection[bytes]) -> Iterator[tuple[bytes, date]]:
    """Each of these labels with each week in which it ever had a row."""
    for chunk in hash_chunks(labels):
        rows = store.query(
            "SELECT DISTINCT label, week FROM instance_weeks WHERE definition = {definition:String} "
            f"AND label IN {_LABELS}",
            {"definition": definition, "labels": chunk},
        )
        yield from ((bytes(label), week) for label, week in rows)


def labels_between(store: Store, definition: str, last: bytes, upto: bytes) -> set[bytes]:
    """The labels behind ``last``, up to and with ``upto``, that ever had a row."""
    rows = store.query(
        "SELECT DISTINCT label FROM instance_weeks WHERE definition = {definition:String} "
        "AND label > toFixedString(unhex({last:String}), 24) AND label <= toFixedString(unhex({upto:String}), 24)",
        {"definition": definition, "last": last.hex(), "upto": upto.hex()},
    )
    return {bytes(label) for (label,) in rows}


def counting(store: Store, definition: str, keys: Collection[bytes]) -> set[bytes]:
    """The labels, of any era, that were made of these keys and have a row that counts as an instance.

    Those of the first era are looked up; later ones lie before them, and are as few as what people put right.
    """
    found: set[bytes] = set()
    for chunk in hash_chunks([components.label(key) for key in keys]):
        rows = store.query(
            f"SELECT DISTINCT label FROM instance_weeks WHERE definition = {{definition:String}} AND label IN {_LABELS}",
            {"definition": definition, "labels": chunk},
        )
        found.update(bytes(one) for (one,) in rows)
    for chunk in hash_chunks(keys):
        rows = store.query(
            "SELECT DISTINCT label FROM instance_weeks WHERE definition = {definition:String} "
            f"AND label < toFixedString(unhex({{first:String}}), {LABEL_BYTES}) "
            f"AND toFixedString(substring(label, {ERA_BYTES + 1}), {KEY_BYTES}) IN {_KEYS}",
            {"definition": definition, "first": _FIRST_ERA, "keys": chunk},
        )
        found.update(bytes(one) for (one,) in rows)
    counting: set[bytes] = set()
    for chunk in hash_chunks(found):
        rows = store.query(
            "SELECT label FROM instances_by_week FINAL WHERE definition = {definition:String} AND gone = 0 "
            "AND " + OF_LABEL.format(is_one=f"IN {_LABELS}"),
            {"definition": definition, "labels": chunk},
        )
        counting.update(bytes(one) for (one,) in rows)
    return counting


def stale(store: Store, definition: str, labels: Collection[bytes]) -> Iterator[Stale]:
    """Rows of these labels that a row in another week has made wrong."""
    for chunk in hash_chunks(labels):
        moved = store.query(
            "SELECT lower(hex(label)) FROM instance_weeks WHERE definition = {definition:String} "
            f"AND label IN {_LABELS} "
            "GROUP BY label HAVING uniqExact(week) > 1",
            {"definition": definition, "labels": chunk},
        )
        if moved:
            yield from _behind(store, definition, [str(row[0]) for row in moved])


def _behind(store: Store, definition: str, labels: list[str]) -> Iterator[Stale]:
    is_one = "IN (SELECT toFixedString(unhex(arrayJoin({labels:Array(String)})), 24))"
    rows = store.query(
        "SELECT label, week, version, gone FROM instances_by_week FINAL "
        f"WHERE definition = {{definition:String}} AND {OF_LABEL.format(is_one=is_one)}",
        {"definition": definition, "labels": labels},
    )
    # Of two rows read at the same moment the earlier week has seen more: times of start only go down.
    true: dict[bytes, tuple[int, date]] = {}
    for label, week, version, _ in rows:
        best = true.get(bytes(label))
        if best is None or (version, best[1]) > (best[0], week):
            true[bytes(label)] = (version, week)
    for label, week, _, gone in rows:
        version, kept = true[bytes(label)]
        if week != kept and not gone:
            yield Stale(bytes(label), week, version)
