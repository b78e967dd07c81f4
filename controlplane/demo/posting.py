"""How an invoice gets into NetSuite, or does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

from controlplane.demo.company import CENT, Customer
from controlplane.demo.dice import Dice
from controlplane.demo.model import DAY, HOUR, SECOND
from controlplane.demo.tale import NETSUITE_HOST, REDELIVERY, REDELIVERY_CAP, Call, Refusal, Sent, Tale
from controlplane.demo.trace import Request
from controlplane.demo.world import World, day_of_month

QUEUE = "erp.invoices"
_CLOSING_DAYS = 3


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice as Stripe and NetSuite know it."""

    number: str
    stripe_id: str
    netsuite_id: str
    second_netsuite_id: str
    netsuite_payment: str
    payment_intent: str
    amount: Decimal
    currency: str
    customer: Customer

    @property
    def money(self) -> dict[str, str]:
        """Number and amount, as everyone but the ERP states them."""
        return {
            "invoice.number": self.number,
            "invoice.amount": str(self.amount),
            "invoice.currency": self.currency,
        }


class Posted(NamedTuple):
    """When an invoice reached the ledger, and the message that says so."""

    at: int
    sent: Sent


def posted(tale: Tale, invoice: Invoice, incoming: Sent, *, again: bool = False) -> Posted | None:
    """All hops from the ERP's queue to the ledger; None if the invoice never gets there.

    Args:
        tale: gets the hops.
        invoice: what is posted.
        incoming: the message in the queue.
        again: a second copy, which NetSuite takes for another invoice.
    """
    dice, world = tale.dice, tale.world
    at = incoming.at + int(dice.wait(70, 0.7) * world.erp_patience(invoice.customer.entity, incoming.at))
    refusal = None if again else _refusal(world, dice, invoice, at)
    call = _call(tale, invoice, again=again)
    wait, delivery = REDELIVERY, 0
    while True:
        result = tale.delivered(incoming, at, QUEUE, call, refusal=refusal, onward="erp.posted", delivery=delivery)
        if not result.failure:
            return Posted(result.end, result.sent)
        if refusal and result.failure == refusal.code:
            break
        at, delivery = result.end + dice.wait(wait, 0.15), delivery + 1
        wait = min(REDELIVERY_CAP, wait * 4)
    fixed_at = _fixed_at(world, dice, result.end)
    if fixed_at is None:
        return None
    result = tale.insisted(result.sent, fixed_at, f"{QUEUE}.replay", call, onward="erp.posted")
    return None if result.failure else Posted(result.end, result.sent)


def _call(tale: Tale, invoice: Invoice, *, again: bool) -> Call:
    return Call(
        name="netsuite.invoice.post",
        request=Request("POST", NETSUITE_HOST, "/services/rest/record/v1/invoice"),
        about={
            **tale.business,
            **invoice.money,
            "invoice.amount": str(_ledger_amount(tale.dice, invoice)),
            "netsuite.subsidiary": invoice.customer.entity.subsidiary,
            "netsuite.customer.internal_id": invoice.customer.netsuite_customer,
        },
        result={"netsuite.invoice.internal_id": invoice.second_netsuite_id if again else invoice.netsuite_id},
    )


def _ledger_amount(dice: Dice, invoice: Invoice) -> Decimal:
    """Nearly always the invoice's; now and then a cent of rounding, or the net amount where tax was forgotten."""
    if dice.chance(0.004):
        return invoice.amount + dice.choice((CENT, -CENT))
    if dice.chance(0.002):
        return invoice.customer.net.quantize(CENT)
    return invoice.amount


def _refusal(world: World, dice: Dice, invoice: Invoice, at: int) -> Refusal | None:
    """Why NetSuite will not take the invoice, if it will not."""
    entity = invoice.customer.entity
    tax = Refusal("INVALID_KEY_OR_REF", f"invalid taxcode reference key for subsidiary {entity.subsidiary}")
    if entity.code == "DE01" and at in world.tax_gap:
        return tax if dice.chance(0.9) else None
    closing = 4 if day_of_month(at) <= _CLOSING_DAYS else 1
    period = datetime.fromtimestamp(at // SECOND - 31 * 86_400 // 2, UTC).strftime("%b %Y")
    missing = f"customer {invoice.customer.stripe_customer} has no NetSuite record in subsidiary {entity.subsidiary}"
    odds: dict[Refusal | None, float] = {
        Refusal("USER_ERROR", f"posting period {period} is closed"): 0.0025 * closing,
        Refusal("RCRD_DSNT_EXIST", missing): 0.004,
        tax: 0.002,
    }
    return dice.pick({**odds, None: 1 - sum(odds.values())})


def _fixed_at(world: World, dice: Dice, refused_at: int) -> int | None:
    """When someone has put it right and sends it again; None if no one ever does."""
    if refused_at in world.tax_gap and dice.chance(0.7):
        return world.tax_gap.end + dice.wait(3 * HOUR / SECOND, 0.1)
    if dice.chance(0.6):
        return refused_at + min(12 * DAY, dice.wait(20 * HOUR / SECOND, 0.9))
    return None
