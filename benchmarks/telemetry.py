"""Requests as services around an invoice send them: about 350 bytes a span, no id twice, made for almost no CPU.

A request is built once with protobuf and cut at every id and time; later ones are the same pieces joined with new ids.
"""

from __future__ import annotations

import os
import random
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from operator import itemgetter

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ScopeSpans, Span, Status

#: What spans that are no milestone say: operation, kind, attributes. 64-bit ids are written ``{}``.
_OTHERS: tuple[tuple[str, int, Mapping[str, str | int | float | bool]], ...] = (
    ("SELECT invoice", 3, {
        "db.system.name": "postgresql", "db.namespace": "billing_sync", "db.operation.name": "SELECT",
        "db.collection.name": "invoice", "server.address": "postgres.northwind.internal", "server.port": 5432,
        "db.response.returned_rows": 17, "thread.id": 41, "thread.name": "worker-3",
    }),
    ("GET /v1/invoices/{id}", 3, {
        "http.request.method": "GET", "server.address": "api.stripe.com", "server.port": 443,
        "url.full": "https://api.stripe.com/v1/invoices/in_{}", "url.template": "/v1/invoices/{id}",
        "http.response.status_code": 200, "network.protocol.version": "1.1", "user_agent.original": "billing-sync/5.14.0",
        "http.response.body.size": 2213,
    }),
    ("process invoice.handover", 5, {
        "messaging.system": "rabbitmq", "messaging.destination.name": "invoice.handover",
        "messaging.operation.name": "process", "messaging.operation.type": "process", "messaging.message.id": "{}",
        "messaging.message.body.size": 1432, "server.address": "rabbit.northwind.internal", "redelivered": False,
        "messaging.rabbitmq.destination.routing_key": "invoice.handover",
    }),
    ("map invoice", 1, {
        "code.function.name": "hub.mapping.invoice.to_netsuite", "mapping.fields": 38, "mapping.version": "2026-05-02",
        "mapping.cache_hit": True, "mapping.seconds": 0.00342, "thread.id": 41, "thread.name": "worker-3",
        "code.file.path": "hub/mapping/invoice.py", "code.line.number": 211,
    }),
)  # fmt: skip
#: Steps of the example's invoice-to-cash workflow with the ids that each carries; ``{n}`` is the invoice's own.
_STEPS = (
    ("stripe.invoice.finalized", {
        "stripe.invoice.id": "in_{n}", "invoice.number": "INV-{n}", "invoice.amount": "1180.50", "invoice.currency": "EUR",
        "business.entity": "DE01", "business.region": "EMEA", "business.plan": "team",
    }),
    ("hub.invoice.handover", {"invoice.number": "INV-{n}"}),
    ("netsuite.invoice.post", {
        "invoice.number": "INV-{n}", "netsuite.invoice.internal_id": "{n}", "http.request.method": "POST",
    }),
    ("stripe.invoice.payment", {"stripe.invoice.id": "in_{n}", "stripe.payment_intent.id": "pi_{n}"}),
    ("netsuite.payment.apply", {"netsuite.invoice.internal_id": "{n}", "http.request.method": "POST"}),
    ("salesforce.invoice.status_update", {"invoice.number": "INV-{n}"}),
)  # fmt: skip
#: So many of them are in the request that an invoice is made in, if requests are large; the others follow in the next.
_MADE = 3
SERVICES = ("crm-bridge", "billing-sync", "integration-hub", "erp-adapter")
#: Of so many spans about one is a milestone.
MILESTONE_EVERY = 33
_TRACE_SPANS = 8
_SECOND = 1_000_000_000
_CUT = re.compile(rb"\xff\xfe([TSB])(\d{5})(?:\d{8})?|~([NPX])(\d{10})")


@dataclass(frozen=True, slots=True)
class Request:
    """A body to send and what is in it."""

    body: bytes
    spans: int
    milestones: int


class Requests:
    """Requests of so many spans each, without end; one span in about 33 is a milestone.

    Large requests have the first steps of some invoices and the last ones of those in the request before. Of small ones
    some have a single step, so that an invoice goes through a row of them.
    """

    def __init__(self, spans: int, seed: int = 0) -> None:
        self._number, self._share = 0, spans / MILESTONE_EVERY
        self._large = self._share >= len(_STEPS)
        invoices = max(1, round(self._share / len(_STEPS)))
        made = [(step, False) for step in range(_MADE)] + [(step, self._large) for step in range(_MADE, len(_STEPS))]
        if self._large:
            wanted = [[(step, index, before) for index in range(invoices) for step, before in made]]
        else:
            wanted = [[], *([(step, 0, False)] for step in range(len(_STEPS)))]
        self._templates = [_Template(spans, steps, seed) for steps in wanted]
        self._invoices = invoices
        self._new = self._before = self._numbers()
        self._due = 0.0

    def _numbers(self) -> list[bytes]:
        return [b"%012x" % int.from_bytes(os.urandom(6)) for _ in range(self._invoices)]

    def next(self, now: int) -> Request:
        """A request whose spans began within the second before ``now`` (nanoseconds)."""
        template = self._templates[0]
        if self._large:
            self._before, self._new = self._new, self._numbers()
        else:
            self._due += self._share
            if self._due >= 1:
                self._due -= 1
                template = self._templates[1 + self._number % len(_STEPS)]
                self._new = self._new if self._number % len(_STEPS) else self._numbers()
                self._number += 1
        return Request(template.fill(now, [*self._new, *self._before]), template.spans, template.milestones)


