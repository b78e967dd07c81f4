"""What is checked before a handler sees a request, and added after it answered."""

from http import HTTPStatus
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from controlplane.http.problems import Problem, problem_response

MAX_BODY = 16 * 1024 * 1024
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


#: Methods by which requests are told apart; whatever else somebody makes up is one more.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "_OTHER"


class Guards:
    """Refuses NUL in an address and bodies beyond ``max_body`` bytes; adds headers that keep browsers careful."""

    def __init__(self, app: ASGIApp, max_body: int = MAX_BODY) -> None:
        self.app, self.max_body = app, max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            # PostgreSQL can't hold it, so nothing that is stored has such a name.
            response = problem_response(HTTPStatus.BAD_REQUEST, "the address holds the character NUL")
            await response(scope, receive, send)
            return
        await self.app(scope, self._bounded(receive), _with_headers(send))

    def _bounded(self, receive: Receive) -> Receive:
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.max_body:
                raise too_large(self.max_body)
            return message

        return bounded


def too_large(limit: int) -> Problem:
    """413, with the limit in MiB."""
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is longer than {limit // 1024**2} MiB; split it")


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


class Metered:
    """Counts requests and their time by route, which is the template and not the address, so that names stay few."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self.app = app
        labels = ("method", "route", "status")
        self.requests = Counter("controlplane_http_requests", "Requests answered.", labels, registry=registry)
        self.seconds = Histogram(
            "controlplane_http_request_seconds",
            "Time until a request was answered.",
            ("route",),
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, started = HTTPStatus.INTERNAL_SERVER_ERROR.value, perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", "(none)")
            method = scope["method"] if scope["method"] in METHODS else OTHER
            self.requests.labels(method, route, str(status)).inc()
            self.seconds.labels(route).observe(perf_counter() - started)
