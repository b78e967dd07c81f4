"""Figures of an SLA over stored instances."""

from __future__ import annotations

from pathlib import Path

from collectors.store.client import Store
from collectors.store.migrate import migrate
from policies.slas.model import Sla
from policies.slas.report import SlaReports
from tests.collectors.timelines.history import DAY, HOUR, NOW, SECOND, invoice, write

POSTING = Sla("posting", "invoice-to-cash", "finalized", "posted", HOUR, 0.99, 30 * DAY)


def test_what_ended_before_it_began_is_met_and_in_no_percentile(tmp_path: Path) -> None:
    with Store(f"chdb://{tmp_path}/chdb") as store:
        migrate(store)
        timelines = write(
            store,
            [
                invoice(1, NOW, [("finalized", 0), ("posted", 10 * SECOND)]),
                invoice(2, NOW, [("finalized", 0), ("posted", 20 * SECOND)]),
                invoice(3, NOW, [("finalized", 5 * HOUR), ("posted", 0)]),
            ],
        )
        reports = SlaReports(store, timelines.active)
        found = reports.report(POSTING, NOW - DAY, NOW + DAY, NOW + DAY, by="entity")
    total = found.total
    assert (total.count, total.met, total.attainment, total.backwards) == (3, 3, 1.0, 1)
    assert (total.p50, total.p99) == (15.0, 19.9)
    # Nothing but that one: no length of time is known of it.
    alone = found.series[max(found.series)]
    assert (alone.backwards, alone.p50) == (1, None)
