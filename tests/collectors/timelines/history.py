"""A workflow and its instances for tests of lists and flows, written to the store as summaries and as facts."""

from __future__ import annotations

from collections.abc import Sequence

from collectors.correlation.keys import key_hash
from collectors.correlation.round import correlate
from collectors.store.client import Store
from collectors.timelines.fold import fold
from collectors.timelines.model import Instance, Key, Milestone
from collectors.timelines.reading import Timelines
from collectors.workflows.definition import Definition, Match, Step

SECOND = 1_000_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
#: 2026-05-16T08:00:00Z
NOW = 1_778_918_400 * SECOND
STEPS = ("finalized", "posted", "paid", "voided")
DEFINITION = Definition(
    workflow="invoice-to-cash",
    object="invoice",
    keys=(("invoice", "invoice.id"), ("number", "invoice.number")),
    steps=tuple(Step(name, "netsuite" if name == "posted" else "stripe", Match(span=name)) for name in STEPS),
    dimensions=(("entity", "business.entity"),),
    amount="invoice.amount",
    currency="invoice.currency",
    completes=frozenset({"paid"}),
    fails=frozenset({"voided"}),
)


def milestone(number: int, step: str, at: int, **fields: object) -> Milestone:
    """Invoice ``number`` came to a step."""
    given: dict[str, object] = {
        "status": "ok",
        "system": "stripe",
        "source": "span",
        "keys": (Key("invoice", f"in_{number}"), Key("number", f"INV-{number:04}")),
        "dimensions": (("entity", f"DE0{number % 2}"),),
        **fields,
    }
    return Milestone(
        occurred_at=at,
        step=step,
        span_id=f"{number * 100 + STEPS.index(step):016x}",
        trace_id=f"{number:032x}",
        **given,  # type: ignore[arg-type] # fields of a milestone by their names
    )


def invoice(
    number: int, start: int, steps: Sequence[tuple[str, int]], amount: str = "", currency: str = "EUR"
) -> Instance:
    """Invoice ``number`` that reached each step so many nanoseconds after ``start``."""
    facts = [milestone(number, step, start + after, amount=amount, currency=currency) for step, after in steps]
    return fold(DEFINITION, facts)


def write(store: Store, instances: Sequence[Instance]) -> Timelines:
    """Keep the milestones of instances, correlate them, and read the outcome."""
    facts = [fact for one in instances for fact in one.milestones]
    store.insert("milestones", [_row(fact) for fact in facts], _COLUMNS)
    correlate(store, DEFINITION, [tuple(key_hash(key) for key in fact.keys) for fact in facts])
    return Timelines(store, lambda: {DEFINITION.workflow: DEFINITION})


_COLUMNS = (
    "definition", "anchor", "occurred_at", "step", "trace_id", "span_id", "system", "status", "source", "keys",
    "amount", "currency", "dimensions", "name", "service", "message", "duration", "error_type",
)  # fmt: skip


def _row(fact: Milestone) -> list[object]:
    return [
        DEFINITION.id,
        min(key_hash(key) for key in fact.keys),
        fact.occurred_at,
        fact.step,
        bytes.fromhex(fact.trace_id),
        bytes.fromhex(fact.span_id),
        fact.system,
        fact.status,
        fact.source,
        [tuple(key) for key in fact.keys],
        fact.amount,
        fact.currency,
        list(fact.dimensions),
        fact.name,
        fact.service,
        fact.message,
        fact.duration,
        fact.error_type,
    ]
