"""Correlation: milestones joined and folded a second, how that changes as the store grows, beside a plain union-find.

The plain union-find holds everything in memory and writes nothing: it is the limit that a design without a store would
approach. New milestones belong to new instances and, one in four, to instances that are there already.
"""

from __future__ import annotations

import statistics
import tempfile
import time

from collectors.correlation import feed
from collectors.correlation.components import join
from collectors.correlation.corrections import NOTHING
from collectors.correlation.round import correlate
from collectors.store.client import Store
from collectors.store.migrate import migrate
from collectors.workflows.definition import Definition, Match, Step

BATCH_INSTANCES = 2_000
STEPS = ("finalized", "handed-over", "posted", "paid", "applied")
DEFINITION = Definition(
    workflow="invoice-to-cash",
    object="invoice",
    keys=(("billing", "a"), ("number", "b"), ("erp", "c")),
    steps=tuple(Step(name, "billing", Match(span=name)) for name in STEPS),
    completes=frozenset({"paid"}),
)
# Five milestones an invoice; no two of its systems share more than one id, and the number joins them all.
_GENERATE = """
INSERT INTO milestones (definition, anchor, occurred_at, step, trace_id, span_id, system, status, source, keys, links,
  amount, currency, dimensions, name, service, message, duration, observed_at)
SELECT {definition:String}, arrayMin(arrayMap(k -> toFixedString(substring(SHA256(concat(k.1, '\\0', k.2)), 1, 16), 16), keys)),
  toDateTime64('2026-05-01 00:00:00', 9, 'UTC') + toIntervalSecond(i * 7 % 2000000 + 60 * m + round),
  ['finalized', 'handed-over', 'posted', 'paid', 'applied'][m + 1], reinterpretAsFixedString(sipHash128(i, m, round)),
  reinterpretAsFixedString(sipHash64(round, m, i)), 'billing', 'ok', 'span',
  multiIf(m = 0, [('billing', concat('in_', toString(i))), ('number', concat('INV-', toString(i)))],
          m = 1, [('number', concat('INV-', toString(i)))],
          m = 2, [('number', concat('INV-', toString(i))), ('erp', toString(i))],
          m = 3, [('billing', concat('in_', toString(i)))], [('erp', toString(i))]) AS keys, [],
  if(m = 0, '100.50', ''), if(m = 0, 'EUR', ''), [('entity', 'DE01')], 'n', 'svc', '', 1000, now64(6)
FROM (SELECT {round:UInt32} AS round, if(number % 4 = 3 AND {first:UInt64} > 0, cityHash64(number, round) % {first:UInt64},
  {first:UInt64} + intDiv(number, 5)) AS i, number % 5 AS m FROM numbers({count:UInt64}))
"""


def run(seconds: float) -> dict[str, float]:
    """Work for about so many seconds; a flat object of figures."""
    rates: list[float] = []
    edges: list[tuple[bytes, ...]] = []
    with tempfile.TemporaryDirectory() as folder, Store(f"chdb://{folder}/chdb") as store:
        migrate(store)
        place, stored, number, end = (0, 0), 0, 0, time.monotonic() + seconds
        while time.monotonic() < end or len(rates) < len(STEPS):
            parameters = {
                "definition": DEFINITION.id, "round": number, "first": number * BATCH_INSTANCES,
                "count": BATCH_INSTANCES * len(STEPS),
            }  # fmt: skip
            store.command(_GENERATE, parameters)
            entries = feed.read(store, place, BATCH_INSTANCES * len(STEPS))
            began = time.perf_counter()
            correlate(store, DEFINITION, [entry.keys for entry in entries], NOTHING)
            rates.append(len(entries) / (time.perf_counter() - began))
            edges += [entry.keys for entry in entries]
            place, stored, number = (entries[-1].received_at, entries[-1].fact), stored + len(entries), number + 1
    began = time.perf_counter()
    join(edges, {})
    plain = len(edges) / (time.perf_counter() - began)
    part = max(1, len(rates) // 4)
    first, last = statistics.median(rates[:part]), statistics.median(rates[-part:])
    return {
        "milestones": float(stored),
        "milestones_per_second": statistics.median(rates),
        "first_quarter_per_second": first,
        "last_quarter_per_second": last,
        "slower_by": first / last,
        "plain_union_find_per_second": plain,
    }
