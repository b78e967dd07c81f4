"""An order's way: deal won, billing account, subscription, customer and sales order in the ERP, activation, CRM."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from controlplane.demo.company import Customer, salesforce_id
from controlplane.demo.invoices import invoice_story
from controlplane.demo.model import DAY, HOUR, MILLISECOND, MINUTE, SECOND, Story
from controlplane.demo.tale import (
    BILLING,
    CRM,
    NETSUITE_HOST,
    SALESFORCE_HOST,
    STRIPE_HOST,
    Call,
    Delivery,
    Refusal,
    Sent,
    Tale,
)
from controlplane.demo.trace import Request
from controlplane.demo.world import HUB, World

_QUEUE = "erp.orders"
_PLATFORM_HOST = "platform.northwind.internal"


@dataclass(frozen=True, slots=True)
class Order:
    """A won deal as each system knows it; the amount is a year's, before tax."""

    number: str
    opportunity: str
    sales_order: str
    amount: Decimal
    customer: Customer

    @property
    def money(self) -> dict[str, str]:
        """Number and amount."""
        return {
            "order.number": self.number,
            "order.amount": str(self.amount),
            "order.currency": self.customer.entity.currency,
        }


def order_stories(world: World, ordinal: int, customer: Customer, at: int) -> tuple[Story, ...]:
    """The order that is won at ``at`` and, where its subscription started, the first invoice."""
    dice = world.dice("order", ordinal)
    tale = Tale(world, dice, customer)
    order = Order(
        number=f"SO{customer.entity.country}-{ordinal}",
        opportunity=salesforce_id(dice, "006"),
        sales_order=str(ordinal * 4 + 3),
        amount=customer.net * 12,
        customer=customer,
    )
    won = _won(tale, order, at)
    if dice.chance(0.012):
        _cancelled(tale, order, at + dice.wait(3 * HOUR / SECOND, 0.5))
        return (_story(tale, order),)
    billed = _billed(tale, order, won)
    accepted = _accepted(tale, order, billed)
    if accepted is not None:
        _activated(tale, order, accepted)
    first = invoice_story(world, ordinal, customer, billed.at + dice.wait(20, 0.5))
    return (_story(tale, order), first)


def _story(tale: Tale, order: Order) -> Story:
    return Story("order", order.number, tuple(sorted(tale.hops, key=lambda hop: hop.ready_at)))


def _won(tale: Tale, order: Order, at: int) -> Sent:
    """The change event of the opportunity."""
    dice = tale.dice
    trace = tale.trace(CRM)
    account = Request(
        "GET", SALESFORCE_HOST, "/services/data/v62.0/sobjects/Account/{id}", order.customer.salesforce_account
    )
    fetched = at + dice.brief(120, 400)
    about = {
        **tale.business,
        **order.money,
        "salesforce.opportunity.id": order.opportunity,
        "salesforce.account.id": order.customer.salesforce_account,
        "salesforce.opportunity.stage": "Closed Won",
    }
    milestone = trace.add(
        "salesforce.opportunity.closed_won", "internal", at + MILLISECOND, fetched + 3 * MILLISECOND, about
    )
    trace.called(account, at + 2 * MILLISECOND, fetched, {}, parent=milestone)
    origin = trace.produced("crm.orders", fetched + 4 * MILLISECOND, {"salesforce.opportunity.id": order.opportunity})
    end = fetched + 15 * MILLISECOND
    trace.add("process /data/OpportunityChangeEvent", "consumer", at, end, _change_event(order), context=trace.root)
    tale.add(trace)
    return Sent(origin, end)


def _change_event(order: Order) -> dict[str, str | int]:
    return {
        "rpc.system": "grpc",
        "messaging.system": "salesforce",
        "messaging.destination.name": "/data/OpportunityChangeEvent",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "salesforce.change_type": "UPDATE",
        "salesforce.opportunity.id": order.opportunity,
    }


def _billed(tale: Tale, order: Order, incoming: Sent) -> Sent:
    """The billing account and the subscription; now and then a contract waits for a person first."""
    dice = tale.dice
    trace = tale.trace(BILLING)
    checked = dice.wait(2 * HOUR / SECOND, 0.8) if dice.chance(0.05) else 0
    start = incoming.at + dice.wait(70, 0.8) + checked
    ids = {"salesforce.opportunity.id": order.opportunity, "stripe.customer.id": order.customer.stripe_customer}
    about = {**tale.business, **order.money, **ids}
    cursor = trace.queried("SELECT", "accounts", start + 2 * MILLISECOND)
    opened = cursor + dice.wait(0.5, 0.4)
    trace.called(Request("POST", STRIPE_HOST, "/v1/customers"), cursor, opened, about, name="stripe.customer.create")
    begun = opened + dice.wait(0.8, 0.4)
    subscription = {"stripe.subscription.id": order.customer.stripe_subscription}
    request = Request("POST", STRIPE_HOST, "/v1/subscriptions")
    trace.called(request, opened, begun, about | subscription, name="stripe.subscription.create")
    cursor = trace.queried("INSERT", "accounts", begun)
    origin = trace.produced("billing.orders", cursor, subscription)
    end = cursor + 12 * MILLISECOND
    trace.consumed("crm.orders", start, end, incoming.origin, {"salesforce.opportunity.id": order.opportunity})
    tale.add(trace)
    return tale.forwarded(Sent(origin, end), "billing.orders", _QUEUE, subscription)


