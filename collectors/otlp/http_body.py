"""The body of an OTLP/HTTP request, read and decompressed within bounds of size, memory and time."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Mapping
from typing import Any

from collectors.ingest import Overloaded
from collectors.otlp.receiver import Receiver
from collectors.otlp.refusal import RETRY_SECONDS, Refusal
from collectors.senders.reasons import Reason
from collectors.senders.tally import Sender

#: How long a sender may leave us without a byte in the middle of its request.
STALL_SECONDS = 30.0
#: Members of a gzip body that are read; RFC 1952 knows no bound, but each costs a copy of what follows it.
_MOST_MEMBERS = 100


async def read_body(receiver: Receiver, sender: Sender, headers: Mapping[str, str], receive: Any) -> bytes:
    """The body as it was before compression.

    Raises:
        Refusal: it is too large, cut off, or compressed in a way that we don't know.
    """
    encoding = headers.get("content-encoding", "").strip().lower()
    zipped = [one for one in map(str.strip, encoding.split(",")) if one not in ("", "identity")]
    if zipped not in ([], ["gzip"], ["x-gzip"]):
        said = f"content-encoding must be gzip or none, but is {encoding}"
        raise receiver.refusal(sender, Reason.UNSUPPORTED, said)
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > receiver.max_bytes:
        raise _too_large(receiver, sender)
    body = await _collect(receiver, sender, receive)
    return _unzip(receiver, sender, body) if zipped else body


async def _collect(receiver: Receiver, sender: Sender, receive: Any) -> bytes:
    """Join what arrives. What is half read counts against the buffer as well, so that slow senders can't fill memory."""
    chunks: list[bytes] = []
    size = 0
    try:
        while True:
            async with asyncio.timeout(STALL_SECONDS):
                event = await receive()
            if event["type"] == "http.disconnect":
                raise receiver.refusal(
                    sender, Reason.CUT_OFF, "the sender left before its body was complete", RETRY_SECONDS
                )
            chunk = event.get("body", b"")
            chunks.append(chunk)
            size += len(chunk)
            receiver.reading_bytes += len(chunk)
            if size > receiver.max_bytes:
                raise _too_large(receiver, sender)
            if receiver.reading_bytes + receiver.commit.buffered_bytes > receiver.commit.buffer_bytes:
                wait = Overloaded.retry_after
                raise receiver.refusal(
                    sender, Reason.OVERLOADED, f"the collector is full; send again in {wait} s", wait
                )
            if not event.get("more_body", False):
                return b"".join(chunks)
    except TimeoutError as error:
        said = f"no byte came for {STALL_SECONDS:.0f} s in the middle of the body; send again"
        raise receiver.refusal(sender, Reason.CUT_OFF, said, RETRY_SECONDS) from error
    finally:
        receiver.reading_bytes -= size


def _unzip(receiver: Receiver, sender: Sender, body: bytes) -> bytes:
    """Decompress with the bound in force, so that a small body can't become a large one."""
    plain, rest, room = list[bytes](), body, receiver.max_bytes + 1
    said = "there is something behind the gzip body"
    for _ in range(_MOST_MEMBERS):
        stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            plain.append(stream.decompress(rest, room))
        except zlib.error as error:
            said = said if plain else f"the body is not valid gzip: {error}"
            break
        room -= len(plain[-1])
        if room <= 0:
            raise _too_large(receiver, sender)
        if not stream.eof:
            said = "the gzip body ends too early"
            break
        rest = stream.unused_data
        if not rest:
            return b"".join(plain)
    raise receiver.refusal(sender, Reason.UNDECODABLE, said, size=len(body))


def _too_large(receiver: Receiver, sender: Sender) -> Refusal:
    said = f"the body is larger than {receiver.max_bytes} bytes (after decompression); send smaller batches"
    return receiver.refusal(sender, Reason.TOO_LARGE, said)
