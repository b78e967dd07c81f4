"""The readings of workflows that a correlator keeps: those that answer, those on their way, and the change of places."""

from __future__ import annotations

import logging
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from collectors.correlation.corrections import NOTHING, Corrections
from collectors.correlation.inserts import micros
from collectors.correlation.round import join_keys, summarise_all
from collectors.store.client import Store
from collectors.workflows import ledger
from collectors.workflows.definition import Definition

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Building:
    """A reading on its way: ``began`` is the microsecond (our clock) from which on every insert passes its view."""

    definition: Definition
    began: int
    weeks: deque[str] | None = None
    total: int = 0


@dataclass(slots=True)
class Progress:
    """How far a new reading of a workflow has come with history: portions done of all."""

    workflow: str
    definition: str
    done: int
    total: int


@dataclass(slots=True)
class Readings:
    """Definitions by what they are good for. ``active`` maps a workflow to the one that answers."""

    store: Store
    active: dict[str, Definition] = field(default_factory=dict)
    building: list[Building] = field(default_factory=list)

    def __iter__(self) -> Iterator[Definition]:
        """All definitions, those that answer first."""
        yield from self.active.values()
        yield from (one.definition for one in self.building)

    @property
    def progress(self) -> list[Progress]:
        """How far those on their way have come."""
        return [
            Progress(one.definition.workflow, one.definition.id, one.total - len(one.weeks or []), one.total)
            for one in self.building
        ]

    def resume(self) -> None:
        """Take up the readings that the store holds."""
        for entry in ledger.entries(self.store):
            if entry.state == "active":
                self.active[entry.definition.workflow] = entry.definition
            else:
                self._begin(entry.definition)

    def follow(self) -> None:
        """Take over what another collector has finished reading, since it drops the reading before."""
        finished: defaultdict[str, dict[str, Definition]] = defaultdict(dict)
        for entry in ledger.entries(self.store):
            if entry.state == "active":
                finished[entry.definition.workflow][entry.definition.id] = entry.definition
        for workflow, definitions in finished.items():
            active = self.active.get(workflow)
            if active is None or active.id not in definitions:
                self.active[workflow] = next(iter(definitions.values()))
            self.building = [one for one in self.building if one.definition.id not in definitions]

    def want(self, definition: Definition) -> None:
        """Have a workflow read by this definition as soon as it has seen all of history."""
        active = self.active.get(definition.workflow)
        if active is not None and active.id == definition.id:
            self._abandon(definition.workflow)
            if active != definition:
                ledger.record(self.store, definition, "active")
                self.active[definition.workflow] = definition
        elif definition.id not in {one.definition.id for one in self.building}:
            self._abandon(definition.workflow)
            self._begin(definition)

    def read_portion(self, building: Building) -> bool:
        """Read a portion of history; true once nothing is left. Every insert before ``began`` must have ended."""
        if building.weeks is None:
            building.weeks = deque(ledger.weeks(self.store))
            building.total = len(building.weeks)
        if building.weeks:
            ledger.read_week(self.store, building.definition, building.weeks[0])
            building.weeks.popleft()
        return not building.weeks

    def finish(self, building: Building, corrections: Corrections) -> None:
        """Fold what history has come to and let it answer; its keys are joined up to the present."""
        join_keys(self.store, building.definition, corrections.edges, NOTHING)
        summarise_all(self.store, building.definition, corrections)
        self._switch(building.definition)
        self.building.remove(building)

    def _begin(self, definition: Definition) -> None:
        ledger.begin(self.store, definition)
        self.building.append(Building(definition, micros()))

    def _abandon(self, workflow: str) -> None:
        stale = [one for one in self.building if one.definition.workflow == workflow]
        self.building = [one for one in self.building if one.definition.workflow != workflow]
        ledger.retire(self.store, (one.definition for one in stale))

    def _switch(self, definition: Definition) -> None:
        ledger.record(self.store, definition, "active")
        old = self.active.get(definition.workflow)
        self.active[definition.workflow] = definition
        if old is not None and old.id != definition.id:
            ledger.retire(self.store, [old])
        log.info("workflow %s is read by definition %s", definition.workflow, definition.id)
