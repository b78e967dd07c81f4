"""A made-up company for the pages: a workflow, two deadlines and invoices that went every way there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from statistics import quantiles

from fastapi import FastAPI, HTTPException, Request

from collectors.correlation.keys import key_hash
from collectors.timelines.context import Connected, Context
from collectors.timelines.filtering import Filter
from collectors.timelines.finding import SpanPlace, candidates, span_place
from collectors.timelines.flow import Flow, Hop, Stop, Variant, Variants
from collectors.timelines.fold import fold
from collectors.timelines.links import Links, Neighbour
from collectors.timelines.model import Instance, Key, Milestone
from collectors.timelines.ordering import CursorError
from collectors.timelines.reading import Hit, Page, Totals
from collectors.timelines.related import Relation
from collectors.timelines.traces import Span, SpanEvent, SpanLink
from collectors.workflows.definition import Definition, Match, Step
from policies.slas.judge import judge
from policies.slas.model import Figures, Report, Sla, Waiting
from policies.slas.report import AGEING, Band, bucket_of
from registry.access.roles import Principal, principal
from registry.crossref.check import CorrectionError, Statement, check, check_reason
from registry.crossref.models import Correction
from registry.crossref.service import statement_of
from tests.ui import catalogue
from ui.find import build
from ui.format import DAY, HOUR, MINUTE, SECOND
from ui.services import Crossref, Declared, Services

#: 2026-03-31T12:00:00Z
NOW = 1_774_958_400 * SECOND
WORKFLOW = Definition(
    workflow="invoice-to-cash",
    title="Invoice to cash",
    object="invoice",
    keys=(("stripe.invoice", "stripe.invoice.id"), ("netsuite.invoice", "ns.id"), ("invoice.number", "invoice.number")),
    steps=(
        Step("finalized", "stripe", Match(span="finalize"), title="Finalised"),
        Step("posted", "netsuite", Match(span="post"), title="Posted"),
        Step("paid", "stripe", Match(span="pay"), title="Paid"),
    ),
    dimensions=(("entity", "business.entity"), ("region", "business.region")),
    amount="invoice.amount",
    currency="invoice.currency",
    completes=frozenset({"paid"}),
)
POSTING = Sla(
    "invoice-posting",
    "invoice-to-cash",
    "finalized",
    "posted",
    15 * MINUTE,
    0.99,
    30 * DAY,
    "Invoice posting",
    "finance",
)
COLLECTION = Sla("collection", "invoice-to-cash", "finalized", "paid", 14 * DAY, 0.9, 30 * DAY, "Collection", "finance")
DECLARED = Declared(
    workflows={"invoice-to-cash": WORKFLOW},
    slas={sla.name: sla for sla in (COLLECTION, POSTING)},
    systems={"stripe": "Stripe", "netsuite": "NetSuite"},
    teams={"finance": "Finance systems"},
)


def milestone(number: int, step: str, at: int, **changes: object) -> Milestone:
    """A fact of invoice ``number``; its ids follow from the number and the step."""
    system = {"posted": "netsuite"}.get(step, "stripe")
    keys = [Key("invoice.number", f"INV-{number:05d}"), Key("stripe.invoice", f"in_1Nq8XkLkdIwHu7ix{number:05d}")]
    if step == "posted":
        keys.append(Key("netsuite.invoice", f"{90_000 + number}"))
    currency, entity, region = (("EUR", "DE01", "EMEA"), ("USD", "US01", "AMER"))[number % 2]
    fact = Milestone(
        occurred_at=at,
        step=step,
        span_id=f"{number:08x}{sum(step.encode()):08x}",
        trace_id=f"{number:032x}",
        system=system,
        status="ok",
        source="span",
        keys=tuple(keys),
        amount=f"{100 + number}.50",
        currency=currency,
        dimensions=(("entity", entity), ("region", region)),
        name=f"{system}.invoice.{step}",
        service=system,
    )
    return replace(fact, **changes)


def error(number: int, step: str, at: int, message: str) -> Milestone:
    """An attempt that failed."""
    return milestone(
        number,
        step,
        at,
        status="error",
        message=message,
        span_id=f"{at % 2**63:016x}",
        keys=(Key("invoice.number", f"INV-{number:05d}"),),
    )


def invoice(*facts: Milestone) -> Instance:
    """What the facts come to."""
    return fold(WORKFLOW, facts)


def in_time(number: int, start: int) -> Instance:
    """Posted after some seconds, paid a day later."""
    return invoice(
        milestone(number, "finalized", start),
        milestone(number, "posted", start + (20 + number % 50) * SECOND),
        milestone(number, "paid", start + DAY),
    )


def stuck(number: int, start: int) -> Instance:
    """Refused twice by NetSuite and never posted."""
    return invoice(
        milestone(number, "finalized", start),
        error(number, "posted", start + 20 * SECOND, "no answer within 30 s"),
        error(number, "posted", start + 90 * SECOND, "USER_ERROR: posting period Mar 2026 is closed"),
    )


def twice(number: int, start: int) -> Instance:
    """Posted late after a refusal, then posted once more under another id."""
    again = milestone(
        number,
        "posted",
        start + 3 * HOUR,
        span_id="f" * 16,
        keys=(Key("invoice.number", f"INV-{number:05d}"), Key("netsuite.invoice", "99999")),
    )
    return invoice(
        milestone(number, "finalized", start),
        error(number, "posted", start + MINUTE, "timeout"),
        milestone(number, "posted", start + 2 * HOUR),
        again,
        milestone(number, "paid", start + 9 * DAY),
    )


def skewed(number: int, start: int) -> Instance:
    """NetSuite's clock is two seconds behind."""
    return invoice(milestone(number, "finalized", start), milestone(number, "posted", start - 2 * SECOND))


