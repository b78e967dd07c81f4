"""The thread that correlates: it builds new readings of workflows and joins what arrives, one round after another."""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from opentelemetry import trace

from collectors.correlation import feed, versions
from collectors.correlation.applied import Applied
from collectors.correlation.corrections import Corrections
from collectors.correlation.inserts import Inserts, micros
from collectors.correlation.place import MICROSECONDS, OVERLAP_SECONDS, Place
from collectors.correlation.readings import Progress, Readings
from collectors.correlation.round import correlate
from collectors.correlation.wanted import Reading, Wanted
from collectors.store.client import Store, StoreError
from collectors.workflows.definition import Definition

log = logging.getLogger(__name__)
_tracer = trace.get_tracer("controlplane")

#: Feed entries that one round takes at most.
ROUND = 20_000
#: How often the feed is looked at when nothing was inserted by this process: other collectors insert too.
IDLE_SECONDS = 5.0
#: How often it is written down how far we are when nothing arrives; others take us for gone after a few minutes.
RECORD_SECONDS = 60.0
#: An insert of more bytes is taken to hold milestones without a search for them.
SEARCHED_BYTES = 1_000_000
#: How often a second look is taken at what arrived while other collectors were at work.
SWEEP_SECONDS = 30.0
#: No insert of another collector, or of ours whose answer was lost, runs longer than this.
STATEMENT_SECONDS = 30.0
#: What bears a time so far ahead of the store's clock was stamped before that was put back, and has been dealt with.
AHEAD_SECONDS = 60
#: How often a collector looks whether another one has finished a reading.
FOLLOW_SECONDS = 2.0


