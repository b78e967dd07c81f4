"""The product's own traces, sent where OpenTelemetry's standard variables say; without an endpoint there are none.

``OTEL_EXPORTER_OTLP_ENDPOINT`` or ``OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`` turns them on; the SDK reads sampling, headers,
resource and the rest from its own variables. Requests of people and tools become spans with the store's statements below
them; receiving and storing spans becomes none, or a server that watches itself would never fall silent.
"""

from __future__ import annotations

import os
from importlib.metadata import version

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_OFF = "OTEL_SDK_DISABLED"


def start() -> TracerProvider | None:
    """Begin to trace where an endpoint is set; the caller shuts it down, which sends what is left."""
    environment = os.environ
    if environment.get(_OFF, "").lower() == "true" or not any(environment.get(name) for name in _ENDPOINTS):
        return None
    # Variables (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) come before what is given here.
    own = {"service.name": "controlplane", "service.version": version("integration-controlplane")}
    provider = TracerProvider(resource=Resource(own).merge(Resource.create()) if _named() else Resource.create(own))
    provider.add_span_processor(BatchSpanProcessor(_exporter()))
    trace.set_tracer_provider(provider)
    return provider


def _named() -> bool:
    return "OTEL_SERVICE_NAME" in os.environ or "service.name=" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")


def _exporter() -> SpanExporter:
    protocol = next((os.environ[name] for name in _PROTOCOLS if os.environ.get(name)), "http/protobuf")
    return GrpcExporter() if protocol == "grpc" else HttpExporter()
