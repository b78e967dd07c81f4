"""A running server, from the first socket to a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass, field

import grpc

from collectors.otlp.grpc_receiver import create_server
from collectors.otlp.http_receiver import HttpReceiver
from collectors.store.client import StoreError
from controlplane import metrics, standing_metrics, tracing
from controlplane.http.app import create_app
from controlplane.listeners import HttpListener, listen, listen_grpc
from controlplane.observed import LOOPBACK, Observed
from controlplane.settings import Settings
from controlplane.state import AppState, open_state
from controlplane.webhooks import figures
from registry.migrate import migrate as migrate_registry

log = logging.getLogger(__name__)
#: How long requests that are under way may take to end.
GRACE_SECONDS = 10.0
#: The kinds that say how events are read.
READ_BY = frozenset({"Workflow", "Correction"})


@dataclass(slots=True)
class Server:
    """Pages, REST, GraphQL and the OTLP receivers in one process and one event loop."""

    settings: Settings
    state: AppState
    _http: list[HttpListener] = field(default_factory=list)
    _grpc: grpc.aio.Server | None = None
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _phase: str = "starting"

    @property
    def observed(self) -> Observed:
        """The observing half."""
        if self.state.observed is None:
            raise AssertionError("a server is made with both halves")
        return self.state.observed

    async def start(self) -> None:
        """Open the ports, migrate both stores, then take traffic.

        Raises:
            PortError, registry.database.DatabaseError, StoreError: it can't start; one line says why.
        """
        settings, observed = self.settings, self.observed
        self._open(settings.port, "CONTROLPLANE_PORT", create_app(self.state))
        if settings.otlp_http_port:
            self._open(settings.otlp_http_port, "CONTROLPLANE_OTLP_HTTP_PORT", HttpReceiver(observed.receiver))
        if settings.otlp_grpc_port:
            # Only tried here: a gRPC server that is made and never started complains when Python ends.
            listen(settings.host, settings.otlp_grpc_port, "CONTROLPLANE_OTLP_GRPC_PORT").close()
        await asyncio.to_thread(migrate_registry, self.state.database)
        await observed.start(self.state.database)
        if settings.otlp_grpc_port:
            self._grpc = create_server(observed.receiver)
            listen_grpc(self._grpc, settings.host, settings.otlp_grpc_port, "CONTROLPLANE_OTLP_GRPC_PORT")
        self._tasks = [asyncio.create_task(listener.run_until_stopped()) for listener in self._http]
        if self._grpc is not None:
            await self._grpc.start()
        for listener in self._http:
            await listener.up.wait()
        self.state.retention.start()
        self.state.event_checks.start()
        await asyncio.to_thread(self.state.drift.known)  # begins to compare, so that who asks first needn't wait
        self.state.deliveries.start()
        self.state.watch.start()
        self._phase = ""

    def _open(self, port: int, setting: str, app: object) -> None:
        self._http.append(HttpListener(app, listen(self.settings.host, port, setting)))

    def not_ready(self) -> str | None:
        """Why traffic should not come yet or any more."""
        return f"the server is {self._phase}" if self._phase else None

    async def abandon(self) -> None:
        """Let go of what a start that failed had opened."""
        for listener in self._http:
            listener.close()
        # What works on the store ends before it is closed: the embedded engine takes the process with it otherwise.
        with contextlib.suppress(StoreError):
            await self.observed.stop()
        self.state.database.close()

    async def stop(self) -> None:
        """Take nothing new, answer what was taken, store and correlate it, close."""
        self._phase = "stopping"
        if self._grpc is not None:
            await self._grpc.stop(GRACE_SECONDS)
        for listener in self._http:
            listener.should_exit = True
        await asyncio.gather(*self._tasks)
        await self.state.watch.stop()
        await self.state.deliveries.stop()
        await self.state.retention.stop()
        await self.state.event_checks.stop()
        await asyncio.to_thread(self.state.drift.stop)
        await self.observed.stop()
        self.state.database.close()


def create(settings: Settings) -> Server:
    """A server that is wired up and not started; its data directory exists."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    state = open_state(settings)
    observed = Observed.create(settings, state.access)
    state.observed = observed
    state.event_checks.sampler = observed.events.sampler
    metrics.install(state.metrics, observed)
    figures.install(state.metrics, state.deliveries)
    standing_metrics.install(state.metrics, state, observed)
    server = Server(settings, state)
    state.readiness.append(server.not_ready)
    state.on_apply.append(lambda kinds: observed.reread(state.database) if kinds & READ_BY else None)
    return server


async def serve(settings: Settings, started: Callable[[Server], None] | None = None) -> None:
    """Run until SIGTERM or SIGINT; everything that was acknowledged is stored when this returns."""
    traces = tracing.start()
    server = create(settings)
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ending.set)
    try:
        await server.start()
    except Exception:
        await server.abandon()
        raise
    _announce(settings)
    if started is not None:
        started(server)
    poll = asyncio.create_task(_poll(server))
    await ending.wait()
    poll.cancel()
    await server.stop()
    if traces is not None:
        await asyncio.to_thread(traces.stop)
    log.info("stopped; everything that was acknowledged is stored")


async def _poll(server: Server) -> None:
    """Notice workflows and corrections that another process wrote to the same database."""
    while True:
        await asyncio.sleep(10)
        try:
            await asyncio.to_thread(server.observed.reread, server.state.database)
        except Exception:
            log.exception("could not look for changed workflows; will try again")


def _announce(settings: Settings) -> None:
    host = settings.host
    log.info("pages, REST and GraphQL on http://%s:%d", host, settings.port)
    for name, port in (("HTTP", settings.otlp_http_port), ("gRPC", settings.otlp_grpc_port)):
        if port:
            log.info("OTLP over %s on %s:%d", name, host, port)
    if settings.otlp_open:
        if host in LOOPBACK:
            log.info("OTLP receivers take spans without a token, since only this machine reaches them")
        else:
            log.warning("CONTROLPLANE_OTLP_OPEN is ignored: %s is no loopback address, so senders need a token", host)
