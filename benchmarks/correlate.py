"""Correlation: a new workflow reads history, then takes what arrives, at a tenth of ``--instances`` and at all of them.

An instance has ten milestones that carry some of four ids each, over ten days of a year; no id is in all of them. Spans
are generated inside ClickHouse. Then the workflow is declared, and what a collector does is timed: finding milestones,
joining and folding them. A live batch is 10,000 milestones, of which 2,500 belong to instances taken at random from all
that are stored; each touched instance is folded from all its milestones. Beside it, over the same milestones: a plain
union-find in Python that holds everything in memory, stores nothing and folds nothing, and ClickHouse's own GROUP BY of
them by one id, which joins nothing.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from collectors.correlation import feed
from collectors.correlation.components import join
from collectors.correlation.correlator import Correlator
from collectors.store.client import Store
from collectors.store.migrate import migrate
from collectors.workflows.definition import Definition, Match, Step

INSTANCES = 30_000
STEPS = ("ordered", "confirmed", "shipped", "invoiced", "sent", "posted", "intended", "paid", "settled", "applied")
#: Milestones of a live batch that are of new instances, and of those that are there.
NEW, LATE = 7_500, 2_500
#: Live batches after which ClickHouse has begun the merges that history left to do.
_WARMING = 6
DEFINITION = Definition(
    workflow="order-to-cash",
    object="order",
    keys=tuple((name, f"{name}.id") for name in ("order", "invoice", "document", "payment")),
    links=(("customer", "customer.id"),),
    dimensions=(("entity", "business.entity"), ("plan", "plan")),
    amount="amount",
    currency="currency",
    steps=tuple(Step(name, "billing", Match(span=f"order {name}")) for name in STEPS),
    completes=frozenset({"applied"}),
)
_PAGE = 100_000
_SPANS = f"""
INSERT INTO spans (ts, trace_id, span_id, parent_span_id, trace_state, name, kind, service, scope, resource, attributes,
  duration, status_code, status_message)
SELECT fromUnixTimestamp64Nano(toInt64(1735689600 + cityHash64(i) % 31536000 + t * 86400 + cityHash64(i, t) % 43200) * 1000000000, 'UTC'),
  sipHash128(i, t, {{round:UInt32}}), reinterpretAsFixedString(sipHash64(i, t, {{round:UInt32}})), '', '',
  concat('order ', {list(STEPS)}[t + 1]), 2, concat('service-', toString(t % 4)), 'lib',
  map('service.name', concat('service-', toString(t % 4))),
  mapFilter((k, v) -> v != '', map(
    'order.id', if(t IN (0, 1, 2, 3), concat('ord-', toString(i)), ''),
    'invoice.id', if(t IN (3, 4, 5, 6), concat('in_', toString(i)), ''),
    'document.id', if(t IN (5, 9), concat('doc-', toString(i)), ''),
    'payment.id', if(t IN (6, 7, 8, 9), concat('pi_', toString(i)), ''),
    'customer.id', if(t IN (0, 3), concat('cus_', toString(i % 50021)), ''),
    'business.entity', ['DE01', 'FR01', 'US01'][i % 3 + 1], 'plan', if(t = 0, ['team', 'scale'][i % 2 + 1], ''),
    'amount', if(t IN (3, 7), concat(toString(10 + i % 9973), '.50'), ''), 'currency', if(t IN (3, 7), 'EUR', ''))),
  1000000 * (i % 977), 0, ''