class _Template:
    """One request, cut at its ids and times. ``steps``: which step of which invoice, and whether of those before."""

    def __init__(self, spans: int, steps: list[tuple[int, int, bool]], seed: int) -> None:
        self.spans, self.milestones = spans, len(steps)
        self._invoices = 1 + max((index for _, index, _ in steps), default=0)
        self._traces = -(-spans // _TRACE_SPANS)
        self._texts = 0
        dice = random.Random(seed)
        starts = [dice.randrange(_SECOND) for _ in range(spans)]
        self._offsets = [at for start in starts for at in (start, start + dice.randrange(1_000_000, 200_000_000))]
        self._cut(self._message(steps).SerializeToString())

    def _message(self, steps: list[tuple[int, int, bool]]) -> ExportTraceServiceRequest:
        message = ExportTraceServiceRequest()
        scopes = [_resource(message, service) for service in SERVICES[: self._traces]]
        # Spread over the request, so that hardly two lie in one trace.
        places = {round((place + 0.5) * self.spans / len(steps) - 0.5): step for place, step in enumerate(steps)}
        for index in range(self.spans):
            span = scopes[(index // _TRACE_SPANS) % len(scopes)].spans.add()
            _identify(span, index)
            if index in places:
                step, invoice, before = places[index]
                span.name, about = _STEPS[step]
                number = f"~{'P' if before else 'N'}{invoice:010}"
                plain = {key: text.replace("{n}", number) for key, text in about.items()}
                span.attributes.extend(_attributes({**plain, "server.port": 443, "team": "billing"}))
            else:
                self._other(span, index)
        return message

    def _other(self, span: Span, index: int) -> None:
        span.name, kind, about = _OTHERS[index % len(_OTHERS)]
        span.kind = Span.SpanKind.ValueType(kind)
        plain = dict(about)
        for key, value in about.items():
            if isinstance(value, str) and "{}" in value:
                plain[key] = value.replace("{}", f"~X{self._texts:010}")
                self._texts += 1
        span.attributes.extend(_attributes(plain))
        if index % 10 == 0:
            event = span.events.add(name="retry", time_unix_nano=_placed(b"B", 2 * index))
            event.attributes.extend(_attributes({"attempt": 2, "reason": "429 Too Many Requests"}))
        if index % 20 == 3:
            span.links.add(trace_id=_trace(index // _TRACE_SPANS // 2), span_id=b"\xff\xfeS%05d" % (index // 2))
        if index % 50 == 7:
            span.status.code, span.status.message = Status.STATUS_CODE_ERROR, "deadline exceeded"

    def _cut(self, body: bytes) -> None:
        counts = {"T": self._traces, "S": self.spans, "B": 2 * self.spans, "N": self._invoices, "P": self._invoices}
        starts = dict(zip([*counts, "X"], accumulate(counts.values(), initial=0), strict=True))
        order, last, parts = list[int](), 0, list[bytes]()
        for found in _CUT.finditer(body):
            order.append(starts[(found[1] or found[3]).decode()] + int(found[2] or found[4]))
            parts += [body[last : found.start()], found[0]]
            last = found.end()
        self._parts = [*parts, body[last:]]
        self._pick = itemgetter(*order)
        self._ids = struct.Struct("16s" * self._traces + "8s" * self.spans)
        self._times = struct.Struct(f"<{2 * self.spans}Q")
        self._each_time = struct.Struct("8s" * (2 * self.spans))
        self._hex = struct.Struct("12s" * self._texts)

    def fill(self, now: int, numbers: list[bytes]) -> bytes:
        """The request with new ids; ``numbers`` are those of invoices, new ones and then those before."""
        half, base = len(numbers) // 2, now - _SECOND
        pool = (
            *self._ids.unpack(os.urandom(self._ids.size)),
            *self._each_time.unpack(self._times.pack(*[base + offset for offset in self._offsets])),
            *numbers[: self._invoices],
            *numbers[half : half + self._invoices],
            *self._hex.unpack(os.urandom(self._hex.size // 2).hex().encode()),
        )
        self._parts[1::2] = self._pick(pool)
        return b"".join(self._parts)


def _resource(message: ExportTraceServiceRequest, service: str) -> ScopeSpans:
    resource_spans = message.resource_spans.add()
    resource_spans.resource.attributes.extend(
        _attributes({
            "service.name": service, "service.namespace": "northwind", "service.version": "5.14.0",
            "service.instance.id": f"{service}-7c9f", "deployment.environment.name": "production",
            "host.name": f"{service}-7c9f.northwind.internal", "team.name": "integration-platform",
        })
    )  # fmt: skip
    scope_spans = resource_spans.scope_spans.add()
    scope_spans.scope.name, scope_spans.scope.version = "northwind", "5.14.0"
    return scope_spans


def _identify(span: Span, index: int) -> None:
    span.trace_id, span.span_id = _trace(index // _TRACE_SPANS), b"\xff\xfeS%05d" % index
    if index % _TRACE_SPANS:
        span.parent_span_id = b"\xff\xfeS%05d" % (index - index % _TRACE_SPANS)
    span.start_time_unix_nano, span.end_time_unix_nano = _placed(b"B", 2 * index), _placed(b"B", 2 * index + 1)


def _trace(number: int) -> bytes:
    return b"\xff\xfeT%05d%08d" % (number, 0)


def _placed(letter: bytes, number: int) -> int:
    return int.from_bytes(b"\xff\xfe" + letter + b"%05d" % number, "little")


def _attributes(plain: Mapping[str, str | int | float | bool]) -> Iterator[KeyValue]:
    for key, value in plain.items():
        made = KeyValue(key=key)
        if isinstance(value, bool):
            made.value.bool_value = value
        elif isinstance(value, int):
            made.value.int_value = value
        elif isinstance(value, float):
            made.value.double_value = value
        else:
            made.value.string_value = value
        yield made
