"""A made-up company: a workflow, two deadlines and invoices that went every way there is."""

from __future__ import annotations

from dataclasses import replace

from collectors.timelines.fold import fold
from collectors.timelines.model import Instance, Key, Milestone
from collectors.workflows.definition import Definition, Match, Settles, Step
from policies.slas.model import Sla
from ui.format import DAY, HOUR, MINUTE, SECOND
from ui.services import Declared

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
#: The same where payments are parts.
SETTLING = replace(
    WORKFLOW,
    steps=(*WORKFLOW.steps[:2], replace(WORKFLOW.steps[2], settles=Settles("payment.amount"), repeatable=True)),
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


def error(number: int, step: str, at: int, message: str, kind: str = "") -> Milestone:
    """An attempt that failed."""
    return milestone(
        number,
        step,
        at,
        status="error",
        message=message,
        error_type=kind,
        span_id=f"{at % 2**63:016x}",
        keys=(Key("invoice.number", f"INV-{number:05d}"),),
    )


def invoice(*facts: Milestone) -> Instance:
    """What the facts come to."""
    return fold(WORKFLOW, facts)


def paid(number: int, start: int, *parts: str) -> Instance:
    """Posted at once, and a part paid each day."""
    facts = [
        milestone(number, "paid", start + day * DAY, amount=part, span_id=f"{day:016x}")
        for day, part in enumerate(parts, 1)
    ]
    posted = milestone(number, "posted", start + MINUTE)
    return fold(SETTLING, [milestone(number, "finalized", start), posted, *facts])


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
        error(number, "posted", start + 20 * SECOND, "no answer within 30 s", "java.net.SocketTimeoutException"),
        error(number, "posted", start + 90 * SECOND, "USER_ERROR: posting period Mar 2026 is closed", "USER_ERROR"),
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
