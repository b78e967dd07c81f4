"""How an invoice is paid, and how the ledger and the CRM hear of it."""

from __future__ import annotations

from controlplane.demo.hooks import webhook
from controlplane.demo.model import DAY, HOUR, MILLISECOND, MINUTE, SECOND
from controlplane.demo.posting import Invoice, Posted
from controlplane.demo.tale import CRM, NETSUITE_HOST, SALESFORCE_HOST, Call, Refusal, Sent, Tale
from controlplane.demo.trace import Request, http_call

_QUEUE = "erp.payments"
#: Days after a declined card at which Stripe tries again.
_RETRY_DAYS = (3, 5, 7)
_DECLINES = {"insufficient_funds": 0.5, "expired_card": 0.2, "do_not_honor": 0.3}


def paid(tale: Tale, invoice: Invoice, finalized_at: int, posting: Posted | None) -> None:
    """All hops from the first attempt to collect until the CRM knows."""
    dice = tale.dice
    if invoice.customer.pays_by_card:
        payment = _charged(tale, invoice, finalized_at + dice.wait(200, 0.9))
    elif dice.chance(0.98):
        payment = _payment(tale, invoice, finalized_at + dice.wait(8.5 * DAY / SECOND, 0.55), "customer_balance")
    else:
        payment = None
    if payment is not None:
        _applied(tale, invoice, payment, posting)


def _payment(tale: Tale, invoice: Invoice, at: int, method: str, declined: str = "") -> Sent:
    about = {
        **tale.business,
        **invoice.money,
        "stripe.invoice.id": invoice.stripe_id,
        "stripe.payment_intent.id": invoice.payment_intent,
        "stripe.payment_method.type": method,
    }
    if declined:
        about["stripe.decline_code"] = declined
        error = f"card_declined: {declined}"
        return webhook(tale, at, "invoice.payment_failed", "stripe.invoice.payment", about, error=error)
    return webhook(tale, at, "invoice.paid", "stripe.invoice.payment", about, queue="billing.payments")


def _charged(tale: Tale, invoice: Invoice, at: int) -> Sent | None:
    """Card payments: most go well at once, some later, a few never."""
    dice = tale.dice
    if not dice.chance(0.06):
        return _payment(tale, invoice, at, "card")
    for days in _RETRY_DAYS:
        _payment(tale, invoice, at, "card", dice.pick(_DECLINES))
        at += days * DAY + dice.brief(0, HOUR / MILLISECOND)
        if dice.chance(0.6):
            return _payment(tale, invoice, at, "card")
    about = {**tale.business, **invoice.money, "stripe.invoice.id": invoice.stripe_id}
    webhook(tale, at + DAY, "invoice.marked_uncollectible", "stripe.invoice.marked_uncollectible", about)
    return None


def _applied(tale: Tale, invoice: Invoice, payment: Sent, posting: Posted | None) -> None:
    """The payment in NetSuite: it waits for its invoice, in vain where that never arrives."""
    dice = tale.dice
    about = {
        **tale.business,
        **invoice.money,
        "stripe.payment_intent.id": invoice.payment_intent,
    }
    message = tale.forwarded(payment, "billing.payments", _QUEUE, {"invoice.number": invoice.number})
    at = message.at + dice.wait(15 * MINUTE / SECOND, 0.9)
    call = Call(
        name="netsuite.payment.apply",
        request=Request("POST", NETSUITE_HOST, "/services/rest/record/v1/customerPayment"),
        about=about,
        result={
            "netsuite.invoice.internal_id": invoice.netsuite_id,
            "netsuite.payment.internal_id": invoice.netsuite_payment,
        },
    )
    if posting is None or posting.at > at:
        missing = Refusal("RCRD_DSNT_EXIST", f"invoice {invoice.number} is not in NetSuite")
        refused = tale.delivered(message, at, _QUEUE, call, refusal=missing)
        if posting is None:
            return
        message, at = refused.sent, max(refused.end, posting.at) + dice.wait(20 * MINUTE / SECOND, 0.4)
    result = tale.insisted(message, at, _QUEUE, call, onward="crm.updates")
    if not result.failure:
        _told_crm(tale, invoice, result.sent)


def _told_crm(tale: Tale, invoice: Invoice, message: Sent) -> None:
    """The last hop; Salesforce sometimes has the row locked, then a second try is made."""
    dice = tale.dice
    trace = tale.trace(CRM)
    at = message.at + dice.wait(80, 0.8)
    request = Request(
        "PATCH", SALESFORCE_HOST, "/services/data/v62.0/sobjects/Invoice__c/Number__c/{id}", invoice.number
    )
    about = {
        **tale.business,
        **invoice.money,
        "salesforce.account.id": invoice.customer.salesforce_account,
        "salesforce.invoice.status": "Paid",
    }
    cursor = at + 3 * MILLISECOND
    name = "salesforce.invoice.status_update"
    resend = 0
    if dice.chance(0.02):
        end = cursor + dice.brief(200, 900)
        refused = {**about, **http_call(request, "400"), "error.type": "UNABLE_TO_LOCK_ROW"}
        trace.add(name, "client", cursor, end, refused, error="UNABLE_TO_LOCK_ROW: unable to obtain exclusive access")
        cursor, resend = end + dice.wait(5, 0.2), 1
    end = cursor + dice.wait(0.35, 0.4)
    trace.add(name, "client", cursor, end, {**about, **http_call(request, request.success, resend)})
    trace.consumed("crm.updates", at, end + 5 * MILLISECOND, message.origin, {"invoice.number": invoice.number})
    tale.add(trace)
