"""What is as good as the end of an SLA keeps its promise, for one object and in the figures alike."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from collectors.store.client import Store
from collectors.store.migrate import migrate
from collectors.timelines.filtering import Filter
from controlplane import readings
from policies.slas.judge import judge
from policies.slas.model import Sla
from policies.slas.report import SlaReports, deadline_of
from registry.kinds.sla import SLAManifest
from registry.kinds.workflow import WorkflowManifest
from tests.collectors.timelines.history import DAY, HOUR, NOW, invoice, write

PAYING = Sla("paying", "invoice-to-cash", "finalized", "paid", HOUR, 0.99, 30 * DAY, as_good=("posted",))
WORKFLOW = {
    "object": "invoice",
    "keys": [{"type": "number", "attribute": "number"}],
    "steps": [
        {"name": "finalized", "system": "s", "match": {"span": "a"}},
        {"name": "paid", "system": "s", "match": {"span": "b"}},
        {"name": "offset", "system": "s", "match": {"span": "c"}, "instead_of": "paid"},
        {"name": "forgiven", "system": "s", "match": {"span": "d"}, "instead_of": "offset"},
    ],
}


def test_a_stand_in_ends_the_wait_at_its_own_time(tmp_path: Path) -> None:
    instances = [
        invoice(1, NOW, [("finalized", 0), ("posted", HOUR)]),
        invoice(2, NOW, [("finalized", 0), ("posted", 2 * HOUR)]),
        invoice(3, NOW, [("finalized", 0), ("posted", 2 * HOUR), ("paid", HOUR)]),
        invoice(4, NOW, [("finalized", 0)]),
    ]
    verdicts = [judge(PAYING, one.reached, one.state, NOW + DAY) for one in instances]
    assert [verdict.state for verdict in verdicts if verdict] == ["met", "breached", "met", "overdue"]
    assert [verdict.seconds for verdict in verdicts if verdict] == [3_600, 7_200, 3_600, None]
    with Store(f"chdb://{tmp_path}/chdb") as store:
        migrate(store)
        timelines = write(store, instances)
        total = SlaReports(store, timelines.active).report(PAYING, NOW - DAY, NOW + DAY, NOW + DAY).total
        assert (total.met, total.breached, total.pending, total.overdue) == (2, 1, 0, 1)
        late = Filter(deadline=deadline_of(PAYING), deadline_state="overdue", now=NOW + DAY)
        assert timelines.count("invoice-to-cash", late) == 1
        alone = replace(PAYING, as_good=())
        assert SlaReports(store, timelines.active).report(alone, NOW - DAY, NOW + DAY, NOW + DAY).total.overdue == 3


def test_the_workflow_says_what_is_as_good() -> None:
    workflow = WorkflowManifest.model_validate({"metadata": {"name": "w"}, "spec": WORKFLOW})
    promise = {"workflow": "w", "from": "finalized", "to": "paid", "within": "PT1H"}
    manifest = SLAManifest.model_validate({"metadata": {"name": "paying"}, "spec": promise}, by_alias=True)
    assert readings.sla(manifest, workflow).as_good == ("forgiven", "offset")
    assert readings.sla(manifest, None).as_good == ()
