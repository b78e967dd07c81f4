"""A span for each request, after OpenTelemetry's conventions for HTTP servers.

Written here, since the instrumentation for FastAPI is bound to one exact version of the API, behind the SDK's.
"""

from __future__ import annotations

from http import HTTPStatus

from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind, StatusCode
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
        carrier = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        attributes = {
            "http.request.method": scope["method"],
            "url.path": scope["path"],
            "url.scheme": scope["scheme"],
            "user_agent.original": carrier.get("user-agent", ""),
        }
        with self._tracer.start_as_current_span(
            scope["method"], propagate.extract(carrier), SpanKind.SERVER, attributes
        ) as span:

            async def noting(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                        span.set_status(StatusCode.ERROR)
                        span.set_attribute("error.type", str(message["status"]))
                await send(message)

            await self.app(scope, receive, noting)
            route = getattr(scope.get("route"), "path", None)
            if route is not None:
                span.update_name(f"{scope['method']} {route}")
                span.set_attribute("http.route", route)
