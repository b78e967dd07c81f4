"""The observing half of a running server: the store, what writes into it, what correlates, what answers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from collectors.correlation.correlator import Correlator
from collectors.events.door import EventDoor
from collectors.hygiene.declared import conflicts
from collectors.ingest import GroupCommit
from collectors.otlp.receiver import Receiver
from collectors.senders import reading as sender_reading
from collectors.senders.model import Senders
from collectors.senders.recorder import Recorder
from collectors.senders.tally import Tally
from collectors.store.client import Store
from collectors.store.migrate import migrate
from collectors.timelines.context import Traces
from collectors.timelines.flow import Flows
from collectors.timelines.reading import Timelines
from collectors.timelines.traces import Trace, read_trace
from collectors.usage.reading import Usage
from collectors.workflows.definition import Definition
from collectors.workflows.held import held
from controlplane import attribute_rules, readings
from controlplane.gate import TelemetryGate
from controlplane.settings import Settings
from controlplane.storing import observed_store
from policies.slas.report import SlaReports
from registry.access.service import Access
from registry.database import Database

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Observed:
    """Everything that works on the ClickHouse store; one per process."""

    store: Store
    correlator: Correlator
    commit: GroupCommit
    receiver: Receiver
    events: EventDoor
    recorder: Recorder
    timelines: Timelines
    reports: SlaReports
    flows: Flows
    traces: Traces
    usage: Usage
    _rereading: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def create(cls, settings: Settings, access: Access) -> Observed:
        """Wire it up; nothing is opened yet."""
        store = observed_store(settings)
        correlator = Correlator(store, alone=store.embedded)
        commit = GroupCommit(store, correlator, settings.ingest_buffer_bytes)
        gate = TelemetryGate(access.by_token, open=settings.otlp_open and settings.host in LOOPBACK)

        def answering() -> Mapping[str, Definition]:
            # Whoever asks wants what has come so far, the last of which may still wait for its insert.
            commit.asked()
            return held(lambda: correlator.active)

        hygiene = attribute_rules.hygiene(settings)
        timelines = Timelines(store, answering, correlator.corrections, hygiene.hashed)
        receiver = Receiver(commit, gate, settings.otlp_max_bytes, Tally(hygiene.shown), hygiene)
        return cls(
            store=store,
            correlator=correlator,
            commit=commit,
            receiver=receiver,
            events=EventDoor(receiver),
            recorder=Recorder(store, receiver.tally),
            timelines=timelines,
            reports=SlaReports(store, answering),
            flows=Flows(store, answering),
            traces=Traces(store, timelines),
            usage=Usage(store, before=commit.asked),
        )

    async def start(self, database: Database) -> None:
        """Migrate the store, take up the declared workflows, begin to write and to correlate."""
        await asyncio.to_thread(migrate, self.store)
        await asyncio.to_thread(self._recall, database)
        await asyncio.to_thread(self.correlator.start)
        await self.commit.start()
        self.recorder.start()

    async def stop(self) -> None:
        """Store what was taken, correlate what was stored, close."""
        await self.commit.stop()
        await self.recorder.stop()
        await asyncio.to_thread(self.correlator.stop)
        await asyncio.to_thread(self.store.close)

    def _recall(self, database: Database) -> None:
        """What is declared and what people put right, known before the first event is joined."""
        with database.reading() as session:
            self.correlator.doubt(readings.taken_back(session))
        self.reread(database)

    def reread(self, database: Database) -> None:
        """Read workflows as they are declared now; a changed one goes through history before it answers.

        What people put right meanwhile is taken into account.
        """
        # One after another, so that what was read first is also said first.
        with self._rereading, database.reading() as session:
            self.correlator.define(readings.definitions(session), readings.corrections(session))

    def trace(self, trace_id: str, span_id: str = "") -> Trace | None:
        """A trace; of a very long one this span is there in any case."""
        self.commit.asked()
        return read_trace(self.store, trace_id, span_id)

    def senders(self, start: int, now: int, sender: str = "") -> Senders:
        """Who sent from ``start`` to now, or the one of that id."""
        return sender_reading.senders(self.store, start, now, sender)

    @property
    def rules(self) -> list[str]:
        """The rules about attributes that are in force, as sentences."""
        return [rule.words for rule in self.receiver.hygiene.rules.rules]

    @property
    def rule_warnings(self) -> list[str]:
        """What these rules take from the workflows that are read."""
        return conflicts(self.receiver.hygiene.rules, self.correlator.active.values())
