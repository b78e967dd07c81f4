"""Group commit: request bodies that arrive while an insert runs go out together in the next one.

A body is acknowledged when the insert that carried it has returned, never before.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

from collectors.correlation.correlator import Correlator
from collectors.durations import Durations
from collectors.store.client import Store, StoreError, StoreUnavailable

log = logging.getLogger(__name__)

#: Spans that one insert carries at most; beyond about this many the cost of a span no longer falls.
BATCH_SPANS = 20_000
WRITERS = 2
#: A request with one resource and no span.
_NOTHING = b"\x0a\x00"


class Overloaded(Exception):  # noqa: N818 - it says what the collector is
    """The buffer is full: the sender should come back in ``retry_after`` seconds."""

    retry_after = 2


class Unavailable(Exception):  # noqa: N818 - it says what the store is
    """The store can't take the spans now: the sender should come back in ``retry_after`` seconds."""

    retry_after = 5


class Unstorable(Exception):  # noqa: N818 - it says what the body is
    """ClickHouse itself refused this body; sending it again would not help."""


@dataclass(slots=True)
class _Waiting:
    body: bytes
    spans: int
    done: asyncio.Future[None]


@dataclass(slots=True)
class GroupCommit:
    """Takes checked OTLP bodies and stores them in batches, in an event loop and with threads for the inserts."""

    store: Store
    correlator: Correlator
    buffer_bytes: int
    _queue: list[_Waiting] = field(default_factory=list)
    _bytes: int = 0
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _writers: list[asyncio.Task[None]] = field(default_factory=list)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(WRITERS, "ingest"))
    _settings: dict[str, Any] = field(default_factory=dict)
    _closing: bool = False
    inserts: int = 0
    failures: int = 0
    spans: int = 0
    stored_bytes: int = 0
    seconds: Durations = field(default_factory=Durations)

    async def start(self) -> None:
        """Begin to write."""
        self._settings = await asyncio.to_thread(insert_settings, self.store)
        self._writers = [asyncio.create_task(self._write()) for _ in range(WRITERS)]

    async def stop(self) -> None:
        """Store what was taken, then end."""
        self._closing = True
        self._arrived.set()
        await asyncio.gather(*self._writers)
        self._threads.shutdown()

    @property
    def buffered_bytes(self) -> int:
        """Bytes that were taken and are not stored yet."""
        return self._bytes

    async def put(self, body: bytes, spans: int) -> None:
        """Store a body; returns once it is stored.

        Raises:
            Overloaded: the buffer is full.
            Unavailable: the store can't be reached.
            Unstorable: the store refused this very body.
        """
        if self._closing or self._bytes + len(body) > self.buffer_bytes:
            raise Overloaded
        waiting = _Waiting(body, spans, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._bytes += len(body)
        self._arrived.set()
        try:
            # A sender that hangs up must not take its body out of a batch that is under way.
            await asyncio.shield(waiting.done)
        finally:
            if waiting.done.cancelled():
                log.debug("a sender left before its spans were stored")

    async def _write(self) -> None:
        while True:
            await self._arrived.wait()
            batch = self._take()
            if batch:
                await self._store(batch)
            elif self._closing:
                return

    def _take(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        spans = 0
        while self._queue and (not batch or spans + self._queue[0].spans <= BATCH_SPANS):
            batch.append(self._queue.pop(0))
            spans += batch[-1].spans
        if not self._queue and not self._closing:
            self._arrived.clear()
        return batch

    async def _store(self, batch: list[_Waiting]) -> None:
        loop = asyncio.get_running_loop()
        began = time.perf_counter()
        try:
            await loop.run_in_executor(self._threads, self._insert, batch)
        except StoreUnavailable as error:
            self.failures += 1
            log.warning("spans wait for the store: %s", error)
            self._settle(batch, Unavailable)
        except StoreError as error:
            self.failures += 1
            if len(batch) == 1:
                await self._refuse(batch, error)
            else:
                # One body spoils the batch: each goes alone, so that only the bad one fails.
                for waiting in batch:
                    await self._store([waiting])
        else:
            self.inserts += 1
            self.spans += sum(waiting.spans for waiting in batch)
            self.stored_bytes += sum(len(waiting.body) for waiting in batch)
            self.seconds.add(time.perf_counter() - began)
            self._settle(batch, None)

    async def _refuse(self, batch: list[_Waiting], error: StoreError) -> None:
        """Tell a body's own fault from one of the store, which would fail on any other body too."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._threads, self._insert_bytes, _NOTHING)
        except StoreError:
            log.warning("spans wait for the store, which refuses all: %s", error)
            self._settle(batch, Unavailable)
        else:
            log.warning("the store refused a body: %s", error)
            self._settle(batch, partial(Unstorable, str(error)))

    def _insert(self, batch: list[_Waiting]) -> None:
        ticket = self.correlator.inserting()
        try:
            # Serialized protobuf messages joined end to end are one valid message.
            self._insert_bytes(b"".join(one.body for one in batch))
        except StoreUnavailable:
            self.correlator.inserted(ticket, surely=False)
            raise
        except BaseException:
            self.correlator.inserted(ticket)
            raise
        self.correlator.inserted(ticket)

    def _insert_bytes(self, body: bytes) -> None:
        self.store.insert_raw("otlp_landing", body, "ProtobufSingle", self._settings)

    def _settle(self, batch: list[_Waiting], error: Callable[[], Exception] | None) -> None:
        for waiting in batch:
            self._bytes -= len(waiting.body)
            if waiting.done.done():
                continue
            if error is None:
                waiting.done.set_result(None)
            else:
                waiting.done.set_exception(error())
                waiting.done.exception()  # a sender that has hung up does not collect it


def insert_settings(store: Store) -> dict[str, Any]:
    """How ClickHouse is told to decode: by a file that an embedded engine reads, or by the text itself."""
    text = (resources.files("collectors.otlp") / "trace_service.proto").read_text(encoding="utf-8")
    if store.directory is None:
        return {
            "format_schema_source": "string",
            "format_schema": text,
            "format_schema_message_name": "ExportTraceServiceRequest",
            # A server goes on with an insert that nobody waits for any more; this bounds it.
            "max_execution_time": int(store.timeout),
        }
    path = Path(store.directory).resolve() / "trace_service.proto"
    path.write_text(text, encoding="utf-8")
    return {"format_schema": f"{path}:ExportTraceServiceRequest"}
