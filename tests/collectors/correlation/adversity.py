"""A life of several collectors on one store in which everything goes wrong, and what must come of it all the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from collectors.correlation import correlator as module
from collectors.correlation.corrections import NOTHING, Corrections
from collectors.correlation.correlator import Correlator
from collectors.correlation.keys import key_hash
from collectors.expiry import expire
from collectors.ingest import insert_settings
from collectors.store.client import Store, StoreUnavailable
from collectors.timelines.filtering import Filter
from collectors.timelines.flow import Flows
from collectors.timelines.fold import fold
from collectors.timelines.model import Instance, Key, Milestone
from collectors.timelines.reading import Timelines
from collectors.timelines.weeks import week_of
from collectors.workflows import ledger
from collectors.workflows.definition import Definition
from tests.collectors.correlation.test_components import plain_components
from tests.collectors.correlation.test_correlator import DEFINITION
from tests.collectors.spans import SECOND, T0, SpanData, body

WORKFLOW = DEFINITION.workflow
CHANGED = replace(DEFINITION, object="bill")
NAMES = {"billing": "billing.id", "number": "invoice.number", "erp": "erp.id"}
STEPS = {"invoice.finalized": "finalized", "invoice.posted": "posted", "invoice.paid": "paid"}
DAY = 86_400
#: Spans are of five weeks, of which two may be over.
OVER = T0 + (13 - 5) * DAY * SECOND - 8 * 3_600 * SECOND


def span(plan: Random, ident: int) -> SpanData:
    """One of few ids, of few times, so that most has to do with one another."""
    named = {name: f"{plan.randint(1, 5)}" for name in NAMES.values() if plan.random() < 0.5}
    return SpanData(
        plan.choice(list(STEPS)),
        ident,
        start=plan.randint(0, 35) * DAY + plan.randint(0, 3),
        error=plan.random() < 0.15,
        attributes={"amount": f"{plan.randint(1, 9)}.10", "currency": plan.choice(("EUR", "USD")), **named},
    )


def milestone(span: SpanData) -> Milestone | None:
    """What a span says to the workflow; None if that is nothing."""
    keys = tuple(Key(kind, str(span.attributes[name])) for kind, name in NAMES.items() if name in span.attributes)
    step = STEPS[span.name]
    if not keys or (span.error and step == "posted"):
        return None
    return Milestone(
        occurred_at=T0 + round(span.start * SECOND),
        step=step,
        span_id=span.span_id.hex(),
        trace_id=span.trace_id.hex(),
        system={"posted": "erp"}.get(step, "billing"),
        status="error" if span.error else "ok",
        source="span",
        keys=keys,
        amount=str(span.attributes["amount"]),
        currency=str(span.attributes["currency"]),
    )


def plain(spans: Sequence[SpanData], corrections: Corrections) -> list[tuple[Instance, list[SpanData]]]:
    """Each instance and its spans, by merging sets until nothing changes and folding all of each at once."""
    facts = []
    for one in spans:
        if (fact := milestone(one)) is not None:
            by_hash = {key_hash(key): key for key in fact.keys}
            kept = corrections.joining(tuple(by_hash))
            facts.append((replace(fact, keys=tuple(sorted(by_hash[key] for key in kept))), kept, one))
    roots = plain_components([*(kept for _, kept, _ in facts), *corrections.edges])
    groups: defaultdict[bytes, list[tuple[Milestone, SpanData]]] = defaultdict(list)
    for fact, kept, one in facts:
        groups[roots[kept[0]]].append((fact, one))
    return [
        (fold(DEFINITION, [fact for fact, _ in group], corrections), [one for _, one in group])
        for group in groups.values()
    ]


def told(one: Instance) -> tuple[Any, ...]:
    amount = one.amount and (one.amount.value.normalize(), one.amount.currency)
    times = one.started_at, one.ended_at, one.last_at
    return one.id, one.state, times, amount, one.keys, sorted(one.reached.items()), one.errors


def expected(instances: Sequence[Instance]) -> dict[str, Any]:
    """All that lists, sums and flows say."""
    money: Counter[str] = Counter()
    hops: Counter[tuple[str, str]] = Counter()
    places = list(STEPS.values())
    for one in instances:
        if one.amount is not None:
            money[one.amount.currency] += one.amount.value  # type: ignore[assignment] # decimals add up as well
        way = sorted(one.reached, key=lambda step: (one.reached[step], places.index(step)))
        hops.update(pairwise(way))
    return {
        "instances": sorted(map(told, instances)),
        "weeks": Counter((week_of(one.started_at), one.state) for one in instances),
        "count": len(instances),
        "money": {currency: Decimal(value) for currency, value in money.items()},
        "hops": hops,
    }


def observed(store: Store, correlator: Correlator) -> dict[str, Any]:
    """The same as the store has it."""
    timelines = Timelines(store, lambda: correlator.active, correlator.corrections)
    items = timelines.page(WORKFLOW, Filter(), 500).items
    totals = timelines.totals(WORKFLOW, Filter())
    weeks = store.query(
        "SELECT week, toString(state), count() FROM instances_by_week FINAL WHERE gone = 0 AND definition = {d:String} GROUP BY ALL",
        {"d": correlator.active[WORKFLOW].id},
    )
    flow = Flows(store, lambda: correlator.active).flow(WORKFLOW, Filter())
    whole = timelines.whole(WORKFLOW, items)
    assert sorted(map(told, whole)) == sorted(map(told, items)), "a list and its timelines say different things"
    return {
        "instances": sorted(map(told, items)),
        "weeks": Counter({(week, state): count for week, state, count in weeks}),
        "count": totals.count,
        "money": dict(totals.amounts),
        "hops": Counter({(hop.start, hop.end): hop.count for hop in flow.hops}),
    }


@dataclass
class Life:
    """Collectors that work, end and come again, and what the world does meanwhile; all by one plan."""

    store: Store
    plan: Random
    collectors: int
    spans: list[SpanData]
    stored: list[SpanData] = field(default_factory=list)
    definition: Definition = DEFINITION
    corrections: Corrections = NOTHING
    ever: tuple[set[Any], set[Any]] = field(default_factory=lambda: (set(), set()))
    workers: list[Correlator] = field(default_factory=list)
    ended: int = 0
    _armed: int = 0
    _within: int = 0

    def __post_init__(self) -> None:
        self.settings = insert_settings(self.store)
        self.workers = [self.newcomer() for _ in range(self.collectors)]

    def newcomer(self) -> Correlator:
        """A collector as a server starts it."""
        made = Correlator(self.store, alone=self.collectors == 1)
        made.doubt({WORKFLOW: Corrections(*map(frozenset, self.ever))})
        made.define([self.definition], {WORKFLOW: self.corrections})
        made.resume()
        return made

    def deliver(self) -> None:
        sent = self.plan.sample(self.spans, k=self.plan.randint(1, 4))
        self.store.insert_raw("otlp_landing", body(sent), "ProtobufSingle", self.settings)
        known = {one.ident for one in self.stored}
        self.stored += [one for one in sent if one.ident not in known]

    def work(self, place: int, end: float = 0.0, overtake: float = 0.0) -> None:
        """Let one work; it may end at any of its writes, and others may do all their work before any."""
        self._within += 1
        armed, self._armed = self._armed, self.plan.randint(1, 14) if self.plan.random() < end else 0
        try:
            with self._breaking(place, overtake):
                self.workers[place].work()
        except StoreUnavailable:
            self.ended += 1
            if self.plan.random() < 0.7:
                self._armed = 0
                self.workers[place] = self.newcomer()
        finally:
            self._armed = armed
            self._within -= 1

    @contextmanager
    def _breaking(self, place: int, overtake: float) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patched:
            for name in ("insert", "command"):
                patched.setattr(self.store, name, self._hooked(getattr(self.store, name), place, overtake))
            yield

    def _hooked(self, call: Any, place: int, overtake: float) -> Any:
        def hooked(*given: Any, **named: Any) -> Any:
            if self._within == 1 and self.plan.random() < overtake:
                others = [other for other in range(self.collectors) if other != place]
                if self.plan.random() < 0.5:
                    self.deliver()
                if others:
                    self.work(self.plan.choice(others), end=0.3)
            self._armed -= 1
            last, after = self._armed == 0, self.plan.random() < 0.5
            if last and not after:
                raise StoreUnavailable("ended before")
            found = call(*given, **named)
            if last:
                raise StoreUnavailable("ended after")
            return found

        return hooked

    def correct(self) -> None:
        """People say which ids are the same and which are not, or take it back."""
        keys = [Key(kind, str(number)) for kind in NAMES for number in range(1, 6)]
        pairs = [{tuple(self.plan.sample(keys, k=2)) for _ in range(self.plan.randint(0, 2))} for _ in range(2)]
        for said, now in zip(self.ever, pairs, strict=True):
            said.update(now)
        self.corrections = Corrections(*map(frozenset, pairs))
        self.tell()

    def change(self) -> None:
        self.definition = CHANGED if self.definition == DEFINITION else DEFINITION
        self.tell()

    def tell(self) -> None:
        for worker in self.workers:
            worker.define([self.definition], {WORKFLOW: self.corrections})

    def restart(self) -> None:
        place = self.plan.randrange(self.collectors)
        self.workers[place] = self.newcomer()

    def expire(self) -> None:
        """Long after, when all is dealt with and the feed is forgotten, what was over goes; perhaps not at once."""
        self.settle()
        self.store.define("TRUNCATE TABLE milestone_feed")
        for worker in self.workers:
            worker._place.done.clear()
        if self.plan.random() < 0.5:
            self._armed = self.plan.randint(1, 12)
            with self._breaking(0, 0.0):
                try:
                    expire(self.store, OVER)
                except StoreUnavailable:
                    self.ended += 1
            self._armed = 0
        expire(self.store, OVER)
        over = [
            {one.ident for one in spans}
            for instance, spans in plain(self.stored, self.corrections)
            if instance.state != "running" and instance.last_at < OVER
        ]
        self.stored = [one for one in self.stored if not any(one.ident in idents for idents in over)]

    def settle(self) -> None:
        """Nothing happens any more, and all that are there have looked again."""
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(module, "SWEEP_SECONDS", 0.0)
            for _ in range(3):
                for worker in self.workers:
                    worker.work()
        assert {worker.active[WORKFLOW].id for worker in self.workers} == {self.definition.id}

    def check(self) -> None:
        """What all collectors say is what comes of everything at once."""
        instances = [instance for instance, _ in plain(self.stored, self.corrections)]
        for worker in self.workers:
            found, wanted = observed(self.store, worker), expected(instances)
            # One after another: to explain how all of it differs would take minutes.
            for what, value in wanted.items():
                assert found[what] == value, what


@contextmanager
def quick() -> Iterator[None]:
    """Nobody waits for anything here."""
    with pytest.MonkeyPatch.context() as patched:
        for name in ("STATEMENT_SECONDS", "FOLLOW_SECONDS"):
            patched.setattr(module, name, 0.0)
        patched.setattr(ledger, "LEAVING_SECONDS", 0.0)
        yield


def live(store: Store, seed: int, collectors: int, actions: int = 14) -> Life:
    """A whole life by the plan of a seed."""
    plan = Random(seed)
    with quick():
        life = Life(store, plan, collectors, [span(plan, ident) for ident in range(1, plan.randint(6, 22))])
        life.settle()
        for _ in range(actions):
            what = plan.random()
            if what < 0.5:
                life.deliver()
            elif what < 0.6:
                life.correct()
            elif what < 0.66:
                life.change()
            elif what < 0.72:
                life.restart()
            elif what < 0.78:
                life.expire()
            life.work(plan.randrange(collectors), end=0.5, overtake=0.2 if collectors > 1 else 0.0)
        life.settle()
        life.check()
    return life
