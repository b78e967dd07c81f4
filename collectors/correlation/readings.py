"""The readings of workflows that a correlator keeps: those that answer, those on their way, and the change of places."""

from __future__ import annotations

import logging
from collections import defaultdict, deque
from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass, field

from collectors.correlation import labels
from collectors.correlation.corrections import NOTHING, Corrections
from collectors.correlation.history import Done, apart, fold_history
from collectors.correlation.inserts import micros
from collectors.correlation.round import join_keys, summarise
from collectors.store.client import Store
from collectors.workflows import ledger
from collectors.workflows.definition import Definition

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Building:
    """A reading on its way: ``began`` is the microsecond (our clock) from which on every insert passes its view.

    ``folding`` goes through what was read once all of it is joined; ``late`` are keys of what arrives meanwhile.
    """

    definition: Definition
    began: int
    weeks: deque[str] | None = None
    total: int = 0
    folding: Generator[Done] | None = None
    folded: Done = field(default_factory=lambda: Done(0, 0))
    late: set[bytes] = field(default_factory=set)


@dataclass(slots=True)
class Progress:
    """How far a new reading of a workflow has come with history: weeks that are read, of all.

    Then what they came to is folded: ``folded`` of so many ``portions``, of which there are none before.
    """

    workflow: str
    definition: str
    done: int
    total: int
    folded: int = 0
    portions: int = 0


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
            Progress(
                one.definition.workflow,
                one.definition.id,
                one.total - len(one.weeks or []),
                one.total,
                one.folded.portions,
                one.folded.total,
            )
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
            self._leave([one for one in self.building if one.definition.id in definitions])

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

    def join(self, building: Building, edges: Sequence[tuple[bytes, ...]], corrections: Corrections) -> None:
        """Join what arrives; it answers nobody yet, so its instances are folded once, at the end of history."""
        join_keys(self.store, building.definition, edges, corrections)
        if building.folding is not None:
            building.late.update(key for edge in edges for key in edge)

    def fold_portion(self, building: Building, corrections: Corrections) -> None:
        """Fold a portion of what history has come to; when all is folded it answers. Its keys are joined up to the present."""
        if building.folding is None:
            join_keys(self.store, building.definition, corrections.edges, NOTHING)
            building.folding = fold_history(self.store, building.definition)
        try:
            folded = next(building.folding, None)
        except BaseException:
            building.folding = None  # it has ended and would pass for done
            raise
        if folded is None:
            self._finish(building, corrections)
        else:
            building.folded = folded

    def stop(self) -> None:
        """Leave off what is on its way; it begins anew after the next start."""
        self._leave(self.building)

    def _finish(self, building: Building, corrections: Corrections) -> None:
        """Fold again what history can't have had whole, and let the reading answer."""
        definition = building.definition
        late = labels.labels_of(self.store, definition.id, building.late)
        # What was folded before a late one joined it to something else is part of that now.
        before = labels.ever_of(self.store, definition.id, building.late)
        again = {*late.values(), *apart(self.store, definition, corrections)}
        summarise(self.store, definition, corrections, again, before - again)
        self._switch(definition)
        self.building.remove(building)

    def _begin(self, definition: Definition) -> None:
        ledger.begin(self.store, definition)
        self.building.append(Building(definition, micros()))

    def _abandon(self, workflow: str) -> None:
        stale = [one for one in self.building if one.definition.workflow == workflow]
        self._leave(stale)
        ledger.retire(self.store, (one.definition for one in stale))

    def _leave(self, left: Collection[Building]) -> None:
        self.building = [one for one in self.building if one not in left]
        for one in left:
            if one.folding is not None:
                one.folding.close()

    def _switch(self, definition: Definition) -> None:
        ledger.record(self.store, definition, "active")
        old = self.active.get(definition.workflow)
        self.active[definition.workflow] = definition
        if old is not None and old.id != definition.id:
            ledger.retire(self.store, [old])
        log.info("workflow %s is read by definition %s", definition.workflow, definition.id)
