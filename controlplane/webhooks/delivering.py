"""Telling webhooks what happened, as it happens: a task that looks every other second for what is due."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind, StatusCode
from sqlalchemy.orm import Session

from controlplane.sealing import seal
from controlplane.settings import Settings
from controlplane.webhooks.sending import send
from registry.database import Database
from registry.kinds.webhook import WebhookManifest
from registry.sources.sealing import SecretError
from registry.webhooks import events, outbox, service, signing
from registry.webhooks.outbox import Claim, Outcome

log = logging.getLogger(__name__)

EVERY_SECONDS = 2.0
_tracer = trace.get_tracer("controlplane")


def home_of(settings: Settings) -> str:
    """The address of this server's pages, without a slash at its end."""
    return (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")


@dataclass(slots=True)
class Deliveries:
    """Sends what happened to every webhook, each in the order in which it happened.

    Any number of servers may do so on one database. ``counts`` are deliveries of this process by what came of them,
    ``paused`` how many webhooks it left alone since they took nothing.
    """

    settings: Settings
    database: Database
    clock: Callable[[], datetime]
    counts: Counter[str] = field(default_factory=Counter)
    paused: int = 0
    _task: asyncio.Task[None] | None = field(default=None, init=False)
    _working: set[asyncio.Task[None]] = field(default_factory=set, init=False)
    _ending: bool = field(default=False, init=False)

    def start(self) -> None:
        """Begin, in the loop that runs."""
        self._ending = False
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End; what is being sent is waited for, since its receiver may have it already."""
        self._ending = True
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await asyncio.gather(*self._working, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            # Shielded, so that what was claimed is worked on or given back.
            taking = asyncio.create_task(self._take())
            try:
                await asyncio.shield(taking)
            except asyncio.CancelledError:
                await taking
                raise
            except Exception:
                log.exception("could not look for events to send; will try again")
            await asyncio.sleep(EVERY_SECONDS)

    async def _take(self) -> None:
        for held in await asyncio.to_thread(self._claim):
            task = asyncio.create_task(self._logged(held))
            self._working.add(task)
            task.add_done_callback(self._working.discard)

    async def round(self) -> int:
        """Send all that is due now; how many webhooks that were."""
        held = await asyncio.to_thread(self._claim)
        await asyncio.gather(*(self._work(one) for one in held))
        return len(held)

    def _claim(self) -> list[Claim]:
        now = self.clock()
        # Nothing is written, and nobody held up, while nothing is due.
        with self.database.reading() as session:
            due = outbox.is_due(session, now)
        if not due:
            return []
        with self.database.writing() as session:
            return outbox.claim(session, now)

    async def _logged(self, held: Claim) -> None:
        try:
            await self._work(held)
        except Exception:
            log.exception("events could not be sent to webhook %s; they are tried again", held.webhook)

    async def _work(self, held: Claim) -> None:
        seen = None
        try:
            found = await asyncio.to_thread(self._read, held)
            if found is None:
                return
            waiting, keys = found
            for one in waiting.events:
                if self._ending:
                    return
                outcome = await self._send(
                    waiting.manifest, keys, one.id, events.cloud_event(one, home_of(self.settings))
                )
                if not await asyncio.to_thread(self._settle, held, one, outcome):
                    return
            seen = waiting.seen
        finally:
            await asyncio.to_thread(self._release, held, seen)

    def _read(self, held: Claim) -> tuple[outbox.Waiting, tuple[bytes, ...] | SecretError] | None:
        with self.database.reading() as session:
            waiting = outbox.waiting(session, held)
            if waiting is None:
                return None
            return waiting, self.keys(session, waiting.manifest)

    def keys(self, session: Session, manifest: WebhookManifest) -> tuple[bytes, ...] | SecretError:
        """The keys of a webhook, or why there are none."""
        try:
            return service.keys(session, manifest, seal(self.settings), os.environ)
        except (SecretError, OSError) as error:
            return SecretError(str(error))

    async def _send(
        self, manifest: WebhookManifest, keys: tuple[bytes, ...] | SecretError, ident: str, body: bytes
    ) -> Outcome:
        if isinstance(keys, SecretError):
            outcome = Outcome(None, str(keys), 0)
        else:
            at = int(self.clock().timestamp())
            headers = {"content-type": events.MEDIA_TYPE, **signing.headers(keys, ident, at, body)}
            with _tracer.start_as_current_span("POST", kind=SpanKind.CLIENT, attributes=_said(manifest, ident)) as span:
                # The receiver may go on with the trace; it is nothing that is signed.
                propagate.inject(headers)
                outcome = await send(manifest.spec.url, headers, body, self.settings.webhook_networks_allowed)
                if outcome.status:
                    span.set_attribute("http.response.status_code", outcome.status)
                if not outcome.taken:
                    span.set_status(StatusCode.ERROR, outcome.error)
        self.counts["taken" if outcome.taken else "refused" if outcome.status else "unreachable"] += 1
        return outcome

    def send_now(self, manifest: WebhookManifest, ident: str, body: bytes) -> Outcome:
        """Send one event, whatever waits; for a person who looks on. Not from within an event loop."""
        with self.database.reading() as session:
            keys = self.keys(session, manifest)
        return asyncio.run(self._send(manifest, keys, ident, body))

    def _settle(self, held: Claim, one: events.Happened, outcome: Outcome) -> bool:
        with self.database.writing() as session:
            following = outbox.settle(session, held, one, outcome, self.clock())
        self.paused += following == "pause"
        return following in {"next", "give-up"}

    def _release(self, held: Claim, seen: int | None) -> None:
        with self.database.writing() as session:
            outbox.release(session, held, seen)


def _said(manifest: WebhookManifest, event: str) -> dict[str, str]:
    """What a span says of a delivery; the address's path is left out, since receivers keep secrets there."""
    return {
        "http.request.method": "POST",
        "server.address": urlsplit(manifest.spec.url).hostname or "",
        "controlplane.webhook": manifest.name,
        "cloudevents.event_id": event,
    }
