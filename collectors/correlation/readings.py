"""The readings of workflows that a correlator keeps: those that answer, those on their way, and the change of places."""

from __future__ import annotations

import logging
import time
from collections import defaultdict, deque
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from collectors.correlation import labels
from collectors.correlation.corrections import NOTHING, Corrections
from collectors.correlation.history import Done, corrected, fold_history
from collectors.correlation.inserts import micros
from collectors.correlation.pace import Pace
from collectors.correlation.round import join_keys, summarise
from collectors.store.client import Store
from collectors.workflows import ledger
from collectors.workflows.definition import Definition

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Progress:
    """How far a new reading of a workflow has come with history: weeks that are read, of all.

    Then what they came to is folded: ``folded`` of so many ``portions``, of which there are none before. ``seconds_left``
    is how long the stage at hand will still take; None where nobody can say.
    """

    workflow: str
    definition: str
    done: int
    total: int
    folded: int = 0
    portions: int = 0
    seconds_left: int | None = None


@dataclass(slots=True)
class Building:
    """A reading on its way: ``began`` is the microsecond (our clock) from which on every insert passes its view.

    ``weeks`` are still to be read, of those in ``spans``, which says how many spans each has; None before they are known.
    ``folding`` goes through what was read once all of it is joined; ``late`` are keys of what arrives meanwhile. ``pace``
    is that of the stage at hand, in spans and then in portions.
    """

    definition: Definition
    began: int
    weeks: deque[str] | None = None
    spans: dict[str, int] = field(default_factory=dict)
    folding: Generator[Done] | None = None
    folded: Done = field(default_factory=lambda: Done(0, 0))
    late: set[bytes] = field(default_factory=set)
    pace: Pace | None = None

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        pace = self.pace
        return Progress(
            self.definition.workflow,
            self.definition.id,
            len(self.spans) - len(self.weeks or ()),
            len(self.spans),
            self.folded.portions,
            self.folded.total,
            None if pace is None else pace.left(time.monotonic()),
        )


