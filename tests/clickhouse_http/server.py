"""ClickHouse's HTTP interface, as far as the real client asks for it, and a control path for tests."""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.clickhouse_http import messages
from tests.clickhouse_http.engine import Answer, Engine, EngineError, Statement
from tests.clickhouse_http.faults import Fault, Faults, half

#: Parameters of a request that are no settings.
TRANSPORT = {
    "query", "database", "user", "password", "query_id", "session_id", "session_timeout", "session_check", "role",
    "wait_end_of_query", "buffer_size", "compress", "decompress", "default_format", "quota_key", "client_protocol_version",
}  # fmt: skip
#: HTTP statuses by exception code; all others are 500.
STATUS = {62: 400, 36: 400, 27: 400, 33: 400, 117: 400, 444: 400, 47: 404, 60: 404, 81: 404, 516: 403, 1000: 400}
AUTHENTICATION_FAILED, HTML_FORM = 516, 1000


class StandIn(ThreadingHTTPServer):
    """One user with one password, any database."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], engine: Engine, user: str, password: str) -> None:
        self.engine, self.user, self.password = engine, user, password
        self.faults = Faults()
        super().__init__(address, Handler)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: StandIn
    timeout = 60
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Say nothing; what goes wrong is in the answers."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/ping":
            self._send(200, b"Ok.\n")
        elif path == "/control":
            self._send(200, json.dumps({"met": self.server.faults.met}).encode())
        else:
            self._answer(b"")

    def do_POST(self) -> None:
        if len(self.path) > messages.MAX_URI_BYTES:
            self._send(414, b"URI is too long")
        elif urlsplit(self.path).path == "/control":
            told = json.loads(messages.read_body(self.headers, self.rfile))
            self.server.faults.put([Fault(**one) for one in told])
            self._send(200, json.dumps(told).encode())
        else:
            try:
                body = messages.read_body(self.headers, self.rfile)
            except messages.MessageError as error:
                self._fail(HTML_FORM, str(error))
            else:
                self._answer(body)

    def _answer(self, body: bytes) -> None:
        given = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        try:
            if self.headers.get("Content-Type", "").startswith("multipart/form-data"):
                given |= messages.read_form(self.headers, body)
                body = b""
        except messages.MessageError as error:
            self._fail(HTML_FORM, str(error))
            return
        if not self._authenticated(given):
            self._fail(
                AUTHENTICATION_FAILED,
                f"Code: 516. DB::Exception: {self._user(given)[0]}: Authentication failed: password is incorrect, "
                "or there is no user with such name. (AUTHENTICATION_FAILED)",
            )
            return
        statement = _statement(given, body)
        try:
            self._run(statement, given)
        except EngineError as error:
            self._fail(error.code, error.text)

    def _run(self, statement: Statement, given: dict[str, str]) -> None:
        fault = self.server.faults.take(statement)
        match fault.kind if fault is not None else "":
            case "refuse":
                self._send(503, b"Service Unavailable")
                return
            case "error":
                raise EngineError(fault.code, f"Code: {fault.code}. DB::Exception: told to fail. (TOLD)")  # type: ignore[union-attr] # its kind says that it is one
            case "stall" | "reset":
                time.sleep(fault.seconds)  # type: ignore[union-attr] # likewise
                self._reset()
                return
            case "half":
                self.server.engine.run(half(statement))
                self._reset()
                return
        answer = self.server.engine.run(statement)
        if fault is not None:
            time.sleep(fault.seconds)
            self._reset()
            return
        self._succeed(answer, given)

    def _user(self, given: dict[str, str]) -> tuple[str, str]:
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "basic":
            user, _, password = base64.b64decode(value).decode().partition(":")
            return user, password
        user = self.headers.get("X-ClickHouse-User", given.get("user", "default"))
        return user, self.headers.get("X-ClickHouse-Key", given.get("password", ""))

    def _authenticated(self, given: dict[str, str]) -> bool:
        return self._user(given) == (self.server.user, self.server.password)

    def _succeed(self, answer: Answer, given: dict[str, str]) -> None:
        body, encoding = answer.body, ""
        if given.get("enable_http_compression") == "1":
            body, encoding = messages.encode(body, self.headers.get("Accept-Encoding", ""))
        rows = str(answer.rows)
        headers = {
            "X-ClickHouse-Query-Id": given.get("query_id", str(uuid.uuid4())),
            "X-ClickHouse-Timezone": "UTC",
            "X-ClickHouse-Summary": json.dumps({"read_rows": rows, "written_rows": rows, "result_rows": rows}),
            **({"X-ClickHouse-Format": answer.format} if answer.format else {}),
            **({"Content-Encoding": encoding} if encoding else {}),
        }
        self._send(200, body, headers)

    def _fail(self, code: int, text: str) -> None:
        headers = {"X-ClickHouse-Exception-Code": str(code)}
        self._send(STATUS.get(code, 500), f"{text} (version 26.9.2.1)\n".encode(), headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        """End the connection with RST and without a word."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        os.close(self.connection.detach())


def _statement(given: dict[str, str], body: bytes) -> Statement:
    sql, data = (given["query"].encode() + b"\n", body) if "query" in given else (body, b"")
    return Statement(
        sql,
        given.get("database") or "default",
        {name: value for name, value in given.items() if name not in TRANSPORT and not name.startswith("param_")},
        {name.removeprefix("param_"): value for name, value in given.items() if name.startswith("param_")},
        data,
    )
