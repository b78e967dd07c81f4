"""Stripe's webhooks as the billing sync receives them."""

from __future__ import annotations

from controlplane.demo.model import MILLISECOND, Attributes
from controlplane.demo.tale import BILLING, STRIPE_HOST, Sent, Tale
from controlplane.demo.trace import Request

#: Share of events that say too little, so that the whole invoice is fetched.
_STALE = 0.15


def webhook(
    tale: Tale,
    at: int,
    event_type: str,
    milestone: str,
    about: Attributes,
    *,
    queue: str = "",
    error: str | None = None,
    event_id: str = "",
) -> Sent:
    """One delivery: the request, perhaps a look at Stripe for the whole record, the milestone, and a message into ``queue``.

    Args:
        tale: gets the hop.
        at: when the request comes in.
        event_type: Stripe's name of what happened.
        milestone: the name of the span that stands for it.
        about: the milestone's attributes.
        queue: where the news goes; "" when no one else needs it.
        error: what went wrong in the business, such as a declined card; the request itself went well.
        event_id: that of an earlier delivery when this one repeats it.
    """
    dice = tale.dice
    trace = tale.trace(BILLING)
    event = {"stripe.event.id": event_id or f"evt_1{dice.letters(23)}", "stripe.event.type": event_type}
    cursor = trace.queried("SELECT", "stripe_events", at + 2 * MILLISECOND)
    parent = trace.child()
    fetched = cursor
    if dice.chance(_STALE):
        fetched += dice.brief(60, 220)
        request = Request("GET", STRIPE_HOST, "/v1/invoices/{id}", str(about["stripe.invoice.id"]))
        trace.called(request, cursor, fetched, {}, parent=parent)
    done = fetched + dice.brief(4, 15)
    trace.add(milestone, "internal", cursor, done, {**event, **about}, context=parent, error=error)
    end = trace.queried("INSERT", "outbox", done)
    origin = trace.root
    if queue:
        origin = trace.produced(queue, end, {"invoice.number": str(about.get("invoice.number", ""))})
        end += 10 * MILLISECOND
    trace.received("/webhooks/stripe", at, end + 2 * MILLISECOND, event)
    tale.add(trace)
    return Sent(origin, end)