def _accepted(tale: Tale, order: Order, incoming: Sent) -> Sent | None:
    """The customer and the sales order in NetSuite; None if it never takes them."""
    dice = tale.dice
    customer = order.customer
    subscription = {"stripe.subscription.id": customer.stripe_subscription}
    about = {**tale.business, **order.money, **subscription}
    record = Call(
        "netsuite.customer.create",
        Request("POST", NETSUITE_HOST, "/services/rest/record/v1/customer"),
        about,
        {"netsuite.customer.internal_id": customer.netsuite_customer},
    )
    sale = Call(
        "netsuite.sales_order.create",
        Request("POST", NETSUITE_HOST, "/services/rest/record/v1/salesOrder"),
        about,
        {"netsuite.sales_order.internal_id": order.sales_order},
    )
    at = incoming.at + dice.wait(150, 0.8)
    created = _customer(tale, incoming, at, record)
    if created is None:
        return None
    patience = tale.world.erp_patience(customer.entity, created.end)
    at = created.end + int(dice.wait(200, 0.8) * patience)
    result = tale.insisted(created.sent, at, f"{_QUEUE}.sales", sale, onward="platform.orders")
    return None if result.failure else result.sent


def _customer(tale: Tale, incoming: Sent, at: int, record: Call) -> Delivery | None:
    """Most customers are taken; a tax number may be missing, which someone asks for and enters, or forgets."""
    dice = tale.dice
    onward = f"{_QUEUE}.sales"
    if tale.customer.entity.code == "US01" or not dice.chance(0.05):
        result = tale.insisted(incoming, at, _QUEUE, record, onward=onward)
        return None if result.failure else result
    missing = Refusal("USER_ERROR", "please enter a value for VAT registration number")
    refused = tale.delivered(incoming, at, _QUEUE, record, refusal=missing)
    if not dice.chance(0.75):
        return None
    fixed_at = refused.end + min(9 * DAY, dice.wait(16 * HOUR / SECOND, 0.9))
    result = tale.insisted(refused.sent, fixed_at, f"{_QUEUE}.replay", record, onward=onward)
    return None if result.failure else result


def _activated(tale: Tale, order: Order, incoming: Sent) -> None:
    """The tenant is made ready, and the CRM is told."""
    dice = tale.dice
    trace = tale.trace(HUB)
    start = incoming.at + dice.wait(35 * MINUTE / SECOND, 0.8)
    end = start + dice.wait(6, 0.5)
    about = {
        **tale.business,
        **order.money,
        "stripe.subscription.id": order.customer.stripe_subscription,
        "netsuite.sales_order.internal_id": order.sales_order,
    }
    request = Request("POST", _PLATFORM_HOST, "/v2/tenants")
    trace.called(request, start + MILLISECOND, end, about, name="platform.tenant.activate")
    origin = trace.produced("crm.activations", end, {"order.number": order.number})
    trace.consumed("platform.orders", start, end + 12 * MILLISECOND, incoming.origin, {"order.number": order.number})
    tale.add(trace)
    told = end + dice.wait(40, 0.8)
    _told_crm(tale, order, "salesforce.opportunity.status_update", "Active", Sent(origin, end), told)


def _told_crm(tale: Tale, order: Order, name: str, status: str, incoming: Sent, at: int) -> None:
    trace = tale.trace(CRM)
    request = Request("PATCH", SALESFORCE_HOST, "/services/data/v62.0/sobjects/Opportunity/{id}", order.opportunity)
    about = {
        **tale.business,
        **order.money,
        "salesforce.opportunity.id": order.opportunity,
        "salesforce.opportunity.onboarding_status": status,
    }
    end = at + tale.dice.wait(0.4, 0.4)
    trace.called(request, at + MILLISECOND, end, about, name=name)
    trace.consumed("crm.activations", at, end + 4 * MILLISECOND, incoming.origin, {"order.number": order.number})
    tale.add(trace)


def _cancelled(tale: Tale, order: Order, at: int) -> None:
    """The customer withdrew: Salesforce reports the deal reopened and lost."""
    trace = tale.trace(CRM)
    about = {
        **tale.business,
        **order.money,
        "salesforce.opportunity.id": order.opportunity,
        "salesforce.opportunity.stage": "Closed Lost",
    }
    end = at + tale.dice.brief(8, 30)
    trace.add("salesforce.opportunity.cancelled", "internal", at + MILLISECOND, end, about)
    trace.add(
        "process /data/OpportunityChangeEvent",
        "consumer",
        at,
        end + 2 * MILLISECOND,
        _change_event(order),
        context=trace.root,
    )
    tale.add(trace)
