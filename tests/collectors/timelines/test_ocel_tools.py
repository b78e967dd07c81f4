"""The event log in the hands of the process-mining tool that people will open it with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from collectors.timelines.fold import fold
from collectors.timelines.model import Key
from collectors.timelines.ocel import write
from tests.collectors.timelines.history import DEFINITION, HOUR, NOW, STEPS, invoice

READ = """
import json, sys
import pm4py
log = pm4py.read_ocel2_json(sys.argv[1])
flat = pm4py.ocel_flattening(log, "invoice")
print(json.dumps({
    "events": len(log.events), "objects": len(log.objects), "relations": len(log.relations),
    "activities": log.events["ocel:activity"].value_counts().to_dict(),
    "qualifiers": sorted(log.relations["ocel:qualifier"].unique()),
    "related": log.o2o["ocel:qualifier"].value_counts().to_dict(),
    "took": str(log.events["duration_ms"].dtype),
    "changes": log.object_changes["state"].value_counts().to_dict(),
    "cases": int(flat["case:concept:name"].nunique()),
}))
"""


def test_pm4py_reads_the_log_and_finds_its_cases(tmp_path: Path) -> None:
    instances = [
        invoice(number, NOW, [(step, HOUR) for step in STEPS[: number % 3 + 1]], "1.00") for number in range(30)
    ]
    # Every invoice names one of five subscriptions, each of which has six.
    definition = replace(DEFINITION, links=(("subscription", "subscription.id"),))
    instances = [
        fold(definition, [replace(fact, links=(Key("subscription", f"sub_{place % 5}"),)) for fact in one.milestones])
        for place, one in enumerate(instances)
    ]
    file = tmp_path / "log.json"
    file.write_bytes(b"".join(write(definition, [instances[:7], instances[7:]])))
    # In a process of its own: importing it warns of what our settings make errors of.
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ, str(file)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"MPLCONFIGDIR": str(tmp_path)},
    )
    read = json.loads(found.stdout.strip().splitlines()[-1])
    assert read["events"] == sum(len(one.milestones) for one in instances)
    assert read["activities"] == {STEPS[0]: 30, STEPS[1]: 20, STEPS[2]: 10}
    assert read["qualifiers"] == ["names", "of"]
    assert read["cases"] == 30
    assert read["took"] == "float64"
    assert read["changes"] == {"completed": 10}
    assert read["objects"] == 95
    assert read["related"] == {"known-as": 60, "belongs-to": 30}
