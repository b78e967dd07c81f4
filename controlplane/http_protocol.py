"""HTTP/1.1 as uvicorn reads it, with what it leaves open: an upgrade that nobody takes up, and heads without an end."""

from __future__ import annotations

import asyncio

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

#: Bytes of a request's line and headers, give or take one read from the socket.
HEAD_BYTES = 64 * 1024
#: How long a client may take from connecting, or from its next request's first byte, to the end of the head.
HEAD_SECONDS = 30.0
_INVALID = "Invalid HTTP request received."


class HttpProtocol(HttpToolsProtocol):
    """One connection.

    A client that knows HTTP/2 may ask in its first request to speak that from then on (``upgrade: h2c``; Java's own client
    does). uvicorn takes such a request to end with its head, so that an empty body is answered and the real one lost. Here it
    is read as if nothing had been asked, which RFC 9110 leaves to the server.
    """

    _in_head = True
    _head_bytes = 0
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """A client is there."""
        super().connection_made(transport)
        self._head_begins()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._head_ends()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        self._unset_keepalive_if_required()
        if self._in_head:
            self._head_bytes += len(data)
        try:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                self._stay(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self.logger.warning(_INVALID)
            self.send_400_response(_INVALID)
            return
        if self._in_head and self._head_bytes > HEAD_BYTES:
            self.send_400_response(f"The head of a request may have {HEAD_BYTES} bytes.")

    def eof_received(self) -> bool:  # type: ignore[override] # uvicorn hangs up at once
        """The client sends nothing more; one that has sent a whole request may still wait for its answer."""
        waits = _waits(self.cycle)
        if waits:
            self.cycle.keep_alive = False
        return waits

    def on_message_begin(self) -> None:
        """A request's first byte came."""
        super().on_message_begin()
        self._head_begins()

    def on_headers_complete(self) -> None:
        """Its head is there."""
        if not self.parser.should_upgrade():
            self._in_head, self._head_bytes = False, 0
            self._head_ends()
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """So is its body."""
        if not self.parser.should_upgrade():
            self._in_head = True
            super().on_message_complete()

    def _stay(self, rest: bytes) -> None:
        """Read the head again without the wish for another protocol, and then what follows it.

        Raises:
            HttpParserError: it can't be read so: it is a CONNECT.
        """
        kept = [(name, value) for name, value in self.headers if name not in (b"upgrade", b"http2-settings")]
        lines = [b"%s %s HTTP/1.1" % (self.parser.get_method(), self.url), *(b"%s: %s" % one for one in kept), b"", b""]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        try:
            self.parser.feed_data(b"\r\n".join(lines))
        except httptools.HttpParserUpgrade as error:
            raise httptools.HttpParserError(_INVALID) from error
        if rest:
            self.data_received(rest)

    def _head_begins(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _head_ends(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


def _waits(cycle: RequestResponseCycle | None) -> bool:
    """Whether a request is there as a whole and not answered yet."""
    return cycle is not None and not cycle.more_body and not cycle.response_complete
