"""Questions as the history grows: a month of spans, then ten months, then fifty, at the same business a month.

A million spans a month: 10,000 invoices with five steps each, and every step in a trace of 20 spans. Spans are generated
inside ClickHouse and go through the workflow's own view; labels and summaries, which the correlator would write round by
round, are written by one statement each. Every question is asked about other ids each time: a timeline by a business
key, a trace by its id, and all that finance's page asks about the newest month. Beside them ``SELECT 1``, which can't
grow: what it grows by is the machine. Figures are medians in milliseconds and how they grew since the first size.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable

from collectors.correlation.keys import KEY_HASH_SQL
from collectors.store.client import Store
from collectors.store.migrate import migrate
from collectors.timelines.filtering import Filter
from collectors.timelines.model import Key
from collectors.timelines.reading import Timelines
from collectors.timelines.traces import read_trace
from collectors.workflows import ledger
from collectors.workflows.definition import Definition, Match, Step
from policies.slas.model import Sla
from policies.slas.report import SlaReports

MONTHS = (1, 10, 50)
STEPS = ("finalized", "handed-over", "posted", "paid", "applied")
INVOICES, TRACE = 10_000, 20
#: Inserts that a month comes in, each of which is a part until ClickHouse merges it: as large as those of a busy collector.
PORTIONS = 20
_STILL = "ALTER TABLE spans MODIFY SETTING min_age_to_force_merge_seconds ="
_UNDER_WAY = """
SELECT (SELECT count() FROM system.merges)
  + (SELECT count() - uniqExact(partition) FROM system.parts WHERE active AND database = currentDatabase() AND table = 'spans')
"""
MONTH = 30 * 86_400 * 10**9
BEGIN = 1_577_836_800 * 10**9
DEFINITION = Definition(
    workflow="invoice-to-cash",
    object="invoice",
    keys=(("invoice.number", "invoice.number"), ("billing", "billing.invoice.id")),
    dimensions=(("entity", "business.entity"),),
    amount="invoice.amount",
    currency="invoice.currency",
    steps=tuple(Step(name, "billing", Match(span=f"invoice {name}")) for name in STEPS),
    completes=frozenset({"applied"}),
)
SLA = Sla("posting", DEFINITION.workflow, "finalized", "posted", within=2 * 3_600 * 10**9, objective=0.99, window=MONTH)
# Invoice i, its step t, span s of the step's trace; the last span of each is the one that the workflow matches.
_SPANS = f"""
INSERT INTO spans (ts, trace_id, span_id, parent_span_id, trace_state, name, kind, service, scope, resource, attributes,
  duration, status_code, status_message)
SELECT fromUnixTimestamp64Nano(toInt64({BEGIN} + i * {{every:UInt64}} + t * 3000000000000 + i * t % 997 * 1000000000
    + s * 20000000), 'UTC'),
  sipHash128(i, t), reinterpretAsFixedString(sipHash64(i, t, s)), if(s = 0, '', reinterpretAsString(sipHash64(i, t, 0))), '',
  if(s = {TRACE - 1}, concat('invoice ', {list(STEPS)}[t + 1]), concat('GET /v1/things/', toString(s))), s % 5 + 1,
  concat('service-', toString(s % 7)), 'lib',
  map('service.name', concat('service-', toString(s % 7)), 'service.version', '1.4.2', 'host.name', concat('node-', toString(i % 9))),
  if(s = {TRACE - 1},
     map('invoice.number', concat('INV-', toString(i)), 'billing.invoice.id', concat('in_', toString(i)),
         'business.entity', ['DE01', 'FR01', 'US01'][i % 3 + 1], 'invoice.amount', if(t = 0, '125.50', ''), 'invoice.currency', 'EUR'),
     map('http.request.method', 'GET', 'url.path', concat('/v1/things/', toString(i % 1000)), 'http.response.status_code', '200')),
  5000000 + s, 0, ''
FROM (SELECT intDiv(number, {TRACE * len(STEPS)}) AS i, intDiv(number, {TRACE}) % {len(STEPS)} AS t, number % {TRACE} AS s
      FROM numbers({{month:UInt64}} * {{count:UInt64}}, {{count:UInt64}}))
"""
_LABEL = "concat(unhex('FFFFFFFFFFFFFFFF'), anchor)"
# By the invoice's number, since an invoice of one month is paid in the next.
_NEW = "definition = {definition:String} AND toUInt64(substring(keys[1].2, 5)) >= {first:UInt64}"
_LABELS = f"""
INSERT INTO {{table}} (definition, key, label)
SELECT DISTINCT definition, arrayJoin(arrayMap(k -> {KEY_HASH_SQL}, keys)), {_LABEL} FROM milestones WHERE {_NEW}
"""
_WEEKS = f"""
INSERT INTO instance_weeks (definition, label, week)
SELECT definition, {_LABEL}, toMonday(min(occurred_at)) FROM milestones WHERE {_NEW} GROUP BY definition, anchor
"""
_INSTANCES = f"""
INSERT INTO instances_by_week (definition, week, label, id, version, gone, state, started_at, ended_at, last_at, amount, currency,
  dimensions, keys, links, reached, milestones, errors)
