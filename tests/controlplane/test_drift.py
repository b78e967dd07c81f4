"""What was compared is remembered, and compared anew when it is old or something was declared."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

from collectors.usage.examples import Calls
from collectors.usage.reading import ApiUsage, ConsumerUsage
from controlplane.drift import FRESH, DriftWatch
from controlplane.observed import Observed
from registry.catalogue.apply import apply
from registry.database import Database
from registry.kinds.api import APISpec
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText

NOW = datetime(2026, 5, 16, 12, tzinfo=UTC)
API = """
apiVersion: controlplane/v1
kind: System
metadata: {name: hub}
spec: {category: internal}
---
apiVersion: controlplane/v1
kind: API
metadata: {name: NAME}
spec: {system: hub, protocol: rest, authentication: [none], versions: [{version: v1, calls: [{service: hub}]}]}
"""


@dataclass
class Traffic:
    """Somebody called once; ``asked`` counts how often that was wanted to be known."""

    asked: int = 0
    changed: threading.Event = field(default_factory=threading.Event)

    def api(self, _api: APISpec, since: int, until: int) -> ApiUsage:
        self.asked += 1
        self.changed.set()
        return ApiUsage(
            since, until, 1, since, recognised=True, consumers=(ConsumerUsage("script", "v1", 1, 0, until),)
        )

    def examples(self, *_: object) -> list[Calls]:
        return []


def declare(database: Database, name: str) -> None:
    with database.writing() as session:
        text = API.replace("NAME", name).encode()
        apply(session, parse_manifests([SourceText("", text)]), actor="ada", now=NOW)


def test_traffic_is_compared_again_when_it_is_due(database: Database) -> None:
    traffic, moment = Traffic(), [NOW]
    commit = type("Commit", (), {"asked": lambda _self: None})()
    observed = cast("Observed", type("Half", (), {"commit": commit, "usage": traffic})())
    watch = DriftWatch(database, lambda: observed, lambda: moment[0])
    declare(database, "one")
    assert [(one.check, one.name) for one in watch.findings()] == [("undeclared-consumer", "one")]
    assert traffic.asked == 1
    watch.findings()
    assert [one.about for one in watch.every()].count("traffic") == 1
    assert traffic.asked == 1

    declare(database, "two")
    assert [one.name for one in watch.findings()] == ["one", "two"]
    assert traffic.asked == 3

    moment[0] += FRESH + timedelta(seconds=1)
    traffic.changed.clear()
    assert [one.name for one in watch.known()] == ["one", "two"]
    assert traffic.changed.wait(30)
    watch.stop()
    assert traffic.asked == 5


def test_without_traffic_there_is_no_drift(sqlite: Database) -> None:
    watch = DriftWatch(sqlite, lambda: None, lambda: NOW)
    declare(sqlite, "one")
    assert watch.findings() == ()
    assert [one.about for one in watch.every()] == ["declared"] * len(watch.every())