@dataclass(slots=True)
class Correlator:
    """Keeps instances up to date with the milestones in the store.

    ``active`` maps a workflow to the definition that answers questions; a changed definition takes its place only after
    it has read all of history. ``alone``: no other process can reach the store.
    """

    store: Store
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    alone: bool = False
    _readings: Readings = field(init=False)
    _wanted: Wanted = field(default_factory=Wanted)
    _applied: Applied = field(default_factory=Applied)
    _place: Place = field(default_factory=Place)
    _wake: threading.Event = field(default_factory=threading.Event)
    _stopping: bool = False
    _inserts: Inserts = field(default_factory=Inserts)
    _others: bool = False
    _key_names: frozenset[bytes] = frozenset()
    _recorded: float = 0.0
    _thread: threading.Thread | None = None
    _swept: float = 0.0
    _followed: float = 0.0
    _turn: threading.RLock = field(default_factory=threading.RLock)
    _declared: frozenset[str] | None = None
    rounds: int = 0
    facts: int = 0

    def __post_init__(self) -> None:
        """Keep readings in the same store."""
        self._readings = Readings(self.store, alone=self.alone)

    @property
    def active(self) -> dict[str, Definition]:
        """Workflow -> the definition whose instances answer; none for a workflow that is declared no more."""
        declared = self._declared
        return {name: one for name, one in self._readings.active.items() if declared is None or name in declared}

    @property
    def building(self) -> list[Progress]:
        """The readings that are still going through history."""
        return self._readings.progress

    @property
    def lag_seconds(self) -> float:
        """How far the correlated state is behind the present; 0 when nothing waits."""
        place = self._place
        behind = micros() + place.behind - place.cursor
        return 0.0 if place.cursor == 0 else max(0.0, behind / MICROSECONDS - OVERLAP_SECONDS - IDLE_SECONDS)

    def start(self) -> None:
        """Take up the readings that the store holds and begin to work in a thread of its own."""
        self.resume()
        self._thread = threading.Thread(target=self._run, name="correlator", daemon=True)
        self._thread.start()

    def resume(self) -> None:
        """Take up the readings that the store holds."""
        self._place.begin(feed.start_of(self.store))
        # Before it does anything, others have to know that there is somebody whose work they may have to finish.
        feed.record(self.store, self.name, self._place.cursor)
        versions.resume(self.store)
        self._readings.resume()

    def stop(self) -> None:
        """Deal with what is stored, then end the thread."""
        self._stopping = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def define(self, definitions: Iterable[Definition], corrections: Mapping[str, Corrections] | None = None) -> None:
        """Say how workflows are to be read from now on; takes effect in the correlator's own time.

        ``corrections`` maps a workflow to what people put right in it.
        """
        self._wanted.ask(Reading({definition.workflow: definition for definition in definitions}, corrections or {}))
        self._wake.set()

    def doubt(self, taken_back: Mapping[str, Corrections]) -> None:
        """Say, before the start, what people took back: whoever ended just then may have left its joins behind."""
        self._applied.doubt(taken_back)

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        """Between two rounds: nothing that was read before is written from here on."""
        with self._turn:
            yield

    def settle(self, seconds: float) -> bool:
        """Wait until what was defined last is taken into account; False if that takes longer than ``seconds``.

        A changed definition is then being read, and corrections show in the instances that they touch.
        """
        return self._wanted.settle(seconds)

    def corrections(self, workflow: str) -> Corrections:
        """What people put right in a workflow, as far as it is taken into account."""
        return self._applied.of(workflow)

    def inserting(self) -> int:
        """Tell that an insert begins; give the ticket to :meth:`inserted` when it has ended, well or badly."""
        return self._inserts.begin()

    def inserted(self, ticket: int, *, data: bytes | None = None, surely: bool = True) -> None:
        """Tell that an insert has ended, and of which data; not ``surely`` if its answer was lost and it may go on still."""
        self._inserts.end(ticket, hold=0.0 if surely else STATEMENT_SECONDS)
        # A milestone has a key, so data in which no key is named has none, and there is nothing to look for.
        if data is None or len(data) > SEARCHED_BYTES or any(name in data for name in self._key_names):
            self._wake.set()

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(IDLE_SECONDS)
            self._wake.clear()
            try:
                self.work()
            except StoreError as error:
                # The cursor stays where it is, so nothing is lost: the same entries are read again.
                log.warning("correlation waits for the store: %s", error)
                time.sleep(1.0)
                self._wake.set()
            except Exception:
                log.exception("correlation failed on this round and will try it again")
                time.sleep(1.0)
                self._wake.set()
        try:
            self.work()
            self._readings.stop()
        except StoreError as error:
            log.warning("correlation goes on after the next start: %s", error)

    def work(self) -> None:
        """Do all that there is to do: new definitions, history, the feed."""
        self._follow()
        self._take_definitions()
        self._catch_up()
        while self._readings.building and not self._stopping:
            self._build_some()
            self._follow()
            self._take_definitions()
            self._catch_up()
        with self._turn:
            self._readings.let_go()
        self._key_names = frozenset(name.encode() for reading in self._readings for _, name in reading.keys)

    def _follow(self) -> None:
        """Take over what another collector has finished reading, since it drops the reading before."""
        if self.alone or (self._wanted.latest() is None and time.monotonic() - self._followed < FOLLOW_SECONDS):
            return
        self._followed = time.monotonic()
        self._readings.follow()

    def _take_definitions(self) -> None:
        latest = self._wanted.latest()
        if latest is None:
            return
        wanted, number = latest
        with self._turn:
            self._applied.change(self.store, self._readings, wanted.corrections)
            if self._declared is not None:
                self._readings.forget(self._declared - wanted.definitions.keys())
            # What was taken away while nobody was at work is only passed over: it may be another registry's.
            self._declared = frozenset(wanted.definitions)
            taken = [self._readings.want(definition) for definition in wanted.definitions.values()]
        # Only now: what the store could not take yet is tried again.
        if all(taken):
            self._wanted.done(number)

    def _build_some(self) -> None:
        building = self._readings.building[0]
        if building.weeks is None and not self._settled(building.began):
            time.sleep(0.02)
        elif building.folding is not None or self._readings.read_portion(building):
            self._catch_up()
            with self._turn:
                self._readings.fold_portion(building, self.corrections(building.definition.workflow))

    def _settled(self, began: int) -> bool:
        """Whether every insert that began before the view was there has ended, so that history has its spans."""
        if self._inserts.low_water() < began:
            return False
        return not self._others or micros() - began > STATEMENT_SECONDS * MICROSECONDS

    def _synchronise(self) -> None:
        """Learn what the store's clock says, and whether other collectors work on the store.

        An embedded store belongs to this process alone and has its clock. Ours is read after the store has answered, so
        that the store's present is never taken for later than it is.
        """
        if self.alone:
            now = time.time_ns() // 1_000
        else:
            now, self._others = feed.present(self.store, self.name)
        ours = micros()
        under_way = self._others or self._inserts.low_water() < ours
        back = self._place.synchronise(ours, now, int(STATEMENT_SECONDS * MICROSECONDS) if under_way else 0)
        if back > MICROSECONDS:
            log.warning("the store's clock was put back by %.1f seconds", back / MICROSECONDS)
            self._read_on(feed.NEVER, feed.NEVER)  # what it stamped before
            # Of what is written down under one name only the latest time counts.
            self.name = secrets.token_hex(8)
        self._place.back(back)

    def _catch_up(self) -> None:
        """Deal with the feed up to the present, in the store's time."""
        self._synchronise()
        place = self._place
        present = self._inserts.low_water() + place.behind
        if time.monotonic() - self._swept > SWEEP_SECONDS:
            self._swept = time.monotonic()
            place.mark(again=self._others, before=present - int(2 * SWEEP_SECONDS * MICROSECONDS))
        low_water = self._inserts.low_water() + place.behind
        idle = self._read_on(low_water, micros() + place.behind + AHEAD_SECONDS * MICROSECONDS)
        self._record(place.reached(low_water, micros()), RECORD_SECONDS if idle else 1.0)

    def _read_on(self, low_water: int, until: int) -> bool:
        """Deal with what was received ``until`` then, as far as it is not dealt with; whether there was nothing."""
        place = self._place
        after = (place.start, 0)
        if place.done:
            after = feed.beyond(self.store, after, place.done, ROUND, until)
        idle = True
        while entries := feed.read(self.store, after, ROUND, until):
            fresh = [entry for entry in entries if (entry.received_at, entry.fact) not in place.done]
            self._round(fresh)
            idle = idle and not fresh
            place.remember(fresh, low_water)
            after = (entries[-1].received_at, entries[-1].fact)
            if after[0] > low_water:
                # Enough for now, however fast more arrives: how far we are shows only in between.
                self._wake.set()
                break
            self._record(place.cursor, 1.0)
        return idle

    def _record(self, upto: int, pause: float) -> None:
        if time.monotonic() - self._recorded > pause:
            feed.record(self.store, self.name, upto)
            self._recorded = time.monotonic()

    def _round(self, entries: list[feed.Entry]) -> None:
        if not entries:
            return
        with (
            self._turn,
            _tracer.start_as_current_span("correlate", attributes={"controlplane.milestones": len(entries)}),
        ):
            self._join(entries)
        self.rounds += 1
        self.facts += len(entries)

    def _join(self, entries: list[feed.Entry]) -> None:
        edges: defaultdict[str, list[tuple[bytes, ...]]] = defaultdict(list)
        for entry in entries:
            edges[entry.definition].append(entry.keys)
        for definition in self._readings.kept:
            if own := edges.get(definition.id):
                correlate(self.store, definition, own, self.corrections(definition.workflow), others=self._others)
        for building in self._readings.building:
            if own := edges.get(building.definition.id):
                self._readings.join(building, own, self.corrections(building.definition.workflow))
