"""Spans sent by OpenTelemetry's own exporters."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, TraceFlags
from opentelemetry.trace.status import Status, StatusCode

from tests.collectors.spans import SECOND, T0, SpanData
from tests.serving import TOKEN, LiveServer


def readable(data: SpanData) -> ReadableSpan:
    """A finished span as the SDK hands it to an exporter."""
    context = SpanContext(
        int.from_bytes(data.trace_id, "big"),
        int.from_bytes(data.span_id, "big"),
        is_remote=False,
        trace_flags=TraceFlags(1),
    )
    return ReadableSpan(
        name=data.name,
        context=context,
        resource=Resource(dict(data.resource)),  # type: ignore[arg-type] # the tests' own scalars
        attributes=dict(data.attributes),  # type: ignore[arg-type] # likewise
        kind=SpanKind.CLIENT,
        status=Status(StatusCode.ERROR, data.message) if data.error else Status(StatusCode.UNSET),
        start_time=T0 + round(data.start * SECOND),
        end_time=T0 + round((data.start + data.seconds) * SECOND),
        instrumentation_scope=InstrumentationScope("tests"),
    )


def exporters(server: LiveServer, token: str = TOKEN) -> list[SpanExporter]:
    """One over gRPC, one over HTTP, one over HTTP with gzip."""
    headers = {"authorization": f"Bearer {token}"}
    endpoint = f"{server.otlp_http}/v1/traces"
    return [
        GrpcExporter(endpoint=server.otlp_grpc, insecure=True, headers=headers, timeout=30),
        HttpExporter(endpoint=endpoint, headers=headers, timeout=30),
        HttpExporter(endpoint=endpoint, headers=headers, timeout=30, compression=Compression.Gzip),
    ]


def send(server: LiveServer, spans: Sequence[SpanData], plan: Random) -> None:
    """All of them in random order and batches, a third of them twice, over any of the exporters."""
    sent = [*spans, *plan.sample(list(spans), k=len(spans) // 3)]
    plan.shuffle(sent)
    senders = exporters(server)
    while sent:
        size = plan.randint(1, 5)
        batch, sent = sent[:size], sent[size:]
        assert plan.choice(senders).export([readable(data) for data in batch]) is SpanExportResult.SUCCESS
    for sender in senders:
        sender.shutdown()
