"""Folding all of history, once: its milestones are sorted by instance, then read in that order.

Neither step looks anything up at random, so a milestone costs the same however many there are; and each step is short and
holds one portion in memory, so other workflows don't wait.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass

from collectors.correlation import labels
from collectors.correlation.components import KEY_BYTES, LABEL_BYTES, key_of
from collectors.correlation.corrections import Corrections
from collectors.correlation.versions import present
from collectors.store.client import Store
from collectors.timelines import rows, weeks
from collectors.timelines.fold import fold
from collectors.timelines.model import Milestone
from collectors.workflows.definition import Definition
from collectors.workflows.matching import quote

#: How many milestones are sorted by one statement, and how many are folded at a time; bounds memory, not meaning.
SORTED, FOLDED = 500_000, 25_000
_SPACE = 256**KEY_BYTES
_END = b"\xff" * LABEL_BYTES


@dataclass(frozen=True, slots=True)
class Done:
    """How many portions are dealt with, of all as far as is known; those that only sort come first."""

    portions: int
    total: int
    sorting: bool = False


def fold_history(store: Store, definition: Definition) -> Generator[Done]:
    """Fold every instance of a reading whose keys are joined, portion by portion; closing it leaves nothing behind.

    The version of what is written is from before the first portion is read. So whatever is read later wins, and all that
    arrives meanwhile must be read later. A label that another collector has joined to a smaller one is written as gone.
    Corrections are left to whoever folds :func:`apart` afterwards.
    """
    reading = f"{definition.id}-{secrets.token_hex(8)}"
    version = present(store)
    ((count,),) = store.query(
        "SELECT count() FROM facts WHERE definition = {definition:String}", {"definition": definition.id}
    )
    sort, folds = -(-count // SORTED), -(-count // FOLDED)
    try:
        for number in range(sort):
            _sort(store, definition, reading, number, sort)
            yield Done(number + 1, sort + folds, sorting=True)
        last, number = b"", 0
        while last != _END:
            upto = _upto(store, reading, last)
            _fold(store, definition, reading, version, last, upto)
            last, number = upto, number + 1
            yield Done(sort + number, sort + max(folds, number))
    finally:
        store.define(f"ALTER TABLE facts_by_label DROP PARTITION {quote(reading)}")


def corrected(store: Store, definition: Definition, corrections: Corrections) -> set[bytes]:
    """The labels of instances that people gave ids, or whose milestones may have another anchor since ids stand apart."""
    keys = corrections.concerned.union(*corrections.edges)
    return set(labels.labels_of(store, definition.id, keys).values())


def _sort(store: Store, definition: Definition, reading: str, number: int, of: int) -> None:
    """Copy the milestones whose anchor is in one of ``of`` equal ranges of hashes, each with the label of its anchor."""
    bounds = [(_SPACE * one // of).to_bytes(KEY_BYTES + 1, "big")[1:].hex() for one in (number, number + 1)]
    facts = f"SELECT anchor, fact FROM facts WHERE {_in_range('anchor', last=number + 1 == of)}"
    known = (
        f"SELECT key, min(label) AS label FROM key_labels WHERE {_in_range('key', last=number + 1 == of)} GROUP BY key"
    )
    store.command(
        "INSERT INTO facts_by_label (reading, label, fact) SELECT {reading:String}, label, fact "
        f"FROM ({facts}) AS facts INNER JOIN ({known}) AS known ON facts.anchor = known.key",
        {"reading": reading, "definition": definition.id, "low": bounds[0], "high": bounds[1]},
    )


def _in_range(column: str, *, last: bool) -> str:
    high = "1" if last else f"{column} < {_bound('high', KEY_BYTES)}"
    return f"definition = {{definition:String}} AND {column} >= {_bound('low', KEY_BYTES)} AND {high}"


def _upto(store: Store, reading: str, last: bytes) -> bytes:
    """The label with which a portion behind ``last`` ends; the last one ends behind all labels."""
    found = store.query(
        f"SELECT max(label), count() FROM (SELECT label FROM facts_by_label WHERE reading = {{reading:String}} "
        f"AND label > {_bound('last', LABEL_BYTES)} ORDER BY label LIMIT {{limit:UInt32}})",
        {"reading": reading, "last": last.hex(), "limit": FOLDED},
    )
    label, count = found[0]
    return bytes(label) if count == FOLDED else _END


def _fold(store: Store, definition: Definition, reading: str, version: int, last: bytes, upto: bytes) -> None:
    """Fold the instances whose labels lie behind ``last``, up to and with ``upto``."""
    facts: defaultdict[bytes, list[Milestone]] = defaultdict(list)
    found = store.query(
        "SELECT label, fact FROM facts_by_label WHERE reading = {reading:String} "
        f"AND label > {_bound('last', LABEL_BYTES)} AND label <= {_bound('upto', LABEL_BYTES)}",
        {"reading": reading, "last": last.hex(), "upto": upto.hex()},
    )
    for label, fact in found:
        facts[bytes(label)].append(rows.milestone(fact))
    current = labels.labels_of(store, definition.id, {key_of(label) for label in facts})
    alive = [label for label in facts if current.get(key_of(label)) == label]
    earlier = weeks.labels_between(store, definition.id, last, upto)
    instances = ((label, fold(definition, facts[label])) for label in alive)
    rows.write_instances(store, definition, version, instances, {*facts, *earlier} - {*alive})


def _bound(parameter: str, length: int) -> str:
    return f"toFixedString(unhex({{{parameter}:String}}), {length})"