def company() -> list[Instance]:
    """Sixty invoices over thirty days."""
    usual = [in_time(number, NOW - (number % 28 + 2) * DAY + number * MINUTE) for number in range(1, 51)]
    odd = [
        stuck(60, NOW - 3 * DAY - 4 * HOUR),
        stuck(61, NOW - 2 * HOUR),
        twice(70, NOW - 10 * DAY),
        skewed(80, NOW - HOUR),
    ]
    return [*usual, *odd, invoice(milestone(90, "finalized", NOW - 3 * MINUTE))]


class Timelines:
    """The same questions as the store answers, asked of a list."""

    def __init__(self, instances: Sequence[Instance]) -> None:
        self.instances = sorted(instances, key=lambda one: (one.started_at, one.id), reverse=True)

    def active(self) -> dict[str, Definition]:
        return {}

    def get(self, workflow: str, ident: str) -> Instance | None:
        return next(
            (
                one
                for one in self.instances
                if one.workflow == workflow and ident in {key_hash(key).hex() for key in one.keys}
            ),
            None,
        )

    def whole(self, _workflow: str, summaries: Iterable[Instance]) -> list[Instance]:
        return list(summaries)

    def page(
        self, _workflow: str, chosen: Filter, limit: int = 50, cursor: str | None = None, sort: str = "started"
    ) -> Page:
        if cursor is not None and not cursor.isdecimal():
            raise CursorError(cursor)
        found = [one for one in self.instances if passes(chosen, one)]
        found = found[::-1] if sort == "age" else found
        start = int(cursor or 0)
        rest = str(start + limit) if len(found) > start + limit else None
        return Page(tuple(found[start : start + limit]), rest)

    def walk(self, workflow: str, chosen: Filter, sort: str = "started") -> Iterator[list[Instance]]:
        yield list(self.page(workflow, chosen, 10_000, sort=sort).items)

    def count(self, _workflow: str, chosen: Filter) -> int:
        return sum(passes(chosen, one) for one in self.instances)

    def totals(self, _workflow: str, chosen: Filter) -> Totals:
        found = [one for one in self.instances if passes(chosen, one)]
        return Totals(len(found), money(found))

    def search(self, text: str, limit: int = 20) -> list[Hit]:
        text = (candidates(text) or [""])[0]
        by_key = [Hit(one, key) for one in self.instances for key in one.keys if key.value.startswith(text)]
        by_trace = [
            Hit(one, one.keys[0]) for one in self.instances if any(fact.trace_id == text for fact in one.milestones)
        ]
        return list({hit.instance.id: hit for hit in by_key or by_trace}.values())[:limit]


