from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as pb
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from controlplane.demo.emit import SERVICES, Emitter, ExportError
from controlplane.demo.model import SECOND, Context, Happening, PlannedSpan, Sender
from controlplane.demo.stories import history
from controlplane.demo.tale import BILLING, INSTANCES
from controlplane.demo.world import World
from tests.controlplane.demo.sinks import Sink, listening

NOW = 1_795_516_200 * SECOND
KINDS = {
    Span.SPAN_KIND_INTERNAL: "internal",
    Span.SPAN_KIND_SERVER: "server",
    Span.SPAN_KIND_CLIENT: "client",
    Span.SPAN_KIND_PRODUCER: "producer",
    Span.SPAN_KIND_CONSUMER: "consumer",
}


def planned() -> list[PlannedSpan]:
    return [span for story in history(World.of(5, NOW, 1)) for hop in story.hops for span in hop.spans]


def attributes(pairs: Iterable[KeyValue]) -> dict[str, Any]:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in pairs}


def context(trace_id: bytes, span_id: bytes) -> Context:
    return Context(int.from_bytes(trace_id), int.from_bytes(span_id))


def received(requests: Iterable[pb.ExportTraceServiceRequest]) -> Iterator[PlannedSpan]:
    for group in (group for request in requests for group in request.resource_spans):
        about = attributes(group.resource.attributes)
        service, _, instance = about["service.instance.id"].rpartition("-")
        assert service == about["service.name"]
        for span in (span for scope in group.scope_spans for span in scope.spans):
            yield as_planned(Sender(service, int(instance)), span)


def as_planned(sender: Sender, span: Span) -> PlannedSpan:
    failed = span.status.code == Status.STATUS_CODE_ERROR
    return PlannedSpan(
        sender=sender,
        name=span.name,
        kind=KINDS[span.kind],
        start=span.start_time_unix_nano,
        end=span.end_time_unix_nano,
        context=context(span.trace_id, span.span_id),
        parent=context(span.trace_id, span.parent_span_id) if span.parent_span_id else None,
        attributes=attributes(span.attributes),
        error=span.status.message if failed else None,
        events=tuple(
            Happening(event.name, event.time_unix_nano, attributes(event.attributes)) for event in span.events
        ),
        links=tuple(context(link.trace_id, link.span_id) for link in span.links),
    )


def by_context(spans: Iterable[PlannedSpan]) -> dict[Context, PlannedSpan]:
    return {span.context: span for span in spans}


def test_exactly_the_planned_spans_arrive_each_by_its_service_s_protocol() -> None:
    plan, sink = planned(), Sink()
    with listening(sink) as endpoints:
        emitter = Emitter(endpoints)
        emitter.emit(plan)
        emitter.flush()
        emitter.close()
    by_grpc, by_http = list(received(sink.by_grpc)), list(received(sink.by_http))
    assert len(by_grpc) + len(by_http) == len(plan) == emitter.sent > 1_000
    assert emitter.failed == 0
    assert by_context(by_grpc + by_http) == by_context(plan)
    for spans, protocol in ((by_grpc, "grpc"), (by_http, "http")):
        assert {span.sender.service for span in spans} == {
            name for name, service in SERVICES.items() if service.protocol == protocol
        }
    assert {span.sender for span in plan} == {
        Sender(name, number) for name, count in INSTANCES.items() for number in range(1, count + 1)
    }


def test_a_service_says_who_it_is() -> None:
    sink = Sink()
    with listening(sink) as endpoints:
        emitter = Emitter(endpoints)
        emitter.emit(span for span in planned() if span.sender == Sender(BILLING, 1))
        emitter.close()
    about = attributes(sink.by_grpc[0].resource_spans[0].resource.attributes)
    assert about["service.version"] == SERVICES[BILLING].version
    assert about["deployment.environment.name"] == "production"
    assert about["telemetry.sdk.language"] == "python"
    assert len(sink.by_grpc[0].resource_spans) == 1


def test_the_exporters_send_the_token_that_their_environment_gives_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20secret")
    sink = Sink()
    with listening(sink) as endpoints:
        emitter = Emitter(endpoints)
        emitter.emit(planned()[:200])
        emitter.close()
    assert sink.by_grpc
    assert sink.by_http
    assert set(sink.headers) == {"Bearer secret"}


def test_spans_that_are_not_taken_are_counted_and_said() -> None:
    sink = Sink()
    sink.refuse = True
    plan = planned()[:50]
    with listening(sink) as endpoints:
        emitter = Emitter(endpoints)
        emitter.emit(plan)
        with pytest.raises(ExportError, match=f"50 of 50 spans were not taken by the receivers at {endpoints.grpc}"):
            emitter.flush()
        emitter.close()
    assert (emitter.sent, emitter.failed) == (0, 50)