SELECT definition, toMonday(min(occurred_at)), {_LABEL}, anchor, 1, 0, if(has(groupArray(step), 'applied'), 'completed', 'running'), min(occurred_at),
  if(has(groupArray(step), 'applied'), max(occurred_at), NULL), max(occurred_at),
  toDecimal128(max(amount), 12), 'EUR', CAST(any(dimensions), 'Map(String, String)'), any(keys), [],
  CAST(groupArray((step, occurred_at)), 'Map(String, DateTime64(9, \\'UTC\\'))'), count(), 0
FROM milestones WHERE {_NEW} GROUP BY definition, anchor
"""


def run(seconds: float) -> dict[str, float]:
    """Build the three sizes and ask for about so many seconds at each; a flat object of figures."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, Store(f"chdb://{folder}/chdb", timeout=600) as store:
        migrate(store)
        ledger.begin(store, DEFINITION)
        months = 0
        for target in MONTHS:
            for month in range(months, target):
                grow(store, month)
            months = target
            settle(store)
            for question, median in ask(store, months, seconds).items():
                figures[f"{question}_ms_{months}m"] = median
                if target != MONTHS[0]:
                    figures[f"{question}_grew_{months}m"] = median / figures[f"{question}_ms_{MONTHS[0]}m"]
    return figures


def grow(store: Store, month: int) -> None:
    """One more month: a million spans, their milestones, labels and summaries."""
    count = INVOICES * len(STEPS) * TRACE
    store.command(_SPANS, {"month": month, "count": count, "every": MONTH // INVOICES}, settings=_portions(count))
    parameters = {"definition": DEFINITION.id, "first": month * INVOICES}
    for table in ("label_keys", "key_labels"):
        store.command(_LABELS.replace("{table}", table), parameters, settings=_portions(2 * INVOICES))
    for statement in (_WEEKS, _INSTANCES):
        store.command(statement, parameters, settings=_portions(INVOICES))


def _portions(rows: int) -> dict[str, int]:
    """Settings by which one statement inserts so many rows as several do."""
    some = rows // PORTIONS
    return {
        "max_block_size": some,
        "min_insert_block_size_rows": some,
        "min_insert_block_size_bytes": 0,
        "max_threads": 1,
    }


def settle(store: Store, limit: float = 300) -> None:
    """Wait until ClickHouse has merged what it merges by itself: as between two busy hours, and weeks that lay still for a day.

    A week counts as still after a second here, since all of history is a minute old.
    """
    store.command(f"{_STILL} 1")
    end = time.monotonic() + limit
    while time.monotonic() < end and store.query(_UNDER_WAY)[0][0]:
        time.sleep(0.5)
    store.command(f"{_STILL} 86400")


def ask(store: Store, months: int, seconds: float) -> dict[str, float]:
    """Question -> median milliseconds; all are asked in turn, so that what else the machine does meets all of them."""
    timelines = Timelines(store, lambda: {DEFINITION.workflow: DEFINITION})
    reports = SlaReports(store, lambda: {DEFINITION.workflow: DEFINITION})
    invoices, end = INVOICES * months, BEGIN + months * MONTH
    dice = random.Random(months)
    traces = [
        str(row[0])
        for row in store.query(
            "SELECT lower(hex(sipHash128(number * {stride:UInt64}, 2))) FROM numbers(500)", {"stride": invoices // 500}
        )
    ]
    dice.shuffle(traces)

    def timeline() -> None:
        found = timelines.find(DEFINITION.workflow, Key("invoice.number", f"INV-{dice.randrange(invoices)}"))
        assert found is not None and len(found.milestones) == len(STEPS), found  # noqa: S101, PT018 - no answer, no figure

    def trace() -> None:
        found = read_trace(store, traces.pop())
        assert found is not None and len(found.spans) == TRACE, found  # noqa: S101, PT018 - likewise

    def finance() -> None:
        report = reports.report(SLA, end - MONTH, end, end, by="entity")
        assert report.total.count == INVOICES, report.total  # noqa: S101 - likewise
        reports.waiting(SLA, end)
        reports.ageing(SLA, end)

    def newest() -> None:
        assert len(timelines.page(DEFINITION.workflow, Filter(since=end - MONTH)).items) == 50  # noqa: S101 - likewise

    def nothing() -> None:
        store.query("SELECT 1")

    questions: dict[str, Callable[[], None]] = {
        "timeline": timeline, "trace": trace, "finance": finance, "list": newest, "nothing": nothing,
    }  # fmt: skip
    took: dict[str, list[float]] = {name: [] for name in questions}
    enough, rounds = time.monotonic() + seconds, 0
    while rounds < 5 or (time.monotonic() < enough and traces):
        rounds += 1
        for name, question in questions.items():
            began = time.perf_counter()
            question()
            took[name].append((time.perf_counter() - began) * 1_000)
    return {name: statistics.median(found[2:]) for name, found in took.items()}