def way(one: Instance) -> list[str]:
    """The steps in the order in which they were reached."""
    return sorted(one.reached, key=lambda step: one.reached[step])


def passes(chosen: Filter, one: Instance) -> bool:
    """Whether a filter lets an instance through."""
    simple = [
        chosen.state in (None, one.state),
        chosen.since is None or one.started_at >= chosen.since,
        chosen.until is None or one.started_at < chosen.until,
        chosen.step is None or chosen.step in one.reached,
        chosen.missing is None or chosen.missing not in one.reached,
        all(one.dimensions.get(name) == value for name, value in chosen.dimensions.items()),
        chosen.current is None or way(one)[-1:] == [chosen.current],
        chosen.hop is None or chosen.hop in pairwise(way(one)),
        chosen.path is None or tuple(way(one)) == chosen.path,
        chosen.errors is None or bool(one.errors) == chosen.errors,
        chosen.error is None or any(chosen.error in fact.message for fact in one.milestones),
        chosen.currency is None or (one.amount is not None and one.amount.currency == chosen.currency),
        chosen.least is None or (one.amount is not None and one.amount.value >= chosen.least),
        chosen.most is None or (one.amount is not None and one.amount.value <= chosen.most),
        chosen.heard_before is None or one.last_at < chosen.heard_before,
    ]
    if chosen.deadline is None:
        return all(simple)
    sla = replace(POSTING, start=chosen.deadline.start, end=chosen.deadline.end, within=chosen.deadline.within)
    verdict = judge(sla, one.reached, one.state, chosen.now)
    start = one.reached.get(sla.start, 0)
    dated = (chosen.deadline_since or 0) <= start < (chosen.deadline_until or 2**63)
    return all(simple) and verdict is not None and dated and chosen.deadline_state in (None, verdict.state)