@dataclass(slots=True)
class Readings:
    """Definitions by what they are good for. ``active`` maps a workflow to the one that answers.

    Those in ``leaving`` (by id, with the second of the monotonic clock since which) answered until a moment ago. They are
    kept up to date until their rows are dropped, since requests that began with them end with them, and since a workflow that
    is changed back is read by them at once. ``alone``: no other process can reach the store.
    """

    store: Store
    alone: bool = False
    active: dict[str, Definition] = field(default_factory=dict)
    building: list[Building] = field(default_factory=list)
    leaving: dict[str, tuple[Definition, float]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Definition]:
        """All definitions, those that answer or did so first."""
        yield from self.kept
        yield from (one.definition for one in self.building)

    @property
    def kept(self) -> list[Definition]:
        """Those whose instances are kept up to date."""
        return [*self.active.values(), *(definition for definition, _ in self.leaving.values())]

    @property
    def progress(self) -> list[Progress]:
        """How far those on their way have come."""
        return [one.progress for one in self.building]

    def resume(self) -> None:
        """Take up the readings that the store holds."""
        for entry in ledger.entries(self.store):
            if entry.state == "active":
                if (before := self.active.get(entry.definition.workflow)) is not None:
                    # Whoever let the later one answer ended before the other could leave.
                    self._depart(before)
                self.active[entry.definition.workflow] = entry.definition
            elif entry.state == "leaving":
                self.leaving[entry.definition.id] = entry.definition, time.monotonic() - entry.seconds
            else:
                if self.alone:
                    # All of it is read again; what was read before would stay beside it for good.
                    ledger.clear(self.store, entry.definition)
                self._begin(entry.definition)

    def follow(self) -> None:
        """Take over what another collector has finished reading or taken away, since it drops the reading before."""
        finished: defaultdict[str, dict[str, Definition]] = defaultdict(dict)
        leaving: dict[str, tuple[Definition, float]] = {}
        for entry in ledger.entries(self.store):
            if entry.state == "active":
                finished[entry.definition.workflow][entry.definition.id] = entry.definition
            elif entry.state == "leaving":
                leaving[entry.definition.id] = entry.definition, time.monotonic() - entry.seconds
        self.leaving = leaving
        for workflow, definitions in finished.items():
            active = self.active.get(workflow)
            if active is None or active.id not in definitions:
                self.active[workflow] = next(reversed(definitions.values()))
            self._leave([one for one in self.building if one.definition.id in definitions])
        for workflow, active in list(self.active.items()):
            if active.id in leaving and workflow not in finished:
                del self.active[workflow]

    def want(self, definition: Definition) -> bool:
        """Have a workflow read by this definition as soon as it has seen all of history; False: ask again later."""
        active = self.active.get(definition.workflow)
        if active is not None and active.id == definition.id:
            self._abandon(definition.workflow)
            if active != definition:
                ledger.record(self.store, definition, "active")
                self.active[definition.workflow] = definition
        elif definition.id in self.leaving:
            _, since = self.leaving[definition.id]
            if time.monotonic() - since >= ledger.LEAVING_SECONDS / 2:
                return False  # it is about to be dropped, or was in part before somebody ended: then it is read anew
            self._abandon(definition.workflow)
            self._switch(definition)
        elif definition.id not in {one.definition.id for one in self.building}:
            self._abandon(definition.workflow)
            self._begin(definition)
        return True

    def forget(self, workflows: Iterable[str]) -> None:
        """Workflows that are followed no more."""
        for workflow in workflows:
            self._abandon(workflow)
            if workflow in self.active:
                self._depart(self.active[workflow])
                del self.active[workflow]

    def let_go(self) -> None:
        """Drop the readings that have left long enough ago."""
        if not self.leaving:
            return
        for entry in ledger.entries(self.store):
            if entry.state == "leaving" and entry.seconds >= ledger.LEAVING_SECONDS:
                # From here on it is not whole, also if that is broken off.
                self.leaving[entry.definition.id] = entry.definition, float("-inf")
                ledger.retire(self.store, [entry.definition])
                self.leaving.pop(entry.definition.id)

    def read_portion(self, building: Building) -> bool:
        """Read a portion of history; true once nothing is left. Every insert before ``began`` must have ended."""
        if building.weeks is None:
            building.spans = ledger.weeks(self.store)
            building.weeks = deque(building.spans)
            building.pace = Pace(time.monotonic(), sum(building.spans.values()))
        if building.weeks:
            ledger.read_week(self.store, building.definition, building.weeks[0])
            monday = building.weeks.popleft()
            if building.pace is not None:
                building.pace.done += building.spans[monday]
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
            building.folding, building.pace = fold_history(self.store, building.definition), None
        try:
            folded = next(building.folding, None)
        except BaseException:
            building.folding = None  # it has ended and would pass for done
            raise
        if folded is None:
            self._finish(building, corrections)
            return
        building.folded = folded
        if not folded.sorting:  # which goes much faster, so that its pace would promise too much
            if building.pace is None:
                building.pace = Pace(time.monotonic(), folded.total - folded.portions)
            else:
                building.pace.done = building.pace.total - (folded.total - folded.portions)

    def stop(self) -> None:
        """Leave off what is on its way; it begins anew after the next start."""
        self._leave(self.building)

    def _finish(self, building: Building, corrections: Corrections) -> None:
        """Fold again what history can't have had whole, and let the reading answer."""
        definition = building.definition
        late = labels.labels_of(self.store, definition.id, building.late)
        # What was folded before a late one joined it to something else is part of that now.
        before = labels.ever_of(self.store, definition.id, building.late)
        again = {*late.values(), *corrected(self.store, definition, corrections)}
        summarise(self.store, definition, corrections, again, before - again)
        if ledger.gone(self.store, definition):
            # Another collector was told sooner that it is not wanted, and has dropped what we read.
            self._begin(definition)
        else:
            self._switch(definition)
        self.building.remove(building)

    def _begin(self, definition: Definition) -> None:
        ledger.begin(self.store, definition)
        self.building.append(Building(definition, micros()))

    def _abandon(self, workflow: str) -> None:
        stale = [one for one in self.building if one.definition.workflow == workflow]
        ledger.retire(self.store, (one.definition for one in stale))
        self._leave(stale)

    def _leave(self, left: Collection[Building]) -> None:
        self.building = [one for one in self.building if one not in left]
        for one in left:
            if one.folding is not None:
                one.folding.close()

    def _depart(self, definition: Definition) -> None:
        ledger.record(self.store, definition, "leaving")
        self.leaving[definition.id] = definition, time.monotonic()

    def _switch(self, definition: Definition) -> None:
        before = ledger.answer(self.store, definition)
        self.leaving.pop(definition.id, None)
        self.active[definition.workflow] = definition
        self.leaving |= {one.id: (one, time.monotonic()) for one in before}
        log.info("workflow %s is read by definition %s", definition.workflow, definition.id)
