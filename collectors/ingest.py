"""Group commit: bodies that arrive while an insert runs, or shortly after one, go out together in the next.

A body is acknowledged when the insert that carried it has returned, or, with an embedded store, when it stands in the
journal beside it and waits for the next insert ([ADR 5](../docs/adr/0005-few-large-inserts.md)).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from collectors.correlation.correlator import Correlator
from collectors.durations import Durations
from collectors.journal import Journal, Kept
from collectors.otlp.check import known_throughout
from collectors.recent import Recent
from collectors.store.client import Store, StoreError, StoreUnavailable

log = logging.getLogger(__name__)

#: Spans that one insert carries at most; beyond about this many the cost of a span no longer falls.
BATCH_SPANS = 60_000
#: Inserts under way at once. The embedded engine has this process's cores, and a second insert would only share them with
#: the first: one at a time carries twice as much for the same fixed cost. A server's answers take their way meanwhile.
EMBEDDED_WRITERS, SERVER_WRITERS = 1, 2
#: How long after the beginning of an insert journalled bodies wait for the next, unless a batch is full before.
LINGER_SECONDS = 10.0
#: How long somebody who looks waits for the insert of what was acknowledged before.
ASKED_PATIENCE = 5.0
#: How long journalled bodies wait for another try after the store could not take them.
RETRY_SECONDS = 1.0
#: How long after the store refused a body those with fields that nobody knows wait for their insert: what one sender encodes
#: wrongly it does again and again, and it should hear of it.
WARY_SECONDS = 3600.0
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
class _Taken:
    """A body; without ``done`` it is acknowledged already and stands in the journal."""

    body: bytes
    spans: int
    done: asyncio.Future[None] | None = None


@dataclass(slots=True)
class _Batch:
    """What one insert carries; ``segment`` holds those of its bodies that stand in the journal.

    ``refused``: the store refused one of these for good, at this try or before.
    """

    taken: list[_Taken]
    segment: Path | None
    stored: asyncio.Future[None] | None = None
    refused: bool = False


@dataclass(slots=True)
class GroupCommit:
    """Takes checked OTLP bodies and stores them in batches, in an event loop and with threads for the inserts."""

    store: Store
    correlator: Correlator
    buffer_bytes: int
    _queue: deque[_Taken] = field(default_factory=deque)
    _kept: list[_Taken] = field(default_factory=list)
    _kept_spans: int = 0
    _again: list[_Batch] = field(default_factory=list)
    _journal: Journal | None = None
    _recent: Recent = field(default_factory=Recent)
    _bytes: int = 0
    _began: float = float("-inf")
    _failed: float = float("-inf")
    _refused: float = float("-inf")
    _wanted: bool = False
    _next: asyncio.Future[None] | None = None
    _flying: set[asyncio.Future[None]] = field(default_factory=set)
    _loop: asyncio.AbstractEventLoop | None = None
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _dispatcher: asyncio.Task[None] | None = None
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(SERVER_WRITERS, "ingest"))
    _settings: dict[str, Any] = field(default_factory=dict)
    _closing: bool = False
    inserts: int = 0
    failures: int = 0
    spans: int = 0
    stored_bytes: int = 0
    repeated: int = 0
    seconds: Durations = field(default_factory=Durations)

    async def start(self) -> None:
        """Store what an earlier process had acknowledged and not stored, then begin to write.

        Raises:
            StoreError: the store does not take it.
        """
        self._loop = asyncio.get_running_loop()
        self._settings = await asyncio.to_thread(insert_settings, self.store)
        if self.store.directory is not None:
            self._journal = Journal(self.store.directory / "journal")
            await self._replay(self._journal)
        self._dispatcher = asyncio.create_task(self._dispatch())

    async def stop(self) -> None:
        """Store what was taken, then end."""
        self._closing = True
        self._arrived.set()
        if self._dispatcher is not None:
            await self._dispatcher
        if self._journal is not None:
            self._journal.close()
        self._threads.shutdown()

    @property
    def buffered_bytes(self) -> int:
        """Bytes that were taken and are not stored yet."""
        return self._bytes

    def asked(self) -> None:
        """Somebody looks: what stands in the journal is inserted first, so that they see all that was acknowledged.

        To be called from a thread that may wait; where the event loop itself asks, nobody waits.
        """
        loop = self._loop
        if loop is None or self._closing or not (self._kept or self._flying):
            return
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            with contextlib.suppress(TimeoutError, RuntimeError):  # the store is away, or the loop ends
                asyncio.run_coroutine_threadsafe(self._flush(), loop).result(2 * ASKED_PATIENCE)
        else:
            self._want()

    def _want(self) -> None:
        self._wanted = True
        self._arrived.set()

    async def _flush(self) -> None:
        waits = {*self._flying, *([self._next] if self._next is not None else [])}
        if self._next is not None:
            self._want()
        if waits:
            await asyncio.wait(waits, timeout=ASKED_PATIENCE)

    async def put(self, body: bytes, spans: int) -> None:
        """Take a body; returns once it is stored, or in the journal.

        Raises:
            Overloaded: the buffer is full.
            Unavailable: the store can't be reached.
            Unstorable: the store refused this very body.
        """
        if self._recent.has(body):
            self.repeated += 1
            return
        if self._closing or self._bytes + len(body) > self.buffer_bytes:
            raise Overloaded
        if self._keep(body, spans):
            self._recent.add(body)
            return
        taken = _Taken(body, spans, asyncio.get_running_loop().create_future())
        self._queue.append(taken)
        self._bytes += len(body)
        self._arrived.set()
        try:
            # A sender that hangs up must not take its body out of a batch that is under way.
            await asyncio.shield(taken.done)  # type: ignore[arg-type] # it was made with one
        finally:
            if taken.done is not None and taken.done.cancelled():
                log.debug("a sender left before its spans were stored")

    def _keep(self, body: bytes, spans: int) -> bool:
        """Write a body into the journal; False if it should rather wait for its insert.

        The first one after a pause does, so do those behind others that wait, and all while the store has trouble, since
        their senders should hear it; likewise for a while what looks like a body that the store refused.
        """
        now = time.monotonic()
        soon = self._began + LINGER_SECONDS > now and self._failed < self._began
        if self._journal is None or not soon or self._queue or self._kept_spans + spans > BATCH_SPANS:
            return False
        if self._refused + WARY_SECONDS > now and not known_throughout(body):
            return False
        try:
            self._journal.append(body, spans)
        except OSError as error:
            log.warning("the journal can't be written, so senders wait for inserts: %s", error)
            return False
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        self._kept.append(_Taken(body, spans))
        self._kept_spans += spans
        self._bytes += len(body)
        self._arrived.set()
        return True

    async def _dispatch(self) -> None:
        slots = asyncio.Semaphore(EMBEDDED_WRITERS if self.store.embedded else SERVER_WRITERS)
        while not self._closing or self._queue or self._kept or self._running:
            await self._something_due()
            await slots.acquire()
            batch = self._take()
            if batch is None:
                slots.release()
                if self._closing and self._running:
                    await asyncio.wait(self._running)
                continue
            task = asyncio.create_task(self._store(batch))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            task.add_done_callback(lambda _: slots.release())

    async def _something_due(self) -> None:
        while (pause := self._due_in(time.monotonic())) > 0:
            self._arrived.clear()
            try:
                async with asyncio.timeout(None if pause == float("inf") else pause):
                    await self._arrived.wait()
            except TimeoutError:
                return

    def _due_in(self, now: float) -> float:
        """Seconds until an insert should begin; infinite if there is nothing for it."""
        if self._queue or self._closing or self._kept_spans >= BATCH_SPANS or (self._kept and self._wanted):
            return 0.0
        due = self._began + LINGER_SECONDS if self._kept else float("inf")
        if self._again:
            due = min(due, self._failed + RETRY_SECONDS)
        return due - now

    def _take(self) -> _Batch | None:
        if self._again and not self._closing and self._failed + RETRY_SECONDS <= time.monotonic():
            return self._again.pop(0)
        if not self._queue and not self._kept:
            return None
        segment = self._journal.cut() if self._journal is not None and self._kept else None
        batch = _Batch(self._kept, segment, self._next)
        if self._next is not None:
            self._flying.add(self._next)
            self._next.add_done_callback(self._flying.discard)
            self._next = None
        spans, self._kept, self._kept_spans, self._wanted = self._kept_spans, [], 0, False
        while self._queue and (not batch.taken or spans + self._queue[0].spans <= BATCH_SPANS):
            batch.taken.append(self._queue.popleft())
            spans += batch.taken[-1].spans
        return batch

    async def _store(self, batch: _Batch) -> None:
        self._began = time.monotonic()
        self._settle(batch, await self._insert_apart(batch.taken))

    async def _insert_apart(self, taken: Sequence[_Taken]) -> list[Exception | None]:
        """Insert bodies; those that the store refuses fail alone. Halves are tried, so that one of thousands costs a dozen inserts."""
        error = await self._insert(taken)
        if not isinstance(error, Unstorable) or len(taken) == 1:
            return [error] * len(taken)
        half = len(taken) // 2
        return [*await self._insert_apart(taken[:half]), *await self._insert_apart(taken[half:])]

    async def _insert(self, taken: Sequence[_Taken]) -> Exception | None:
        """Insert bodies; what to tell their senders, or None if they are stored."""
        began = time.perf_counter()
        in_thread = asyncio.get_running_loop().run_in_executor
        try:
            await in_thread(self._threads, self._insert_bodies, [one.body for one in taken])
        except StoreUnavailable as error:
            self.failures += 1
            log.warning("spans wait for the store: %s", error)
            return Unavailable(str(error))
        except StoreError as error:
            self.failures += 1
            # Tell the bodies' own fault from one of the store, which would fail on any other body too.
            try:
                await in_thread(self._threads, self._insert_bytes, _NOTHING)
            except StoreError:
                log.warning("spans wait for the store, which refuses all: %s", error)
                return Unavailable(str(error))
            if len(taken) == 1:
                log.warning("the store refused a body: %s", error)
                self._refused = time.monotonic()
            return Unstorable(str(error))
        except Exception as error:
            # Nobody expected it, so nobody knows that it will not pass; senders must hear something that keeps their spans.
            self.failures += 1
            log.exception("spans wait for the store, since an insert failed in a way that nobody expected")
            return Unavailable(str(error))
        self.inserts += 1
        self.spans += sum(one.spans for one in taken)
        self.stored_bytes += sum(len(one.body) for one in taken)
        self.seconds.add(time.perf_counter() - began)
        return None

    def _insert_bodies(self, bodies: Sequence[bytes]) -> None:
        # Serialized protobuf messages joined end to end are one valid message.
        joined = b"".join(bodies)
        ticket = self.correlator.inserting()
        surely = True
        try:
            self._insert_bytes(joined)
        except StoreUnavailable:
            surely = False
            raise
        finally:
            self.correlator.inserted(ticket, data=joined, surely=surely)

    def _insert_bytes(self, body: bytes) -> None:
        self.store.insert_raw("otlp_landing", body, "ProtobufSingle", self._settings)

    def _settle(self, batch: _Batch, errors: Sequence[Exception | None]) -> None:
        """Tell senders; what stands in the journal and the store could not take is tried again."""
        left = list[_Taken]()
        for taken, error in zip(batch.taken, errors, strict=True):
            if taken.done is None and isinstance(error, Unavailable):
                left.append(taken)
                continue
            self._bytes -= len(taken.body)
            batch.refused = batch.refused or (taken.done is None and error is not None)
            if taken.done is None or taken.done.done():
                continue
            if error is None:
                self._recent.add(taken.body)
                taken.done.set_result(None)
            else:
                taken.done.set_exception(error)
                taken.done.exception()  # a sender that has hung up does not collect it
        if any(isinstance(error, Unavailable) for error in errors):
            self._failed = time.monotonic()
        if self._journal is None or batch.segment is None:
            return
        if left:
            self._again.append(_Batch(left, batch.segment, batch.stored, batch.refused))
            self._arrived.set()
            return
        if batch.refused:
            self._journal.set_aside(batch.segment)
        else:
            self._journal.remove(batch.segment)
        if batch.stored is not None and not batch.stored.done():
            batch.stored.set_result(None)

    async def _replay(self, journal: Journal) -> None:
        for segment, kept, spoilt in journal.left():
            errors = list[Exception | None]()
            for portion in _portions(kept):
                errors += await self._insert_apart(portion)
                away = next((str(error) for error in errors if isinstance(error, Unavailable)), None)
                if away is not None:
                    raise StoreUnavailable(away)
            if spoilt or any(errors):
                journal.set_aside(segment)
            else:
                log.info("stored %d spans that were acknowledged before the last end", sum(one.spans for one in kept))
                journal.remove(segment)


def _portions(kept: Sequence[Kept]) -> Iterator[list[_Taken]]:
    """Bodies in their order, so many at a time as one insert carries."""
    taken, spans = list[_Taken](), 0
    for one in kept:
        if taken and spans + one.spans > BATCH_SPANS:
            yield taken
            taken, spans = [], 0
        taken.append(_Taken(one.body, one.spans))
        spans += one.spans
    if taken:
        yield taken


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