FROM """
_NEW = _SPANS + "(SELECT intDiv(number, 10) AS i, number % 10 AS t FROM numbers({first:UInt64} * 10, {count:UInt64}))"
_LATE = (
    _SPANS
    + "(SELECT cityHash64(number, {round:UInt32}) % {stored:UInt64} AS i, number % 10 AS t FROM numbers({count:UInt64}))"
)
_BY_ONE_ID = (
    "SELECT anchor, count(), min(occurred_at), max(occurred_at), groupUniqArray(step) FROM milestones "
    "WHERE definition = {definition:String} GROUP BY anchor FORMAT Null"
)


def run(seconds: float, instances: int = INSTANCES) -> dict[str, float]:
    """Measure both sizes, live batches for about so many seconds at each; a flat object of figures."""
    sizes = (max(instances // 10, 1), instances)
    figures: dict[str, float] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, Store(f"chdb://{folder}/chdb", timeout=3_600) as store:
            migrate(store)
            found = _measure(store, size, seconds)
            if size == instances:
                found |= _beside(store, size)
        figures |= {f"{name}_{size}": value for name, value in found.items()}
    small, large = sizes
    for name in ("history", "live"):
        rate = f"{name}_milestones_per_second"
        figures[f"{name}_slower_by"] = figures[f"{rate}_{small}"] / figures[f"{rate}_{large}"]
    # Other work on the machine takes time, but hardly any of this process's CPU.
    for name, cost in (("history", "history_cpu_seconds_a_million"), ("live", "live_batch_median_cpu_seconds")):
        figures[f"{name}_cpu_grew_by"] = figures[f"{cost}_{large}"] / figures[f"{cost}_{small}"]
    return figures


def _measure(store: Store, size: int, seconds: float) -> dict[str, float]:
    for first in range(0, size, _PAGE):
        count = min(_PAGE, size - first) * len(STEPS)
        store.command(_NEW, {"first": first, "count": count, "round": 0})
        _tell(f"{size:,} instances: {(first * len(STEPS) + count):,} spans written")
    correlator = Correlator(store, alone=True)
    correlator.resume()
    correlator.define([DEFINITION])
    _forget_peak()
    began, cpu = time.perf_counter(), time.process_time()
    with _watched(correlator, size):
        correlator.work()
    history, cpu = time.perf_counter() - began, time.process_time() - cpu
    _check(store, size, size * len(STEPS))
    figures = {
        "history_milestones_per_second": size * len(STEPS) / history,
        "history_cpu_seconds_a_million": cpu / (size * len(STEPS)) * 1_000_000,
        "history_peak_mib": _peak_mib(),
    }
    _settle(store)
    _forget_peak()
    batches = list(_live(store, correlator, size, seconds))
    took = statistics.median(one.seconds for one in batches)
    figures |= {
        "live_milestones_per_second": (NEW + LATE) / took,
        "live_batch_median_seconds": took,
        "live_batch_longest_seconds": max(one.seconds for one in batches),
        "live_batch_median_cpu_seconds": statistics.median(one.cpu for one in batches),
        "live_batch_mean_cpu_seconds_of_merges": statistics.fmean(one.merges_cpu for one in batches),
        "live_batches": len(batches),
        "live_peak_mib": _peak_mib(),
    }
    return figures


class Took(NamedTuple):
    """How long something took, how much of all cores it used meanwhile, and the merges after it."""

    seconds: float
    cpu: float
    merges_cpu: float


def _live(store: Store, correlator: Correlator, stored: int, seconds: float) -> Iterator[Took]:
    """What each batch takes to be joined and folded, once its spans are stored; the first ones, which warm up, are left out.

    Merges go on in the background, also those that history left; each batch begins when they are done, and what they
    used is told by itself.
    """
    end, number = time.monotonic() + seconds, 0
    while number < _WARMING + 5 or time.monotonic() < end:
        number += 1
        store.command(_NEW, {"first": stored, "count": NEW, "round": 0})
        store.command(_LATE, {"stored": stored, "count": LATE, "round": number})
        stored += NEW // len(STEPS)
        _settle(store)
        before, began, cpu = correlator.facts, time.perf_counter(), time.process_time()
        correlator.work()
        took, used = time.perf_counter() - began, time.process_time() - cpu
        assert correlator.facts > before, "a batch was not seen"  # noqa: S101 - no work, no figure
        cpu = time.process_time()
        _settle(store)
        _tell(f"live batch {number}: {took:.2f} s")
        if number > _WARMING:
            yield Took(took, used, time.process_time() - cpu)
    _check(store, stored)


def _beside(store: Store, size: int) -> dict[str, float]:
    """What is measured for comparison, over the same milestones."""
    milestones = store.query("SELECT count() FROM milestones")[0][0]
    began = time.perf_counter()
    store.command(_BY_ONE_ID, {"definition": DEFINITION.id})
    grouped = milestones / (time.perf_counter() - began)
    _tell(f"{size:,} instances: plain union-find")
    _forget_peak()
    before, fetching = _peak_mib(), 0.0

    def edges() -> Iterator[tuple[bytes, ...]]:
        nonlocal fetching
        place = (0, 0)
        while True:
            asked = time.perf_counter()
            entries = feed.read(store, place, _PAGE)
            fetching += time.perf_counter() - asked
            if not entries:
                return
            yield from (entry.keys for entry in entries)
            place = (entries[-1].received_at, entries[-1].fact)

    began = time.perf_counter()
    joined = join(edges(), {})
    plain = milestones / (time.perf_counter() - began - fetching)
    assert len(set(joined.roots.values())) >= size  # noqa: S101 - a wrong result has no speed
    return {
        "plain_union_find_per_second": plain,
        "plain_union_find_more_mib": _peak_mib() - before,
        "group_by_one_id_per_second": grouped,
    }


def _check(store: Store, instances: int, milestones: int | None = None) -> None:
    """A wrong result has no speed."""
    found = store.query("SELECT count(), sum(milestones) FROM instances_by_week FINAL WHERE gone = 0")[0]
    assert found[0] == instances, found  # noqa: S101 - see above
    assert milestones in (None, found[1]), found  # noqa: S101 - see above


def _settle(store: Store, limit: float = 600) -> None:
    """Wait until ClickHouse has merged what it merges by itself, as between two busy hours."""
    end = time.monotonic() + limit
    while time.monotonic() < end and store.query("SELECT count() FROM system.merges")[0][0]:
        time.sleep(0.5)


@contextmanager
def _watched(correlator: Correlator, size: int, every: float = 10.0) -> Iterator[None]:
    """Say now and then how far history has come."""
    done, began = threading.Event(), time.perf_counter()

    def tell() -> None:
        while not done.wait(every):
            for one in correlator.building:
                told = f"{correlator.facts:,} milestones joined, {one.done} of {one.total} weeks read"
                folded = f", {one.folded} of {one.portions} portions folded" if one.portions else ""
                _tell(f"{size:,} instances, {time.perf_counter() - began:.0f} s: {told}{folded}")

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _forget_peak() -> None:
    """Let the kernel measure the most memory from now on."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_mib() -> float:
    """The most memory that this process, with ClickHouse inside it, had since :func:`_forget_peak`."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
