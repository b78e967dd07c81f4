"""One door to ClickHouse: in-process (chDB) or a server over HTTP, by the same client library."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Self
from urllib.parse import SplitResult, unquote, urlsplit

import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError
from opentelemetry import trace

from collectors.store import cluster, embedded
from collectors.store.errors import StoreError, StoreUnavailable, translated

__all__ = ["Store", "StoreError", "StoreUnavailable"]

# What the client and its HTTP library would log about a failed call stands in the error that the call raises.
for _name in ("clickhouse_connect", "urllib3.connectionpool"):
    logging.getLogger(_name).setLevel(logging.ERROR)

_tracer = trace.get_tracer("controlplane")
#: However long an answer may take, a server that is there takes a connection sooner.
_CONNECT_SECONDS = 30.0
#: Settings of every session. Times are nanoseconds as integers wherever Python reads them, so no zone is at play.
_SESSION = {
    "max_partitions_per_insert_block": 0,
    "throw_on_max_partitions_per_insert_block": 0,
    # An insert returns once it is stored. Servers may gather inserts by default, and some then answer before they store;
    # our batches are large already.
    "async_insert": 0,
}


class Store:
    """Statements and rows. Each thread has a client of its own, since one client serialises what it is given."""

    def __init__(
        self, url: str, *, timeout: float = 30.0, on_cluster: str | None = None, ca_file: Path | None = None
    ) -> None:
        """Remember where the store is; nothing is opened before the first statement.

        Args:
            url: ``chdb:///path`` or ``http(s)://user:password@host:port/database``.
            timeout: seconds that a server may take to connect or answer.
            on_cluster: the name of the cluster that the server belongs to, as its ``remote_servers`` have it.
            ca_file: certificates (PEM) that vouch for a server reached by https, in place of the usual ones.

        Raises:
            StoreError: the URL is of neither form.
        """
        self._parts, self.timeout = _parts_of(url), timeout
        self.on_cluster, self._ca_file = on_cluster, ca_file
        self._local = threading.local()
        self._lock = threading.Lock()
        self._clients: list[Any] = []

    @property
    def embedded(self) -> bool:
        """Whether the engine runs in this process."""
        return self._parts.scheme == "chdb"

    @property
    def directory(self) -> Path | None:
        """Where an embedded engine keeps its files."""
        return Path(unquote(self._parts.path)) if self.embedded else None

    @property
    def place(self) -> str:
        """Where the store is, for people: a directory or an address, never a password."""
        if self.embedded:
            return str(self.directory)
        database = self._parts.path.strip("/") or "default"
        host = f"[{self._parts.hostname}]" if ":" in (self._parts.hostname or "") else self._parts.hostname
        return f"{self._parts.scheme}://{host}:{self._port}/{database}"

    @property
    def _port(self) -> int:
        return self._parts.port or (8443 if self._parts.scheme == "https" else 8123)

    def _connect(self) -> Any:
        if self.directory is not None:
            embedded.claim(self.directory)
            try:
                return clickhouse_connect.get_client(interface="chdb", path=str(self.directory), settings=_SESSION)
            except ClickHouseError:
                embedded.release(self.directory, 1)
                raise
        return clickhouse_connect.get_client(
            interface=self._parts.scheme,
            host=self._parts.hostname or "localhost",
            port=self._port,
            username=unquote(self._parts.username or "default"),
            password=unquote(self._parts.password or ""),
            database=self._parts.path.strip("/") or "default",
            connect_timeout=min(self.timeout, _CONNECT_SECONDS),
            send_receive_timeout=self.timeout,
            autogenerate_session_id=False,
            form_encode_query_params=True,  # thousands of keys are too long for a URL
            settings={**_SESSION, **cluster.session(self.on_cluster)},
            ca_cert=None if self._ca_file is None else str(self._ca_file),
        )

    @property
    def _client(self) -> Any:
        client = getattr(self._local, "client", None)
        if client is None:
            if self.embedded:
                # Two threads that open the embedded engine at once would both try to start it.
                with self._lock:
                    client = self._translate(self._connect)
            else:
                client = self._translate(self._connect)
            with self._lock:
                self._clients.append(client)
            self._local.client = client
        return client

    def query(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, settings: Mapping[str, Any] | None = None
    ) -> Sequence[Sequence[Any]]:
        """The rows of a SELECT; parameters are bound as ``{name:Type}``."""
        client = self._client
        with self._span(sql):
            result = self._translate(
                lambda: client.query(
                    sql,
                    parameters=dict(parameters or {}),
                    settings=dict(settings or {}),
                    query_formats={"FixedString": "bytes"},
                )
            )
        return result.result_rows  # type: ignore[no-any-return]

    def command(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, settings: Mapping[str, Any] | None = None
    ) -> None:
        """Run a statement that gives no rows."""
        client = self._client
        self._translate(lambda: client.command(sql, parameters=dict(parameters or {}), settings=dict(settings or {})))

    def define(self, sql: str, *, settings: Mapping[str, Any] | None = None) -> None:
        """Run DDL or a mutation, on a cluster everywhere."""
        for statement in [sql] if self.on_cluster is None else cluster.clustered(sql, self.on_cluster):
            self.command(statement, settings=settings)

    def parts(self, table: str) -> tuple[str, str]:
        """What ``system.parts`` is to be asked as, and the condition for the parts of a table."""
        if self.on_cluster is None:
            return "system.parts", f"database = currentDatabase() AND table = '{table}'"
        # Other servers have a current database of their own, so it is asked here.
        ((database,),) = self.query("SELECT currentDatabase()")
        everywhere = f"clusterAllReplicas('{self.on_cluster}', system.parts)"
        return everywhere, f"database = '{database}' AND table = '{cluster.local(table)}'"

    def insert(self, table: str, rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> None:
        """Insert rows; returns once they are stored."""
        client = self._client
        self._translate(lambda: client.insert(table, rows, column_names=columns))

    def insert_raw(self, table: str, data: bytes, fmt: str, settings: Mapping[str, Any]) -> None:
        """Insert bytes of a format that ClickHouse itself decodes; returns once their rows are stored."""
        client = self._client
        self._translate(lambda: client.raw_insert(table, insert_block=data, fmt=fmt, settings=dict(settings)))

    def _span(self, sql: str) -> AbstractContextManager[object]:
        """A span for a question that belongs to something that is traced; what runs by itself makes none."""
        if not trace.get_current_span().is_recording():
            return nullcontext()
        operation = sql.split(None, 1)[0]
        attributes = {"db.system.name": "clickhouse", "db.operation.name": operation, "db.query.text": sql}
        return _tracer.start_as_current_span(operation, kind=trace.SpanKind.CLIENT, attributes=attributes)

    def _translate(self, call: Callable[[], Any]) -> Any:
        """Run a client's call; its errors become the two that callers tell apart."""
        try:
            return call()
        except ClickHouseError as error:
            raise translated(error, self.place) from error
        except OSError as error:
            # What is inserted into the embedded engine goes through a temporary file, whose disk may be full.
            raise StoreUnavailable(f"ClickHouse at {self.place}: {error.strerror or error}") from error

    def close(self) -> None:
        """Close every thread's client; the last one ends an embedded engine."""
        with self._lock:
            for client in self._clients:
                client.close()
            if self.directory is not None:
                embedded.release(self.directory, len(self._clients))
            self._clients.clear()
            self._local = threading.local()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _parts_of(url: str) -> SplitResult:
    """The URL's parts. What is wrong with it is said without showing it, since it holds a password."""
    form = "chdb:///path or http(s)://user:password@host:8123/database"
    parts = urlsplit(url)
    if parts.scheme not in ("chdb", "http", "https"):
        raise StoreError(f"the ClickHouse URL must be {form}; see CONTROLPLANE_CLICKHOUSE_URL")
    if parts.scheme == "chdb" and (parts.netloc or not parts.path):
        raise StoreError("the ClickHouse URL must be chdb:///path with three slashes; see CONTROLPLANE_CLICKHOUSE_URL")
    if parts.scheme == "chdb" and (signs := [sign for sign in "?:" if sign in unquote(parts.path)]):
        # It takes what follows a ? for settings, and what follows a : in the path of a format's schema for a name.
        where = f"{unquote(parts.path)}, whose path has a {signs[0]}"
        raise StoreError(f"chDB can't work in {where}; see CONTROLPLANE_DATA_DIR and CONTROLPLANE_CLICKHOUSE_URL")
    try:
        valid = parts.scheme == "chdb" or (bool(parts.hostname) and (parts.port is None or parts.port > 0))
        # What follows a ? or # in a password would pass for something else, and the half before it for a host.
        valid = valid and not (parts.query or parts.fragment)
    except ValueError:
        valid = False
    if not valid:
        raise StoreError(
            f"the ClickHouse URL must be {form}, with / ? # @ : and % in user or password written as %2F %3F %23 %40 %3A %25; "
            "see CONTROLPLANE_CLICKHOUSE_URL"
        )
    return parts
