"""An invoice's whole way: finalised, handed over, posted, paid, applied, told to the CRM; or only part of it."""

from __future__ import annotations

from controlplane.demo.company import Customer
from controlplane.demo.hooks import webhook
from controlplane.demo.model import MILLISECOND, MINUTE, SECOND, Happening, Story
from controlplane.demo.payments import paid
from controlplane.demo.posting import QUEUE, Invoice, Posted, posted
from controlplane.demo.tale import NETSUITE_HOST, Call, Sent, Tale
from controlplane.demo.trace import Request
from controlplane.demo.world import HUB, World

_BILLING_QUEUE = "billing.invoices"


def invoice_story(world: World, ordinal: int, customer: Customer, at: int) -> Story:
    """The story of the invoice that is finalised at ``at``; ``ordinal`` is unique in the company."""
    dice = world.dice("invoice", ordinal)
    tale = Tale(world, dice, customer)
    invoice = Invoice(
        number=f"NW{customer.entity.country}-{ordinal}",
        stripe_id=f"in_1{dice.letters(23)}",
        netsuite_id=str(ordinal * 4),
        second_netsuite_id=str(ordinal * 4 + 1),
        netsuite_payment=str(ordinal * 4 + 2),
        payment_intent=f"pi_3{dice.letters(23)}",
        amount=customer.gross,
        currency=customer.entity.currency,
        customer=customer,
    )
    posting = _delivered(tale, invoice, at)
    if dice.chance(0.008):
        _voided(tale, invoice, at + dice.wait(18 * 3_600, 0.6), posting)
    else:
        paid(tale, invoice, at, posting)
    return Story("invoice", invoice.number, tuple(sorted(tale.hops, key=lambda hop: hop.ready_at)))


def _delivered(tale: Tale, invoice: Invoice, at: int) -> Posted | None:
    """From Stripe to the ledger; one event in seventy comes twice, and not every copy is recognised as one."""
    dice = tale.dice
    event_id = f"evt_1{dice.letters(23)}"
    about = {
        **tale.business,
        **invoice.money,
        "stripe.invoice.id": invoice.stripe_id,
        "stripe.subscription.id": invoice.customer.stripe_subscription,
    }
    message = webhook(
        tale, at, "invoice.finalized", "stripe.invoice.finalized", about, queue=_BILLING_QUEUE, event_id=event_id
    )
    handed = _handed_over(tale, invoice, message)
    posting = posted(tale, invoice, handed) if handed else None
    if dice.chance(0.014):
        copy = webhook(
            tale,
            at + dice.wait(3 * MINUTE / SECOND, 0.6),
            "invoice.finalized",
            "stripe.invoice.finalized",
            about,
            queue=_BILLING_QUEUE,
            event_id=event_id,
        )
        _second_copy(tale, invoice, copy)
    return posting


def _handed_over(tale: Tale, invoice: Invoice, message: Sent) -> Sent | None:
    """The hub's part. None where the invoice gets lost: in the queue before it, by a rule, or in the queue behind."""
    dice = tale.dice
    fate = dice.pick({"queue": 0.002, "rule": 0.003, "behind": 0.002, "": 0.993})
    if fate == "queue":
        return None
    trace = tale.trace(HUB)
    start = message.at + dice.wait(2.5, 0.8)
    cursor = start + dice.brief(2, 6)
    number = {"invoice.number": invoice.number}
    if fate == "rule":
        end = cursor + 4 * MILLISECOND
        why = Happening("message.dropped", cursor, {"reason": "no routing rule for the product", **number})
        trace.add("route invoice", "internal", cursor, end, number, events=(why,))
        trace.consumed(_BILLING_QUEUE, start, end, message.origin, number)
        tale.add(trace)
        return None
    end = cursor + dice.brief(25, 60)
    milestone = trace.child()
    about = {**tale.business, **invoice.money, "stripe.invoice.id": invoice.stripe_id}
    trace.add("hub.invoice.handover", "internal", cursor, end, about, context=milestone)
    cursor = trace.queried("INSERT", "handovers", cursor + MILLISECOND, parent=milestone)
    origin = trace.produced(QUEUE, cursor, number, parent=milestone)
    trace.consumed(_BILLING_QUEUE, start, end + 2 * MILLISECOND, message.origin, number)
    tale.add(trace)
    return None if fate == "behind" else Sent(origin, end)


def _second_copy(tale: Tale, invoice: Invoice, message: Sent) -> None:
    """Most copies are recognised by the event's id; some are handed over and posted a second time."""
    if tale.dice.chance(0.2):
        handed = _handed_over(tale, invoice, message)
        if handed:
            posted(tale, invoice, handed, again=True)
        return
    trace = tale.trace(HUB)
    start = message.at + tale.dice.wait(2.5, 0.8)
    cursor = trace.queried("SELECT", "seen_events", start + 2 * MILLISECOND)
    number = {"invoice.number": invoice.number}
    trace.add(
        "drop duplicate",
        "internal",
        cursor,
        cursor + MILLISECOND,
        number,
        events=(Happening("duplicate", cursor, number),),
    )
    trace.consumed(_BILLING_QUEUE, start, cursor + 3 * MILLISECOND, message.origin, number)
    tale.add(trace)


def _voided(tale: Tale, invoice: Invoice, at: int, posting: Posted | None) -> None:
    """Voided in Stripe, and in NetSuite where it had arrived by then."""
    about = {**tale.business, **invoice.money, "stripe.invoice.id": invoice.stripe_id}
    message = webhook(tale, at, "invoice.voided", "stripe.invoice.voided", about, queue="billing.voids")
    if posting is None or posting.at > at:
        return
    number = {"invoice.number": invoice.number, "netsuite.invoice.internal_id": invoice.netsuite_id}
    forwarded = tale.forwarded(message, "billing.voids", "erp.voids", number)
    request = Request(
        "POST", NETSUITE_HOST, "/services/rest/record/v1/invoice/{id}/!transform/creditMemo", invoice.netsuite_id
    )
    call = Call("netsuite.invoice.void", request, {**tale.business, **number}, {})
    tale.insisted(forwarded, forwarded.at + tale.dice.wait(70, 0.7), "erp.voids", call)