class Reports:
    """Reports over a list."""

    def __init__(self, instances: Sequence[Instance]) -> None:
        self.instances = instances

    def report(
        self, sla: Sla, start: int, end: int, now: int, *, by: str | None = None, chosen: Filter | None = None
    ) -> Report:
        own = [
            one
            for one in self.instances
            if passes(chosen or Filter(), one) and start <= one.reached.get(sla.start, -1) < end
        ]
        bucket = bucket_of(end - start)
        return Report(
            sla, start, end, figures(sla, own, now),
            groups=grouped(sla, own, now, lambda one: one.dimensions.get(by, "")) if by else {},
            series=grouped(sla, own, now, lambda one: one.reached[sla.start] // bucket * bucket),
            bucket=bucket,
        )  # fmt: skip

    def waiting(self, sla: Sla, now: int, *, chosen: Filter | None = None, limit: int = 50) -> list[Waiting]:
        found = [one for one in self._overdue(sla, now) if passes(chosen or Filter(), one)]
        rows = [
            Waiting(one, one.reached[sla.start], one.reached[sla.start] + sla.within, "overdue", None) for one in found
        ]
        return sorted(rows, key=lambda row: row.since)[:limit]

    def ageing(self, sla: Sla, now: int, _chosen: Filter | None = None) -> list[Band]:
        edges = (0, *AGEING, None)
        past = [(now - one.reached[sla.start] - sla.within, one) for one in self._overdue(sla, now)]
        bands = []
        for low, high in pairwise(edges):
            inside = [one for age, one in past if age >= (low or 0) and (high is None or age < high)]
            bands.append(Band(low or 0, high, len(inside), money(inside)))
        return bands

    def _overdue(self, sla: Sla, now: int) -> list[Instance]:
        return [
            one
            for one in self.instances
            if (verdict := judge(sla, one.reached, one.state, now)) and verdict.state == "overdue"
        ]


class Flows:
    """The ways of a list of instances, counted one by one."""

    def __init__(self, instances: Sequence[Instance]) -> None:
        self.instances = instances

    def flow(self, _workflow: str, chosen: Filter) -> Flow:
        found = [one for one in self.instances if passes(chosen, one)]
        hops: dict[tuple[str, str], list[int]] = {}
        stops: dict[tuple[str, str], list[Instance]] = {}
        for one in found:
            for start, end in pairwise(way(one)):
                hops.setdefault((start, end), []).append(one.reached[end] - one.reached[start])
            stops.setdefault(((way(one) or [""])[-1], one.state), []).append(one)
        return Flow(
            total=len(found),
            reached=Counter(step for one in found for step in way(one)),
            began=Counter(way(one)[0] for one in found if way(one)),
            hops=tuple(Hop(*hop, len(took), sorted(took)[len(took) // 2], max(took)) for hop, took in hops.items()),
            stops=tuple(
                Stop(*stop, len(own), money(own), min(one.last_at for one in own)) for stop, own in stops.items()
            ),
        )

    def variants(self, _workflow: str, chosen: Filter, limit: int = 20) -> Variants:
        ways: dict[tuple[str, ...], list[Instance]] = {}
        for one in self.instances:
            if passes(chosen, one):
                ways.setdefault(tuple(way(one)), []).append(one)
        ranked = sorted(ways.items(), key=lambda item: (-len(item[1]), item[0]))
        items = [
            Variant(path, len(own), sum(one.state == "completed" for one in own), DAY, money(own))
            for path, own in ranked
        ]
        return Variants(tuple(items[:limit]), len(items), sum(one.count for one in items))


class Traces:
    """What stands around the sample's traces: trace 60 continues in 61, and 62 has no object of its own."""

    def __init__(self, instances: Sequence[Instance]) -> None:
        self.instances = instances

    def context(self, trace_id: str, _span_id: str = "") -> Context:
        own = [
            Connected(one, "trace", trace_id, fact.span_id)
            for one in self.instances
            for fact in one.milestones[:1]
            if fact.trace_id == trace_id
        ]
        there = Neighbour(
            f"{61:032x}", f"{1:016x}", f"{4:016x}", True, "process invoices", "hub", "consumer", NOW - DAY + MINUTE,
            "kafka", "process", "invoices",
        )  # fmt: skip
        unknown = Neighbour("f" * 32, "e" * 16, f"{1:016x}")
        if int(trace_id, 16) != 60:
            linked = [replace(one, how="link") for one in self.context(f"{60:032x}").objects]
            return Context(Links((), ()), tuple(own or (linked if int(trace_id, 16) == 62 else ())))
        return Context(Links((unknown,), (there,)), tuple(own))

    def find(self, text: str) -> SpanPlace | None:
        place = span_place(text.strip())
        known = place and (int(place.trace_id or "0", 16) in range(1, 101) or place.span_id == f"{7:016x}")
        return SpanPlace(place.trace_id or f"{7:032x}", place.span_id) if place and known else None


def money(instances: Iterable[Instance]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for one in instances:
        if one.amount:
            sums[one.amount.currency] = sums.get(one.amount.currency, Decimal(0)) + one.amount.value
    return sums


def figures(sla: Sla, instances: Sequence[Instance], now: int) -> Figures:
    verdicts = [(one, verdict) for one in instances if (verdict := judge(sla, one.reached, one.state, now))]
    counts = {
        state: sum(verdict.state == state for _, verdict in verdicts)
        for state in ("met", "breached", "pending", "overdue")
    }
    took = sorted(verdict.seconds for _, verdict in verdicts if verdict.seconds is not None)
    cuts = quantiles([*took, *took], n=100, method="inclusive") if took else [None] * 99
    overdue = money(one for one, verdict in verdicts if verdict.state == "overdue")
    return Figures(len(verdicts), **counts, p50=cuts[49], p90=cuts[89], p99=cuts[98], waiting=overdue)


def grouped(sla: Sla, instances: Iterable[Instance], now: int, part: Callable) -> dict:
    parts: dict = {}
    for one in instances:
        parts.setdefault(part(one), []).append(one)
    return {name: figures(sla, own, now) for name, own in sorted(parts.items())}


def trace(trace_id: str) -> tuple[Span, ...]:
    """Five spans with an error inside; no other trace than of invoices is known."""
    if int(trace_id, 16) > 100:
        return ()
    number, begin = int(trace_id, 16), NOW - DAY

    def span(place: int, parent: int, name: str, length: int, **changes: object) -> Span:
        made = Span(
            trace_id, f"{place:016x}", f"{parent:016x}" if parent else "", name, "internal", "billing",
            begin + place * MILLI, length * MILLI, "ok", "", {"invoice.number": f"INV-{number:05d}"}, {"service.name": "billing"}, "", (), (),
        )  # fmt: skip
        return replace(made, **changes)

    tagged = SpanEvent(begin + 3 * MILLI, "exception", {"exception.message": "<b>refused</b>"})
    return (
        span(1, 0, "finalize invoice", 900),
        span(2, 1, "load", 100),
        span(3, 1, "post to NetSuite", 400, status="error", status_message="refused", events=(tagged,)),
        span(4, 3, "POST /invoice", 350, service="netsuite", links=(SpanLink("0" * 31 + "2", "0" * 16, {}),)),
        span(5, 99, "orphan", 10),
    )


MILLI = 1_000_000


def relations(instances: Sequence[Instance], one: Instance) -> list[Relation]:
    """Every invoice has two others of the same currency, by a subscription that all of them have."""
    others = tuple(
        other for other in instances if other.id != one.id and other.amount and other.amount.currency == "EUR"
    )
    return (
        [Relation("shares", Key("stripe.subscription", "sub_1"), one.workflow, len(others), others[:2])]
        if others
        else []
    )


class Corrections:
    """Corrections in a list, said by anyone."""

    def __init__(self) -> None:
        self.rows: list[Correction] = []

    @property
    def gateway(self) -> Crossref:
        return Crossref(standing=lambda _: self.rows, say=self.say, take_back=self.take_back)

    def say(self, who: Principal, workflow: str, said: Sequence[Statement], reason: str) -> None:
        told = check_reason(reason)
        for one in said:
            check(workflow, {kind: True for kind, _ in WORKFLOW.keys}, one, [statement_of(row) for row in self.rows])
            number = len(self.rows) + 1
            self.rows.append(
                Correction(
                    id=f"c{number}", workflow=workflow, action=one.action, key_type=one.key.type, key_value=one.key.value,
                    other_type=one.other.type, other_value=one.other.value, reason=told, created_by=who.name,
                    created_at=datetime(2026, 3, 31, 9, number, tzinfo=UTC),
                )
            )  # fmt: skip

    def take_back(self, _who: Principal, workflow: str, ident: str) -> None:
        kept = [row for row in self.rows if row.id != ident]
        if len(kept) == len(self.rows):
            raise CorrectionError(f"workflow {workflow!r} has no correction {ident!r} (any more)")
        self.rows = kept


def services(
    instances: Sequence[Instance] | None = None, *, declared: Declared = DECLARED, role: str = "finance", now: int = NOW
) -> Services:
    """The sample behind the pages; whoever sends the header ``x-nobody`` is not signed in."""
    own = company() if instances is None else instances
    person = principal("Ada Finance", role)

    def requires(permission: str | None) -> Callable[[Request], Principal]:
        def check(request: Request) -> Principal:
            if "x-nobody" in request.headers:
                raise HTTPException(401, "say who you are")
            if permission and permission not in person.permissions:
                raise HTTPException(403, f"the role {role} does not allow {permission}")
            return person

        return check

    return Services(
        clock=lambda: now,
        requires=requires,
        visitor=lambda request: None if "x-nobody" in request.headers else person,
        declared=lambda: declared,
        timelines=lambda: Timelines(own),
        reports=lambda: Reports(own),
        flows=lambda: Flows(own),
        traces=lambda: Traces(own),
        trace=trace,
        related=lambda one: relations(own, one),
        building=lambda: (),
        crossref=Corrections().gateway,
        database=catalogue.database(),
        applied=lambda _kinds: None,
        usage=lambda: catalogue.usage(now),
    )


def app(chosen: Services | None = None) -> FastAPI:
    """The pages over the sample, errors as pages."""
    site, router = build(chosen or services())
    made = FastAPI(openapi_url=None)
    made.include_router(router)

    def http(request: Request, problem: HTTPException) -> object:
        return site.error(request, problem.status_code, problem.detail)

    made.add_exception_handler(404, http)
    made.add_exception_handler(HTTPException, http)
    return made
