"""Bodies that are acknowledged and wait for the next insert, in files beside an embedded store.

What was written survives the process being killed, as an insert into the embedded engine does; neither waits for the disk.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

log = logging.getLogger(__name__)

_HEAD = struct.Struct("<II")  # bytes, spans


class Kept(NamedTuple):
    """A serialized request and how many spans it has."""

    body: bytes
    spans: int


class Left(NamedTuple):
    """A segment of a process that ended; ``spoilt`` if something in it that was written to its end can't be read."""

    path: Path
    kept: list[Kept]
    spoilt: bool


class Standing(NamedTuple):
    """What lies in a journal's folder: bytes that wait for their insert, and segments that were set aside."""

    waiting_bytes: int
    set_aside: int


def standing(folder: Path) -> Standing:
    """How a journal stands, whoever writes into it."""
    waiting = 0
    for path in folder.glob("*.otlp"):
        with contextlib.suppress(FileNotFoundError):  # it was inserted meanwhile
            waiting += path.stat().st_size
    return Standing(waiting, sum(1 for _ in folder.glob("*.otlp-refused")))


class Journal:
    """Segments in one folder, which belongs to this process. Not thread-safe: the event loop writes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: BinaryIO | None = None
        self._size = 0
        folder.mkdir(parents=True, exist_ok=True)
        first = 1 + max((int(path.stem) for path in _segments(folder, "*.otlp*")), default=0)
        self._numbers = itertools.count(first)

    def append(self, body: bytes, spans: int) -> None:
        """Write a body down.

        Raises:
            OSError: it could not be written, and the segment is as it was before.
        """
        if self._file is None:
            self._file, self._size = (self._folder / f"{next(self._numbers):012}.otlp").open("xb", buffering=0), 0
        record = _HEAD.pack(len(body), spans) + body
        if self._file.tell() != self._size:
            self._undo(self._file)  # which failed at the last try: nothing may stand behind half a record
        try:
            written = self._file.write(record)
        except OSError:
            self._undo(self._file)
            raise
        if written != len(record):
            self._undo(self._file)
            raise OSError("the journal's disk is full")
        self._size += written

    def _undo(self, file: BinaryIO) -> None:
        """Take back half a record, so that what follows can be read."""
        file.truncate(self._size)
        file.seek(self._size)

    def cut(self) -> Path:
        """End the segment that was appended to; the next body begins another one."""
        if self._file is None:
            raise AssertionError("a segment is cut only after something was appended")
        self._file.close()
        path, self._file = Path(self._file.name), None
        return path

    def close(self) -> None:
        """Let go of the segment that was appended to; its bodies are for the next process."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def left(self) -> Iterator[Left]:
        """The segments of a process that ended before their insert had; a record that it did not finish is left out."""
        for path in sorted(_segments(self._folder, "*.otlp")):
            yield _read(path)

    def remove(self, segment: Path) -> None:
        """Forget a segment: the store has it."""
        try:
            segment.unlink(missing_ok=True)
        except OSError as error:
            log.warning("%s is stored but can't be removed, so the next start stores it again: %s", segment, error)

    def set_aside(self, segment: Path) -> None:
        """Keep a segment of which something could not be stored, for people to look at; it is not read again."""
        kept = segment.rename(segment.with_suffix(".otlp-refused"))
        log.error("spans that were acknowledged could not be stored; they are kept in %s", kept)


def _segments(folder: Path, pattern: str) -> Iterator[Path]:
    return (path for path in folder.glob(pattern) if path.stem.isdecimal())


def _read(path: Path) -> Left:
    data = memoryview(path.read_bytes())
    kept, place = list[Kept](), 0
    while place + _HEAD.size <= len(data):
        size, spans = _HEAD.unpack_from(data, place)
        place += _HEAD.size
        if place + size > len(data):
            log.warning("%s ends within a request, which nobody was told is stored", path)
            break
        body = bytes(data[place : place + size])
        # No body is empty; a file system that lost its power may leave zeros.
        if not body or not _is_request(body):
            log.error("%s is damaged; what stands before byte %d in it is read", path, place)
            return Left(path, kept, spoilt=True)
        kept.append(Kept(body, spans))
        place += size
    return Left(path, kept, spoilt=False)


def _is_request(body: bytes) -> bool:
    try:
        ExportTraceServiceRequest.FromString(body)
    except DecodeError:
        return False
    return True
