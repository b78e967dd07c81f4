"""A span for each request, after OpenTelemetry's conventions for HTTP servers.

Written here, since what FastAPI does by itself would tell query strings (login links among them) and every probe, and would
tell each request twice; every app of ours turns it off by :data:`NOT_BY_FASTAPI`.
"""

from __future__ import annotations

from http import HTTPStatus

from fastapi.telemetry import TelemetryConfig
from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind, StatusCode
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from controlplane.http.guards import METHODS, OTHER

NOT_BY_FASTAPI: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
#: Asked every few seconds by machines, and nobody looks for them.
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})


class Traced:
    """Continues the caller's trace; the name has the route, which is the template and not the address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._tracer = trace.get_tracer("controlplane")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["path"] in _QUIET:
            await self.app(scope, receive, send)
            return
        known = scope["method"] in METHODS
        carrier = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        attributes = {
            "http.request.method": scope["method"] if known else OTHER,
            "url.path": scope["path"],
            "url.scheme": scope["scheme"],
        }
        if agent := carrier.get("user-agent"):
            attributes["user_agent.original"] = agent
        verb, root = scope["method"] if known else "HTTP", scope.get("root_path", "")
        with self._tracer.start_as_current_span(verb, propagate.extract(carrier), SpanKind.SERVER, attributes) as span:

            async def noting(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                        span.set_status(StatusCode.ERROR)
                        span.set_attribute("error.type", str(message["status"]))
                await send(message)

            try:
                await self.app(scope, receive, noting)
            except Exception as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_attribute("http.response.status_code", HTTPStatus.INTERNAL_SERVER_ERROR.value)
                raise
            finally:
                if route := _route(scope, root):
                    span.update_name(f"{verb} {route}")
                    span.set_attribute("http.route", route)


def _route(scope: Scope, root: str) -> str:
    """The template that answered, with what it was included or mounted under; empty if none did."""
    route = scope.get("route")
    path = getattr(route, "path", "")
    included = scope.get("fastapi", {}).get("effective_route_context")
    if included is not None and included.original_route is route:
        # A router's own route doesn't know the prefix that it was included with.
        path = included.path
    return f"{scope.get('root_path', '').removeprefix(root)}{path}" if path else ""
