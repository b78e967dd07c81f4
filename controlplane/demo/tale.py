"""A story in the making: what the hops of orders and invoices have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from controlplane.demo.company import Customer
from controlplane.demo.dice import Dice
from controlplane.demo.model import MILLISECOND, SECOND, Attributes, Context, Happening, Hop, Sender
from controlplane.demo.trace import Request, Trace, http_call
from controlplane.demo.world import HUB, World

CRM = "crm-connector"
BILLING = "billing-sync"
ERP = "erp-poster"
INSTANCES = {CRM: 1, BILLING: 2, HUB: 2, ERP: 2}

STRIPE_HOST = "api.stripe.com"
SALESFORCE_HOST = "northwind.my.salesforce.com"
NETSUITE_HOST = "4711820.suitetalk.api.netsuite.com"
HUB_HOST = "hub.northwind.internal"

#: Tries within one delivery, and the seconds until the first redelivery, each next one four times later up to the cap.
TRIES = 3
REDELIVERY, REDELIVERY_CAP = 60, 3_840
#: Share of deliveries for which the poster does not remember the hub's ids.
_UNCACHED = 0.12
TIMEOUT = 30 * SECOND
_ANSWERS = {
    "timeout": "no answer within 30 s",
    "503": "503 Service Unavailable",
    "429": "429 CONCURRENCY_LIMIT_EXCEEDED: too many requests at once",
}


class Sent(NamedTuple):
    """A message on its way: the span that sent it, and when."""

    origin: Context
    at: int


class Call(NamedTuple):
    """A call that a delivery is about: what the span is called and says, and what it also says once it went well."""

    name: str
    request: Request
    about: Attributes
    result: Attributes

    @property
    def topic(self) -> Attributes:
        """What a message about it says: only whose it is."""
        return {key: value for key, value in self.about.items() if key in ("invoice.number", "order.number")}


class Refusal(NamedTuple):
    """A final no: the system's own code, and its sentence."""

    code: str
    message: str


class Delivery(NamedTuple):
    """How a delivery ended: when, with what failure ("" if none), and the message that it left behind."""

    end: int
    failure: str
    sent: Sent


@dataclass(slots=True)
class Tale:
    """One object's story while its hops are added."""

    world: World
    dice: Dice
    customer: Customer
    hops: list[Hop] = field(default_factory=list)

    @property
    def business(self) -> dict[str, str]:
        """The dimensions that every milestone carries."""
        return {
            "business.entity": self.customer.entity.code,
            "business.region": self.customer.entity.region,
            "business.plan": self.customer.plan.name,
            "customer.name": self.customer.name,
        }

    def trace(self, service: str) -> Trace:
        """A new trace by one of the service's instances."""
        return Trace(self.world, self.dice, Sender(service, self.dice.randint(1, INSTANCES[service])))

    def add(self, trace: Trace) -> None:
        """The trace is whole."""
        self.hops.append(trace.done())

    def forwarded(self, incoming: Sent, queue: str, onward: str, about: Attributes) -> Sent:
        """A hop through the hub that only passes a message on."""
        trace = self.trace(HUB)
        start = incoming.at + self.dice.wait(1.2, 0.6)
        end = start + self.dice.brief(12, 40)
        origin = trace.produced(onward, end - 10 * MILLISECOND, about)
        trace.consumed(queue, start, end, incoming.origin, about)
        self.add(trace)
        return Sent(origin, end)

    def delivered(
        self,
        incoming: Sent,
        at: int,
        queue: str,
        call: Call,
        *,
        refusal: Refusal | None = None,
        onward: str = "",
        delivery: int = 0,
    ) -> Delivery:
        """One delivery of a message to the ERP poster: it looks up ids at the hub if need be, then tries up to three times."""
        trace = self.trace(ERP)
        cursor = at + 4 * MILLISECOND
        if self.dice.chance(_UNCACHED):
            cursor = self._looked_up(trace, cursor)
        failure = ""
        for number in range(TRIES):
            cursor, failure = self._tried(trace, cursor, call, refusal, number)
            if not failure or (refusal and failure == refusal.code):
                break
            if number + 1 < TRIES:
                cursor += self.dice.wait(2 * 2**number, 0.1)
        cursor = trace.queried("UPDATE", "postings", cursor + 2 * MILLISECOND)
        target = f"{queue}.dead-letter" if refusal and failure == refusal.code else (onward if not failure else "")
        origin = trace.produced(target, cursor, call.topic) if target else trace.root
        end = cursor + 12 * MILLISECOND
        about = {**call.topic, "messaging.rabbitmq.delivery_count": delivery}
        trace.consumed(queue, at, end, incoming.origin, about)
        self.add(trace)
        return Delivery(end, failure, Sent(origin, end))

    def insisted(
        self, incoming: Sent, at: int, queue: str, call: Call, *, onward: str = "", limit: int = 9
    ) -> Delivery:
        """Deliver again and again, ever later, while NetSuite fails for passing reasons."""
        wait = REDELIVERY
        result = self.delivered(incoming, at, queue, call, onward=onward)
        for number in range(1, limit):
            if not result.failure:
                break
            at = result.end + self.dice.wait(wait, 0.15)
            wait = min(REDELIVERY_CAP, wait * 4)
            result = self.delivered(incoming, at, queue, call, onward=onward, delivery=number)
        return result

    @property
    def _mappings(self) -> str:
        """The version of the hub's interface that is asked: a third of the customers have moved to the second."""
        return "v2" if sum(self.customer.stripe_customer.encode()) % 3 == 0 else "v1"

    def _looked_up(self, trace: Trace, at: int) -> int:
        """A synchronous call to the hub: one trace over two services."""
        request = Request(
            "GET", HUB_HOST, f"/{self._mappings}/mappings/customers/{{id}}", self.customer.stripe_customer
        )
        end = at + self.dice.brief(8, 30)
        asked = trace.called(request, at, end, {})
        served: Attributes = {
            "http.request.method": "GET",
            "http.route": request.template,
            "url.path": request.path,
            "url.scheme": "https",
            "http.response.status_code": 200,
        }
        hub = Sender(HUB, self.dice.randint(1, INSTANCES[HUB]))
        trace.add(request.title, "server", at + MILLISECOND, end - MILLISECOND, served, parent=asked, sender=hub)
        return end

    def _tried(self, trace: Trace, start: int, call: Call, refusal: Refusal | None, number: int) -> tuple[int, str]:
        """One try; returns its end and why it failed."""
        passing = self.world.erp_failure(self.dice, start)
        if passing:
            end = start + (TIMEOUT if passing == "timeout" else self.dice.brief(90, 900))
            about = {**call.about, **http_call(call.request, passing, number)}
            trace.add(call.name, "client", start, end, about, error=_ANSWERS[passing])
            return end, passing
        end = start + self.dice.wait(0.9, 0.4)
        if refusal is None:
            about = {**call.about, **call.result, **http_call(call.request, call.request.success, number)}
            trace.add(call.name, "client", start, end, about)
            return end, ""
        self._refused(trace, start, end, call, refusal, number)
        return end, refusal.code

    def _refused(self, trace: Trace, start: int, end: int, call: Call, refusal: Refusal, number: int) -> None:
        about = {**call.about, **http_call(call.request, "400", number), "error.type": refusal.code}
        said: Sequence[Happening] = (
            Happening("exception", end, {"exception.type": refusal.code, "exception.message": refusal.message}),
        )
        sentence = f"{refusal.code}: {refusal.message}"
        trace.add(call.name, "client", start, end, about, error=sentence, events=said)
