"""A ClickHouse server reached by https: whose word its certificate is taken on."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from collectors.store.client import Store, StoreUnavailable
from collectors.store.migrate import migrate
from tests.clickhouse_http.running import ClickHouse
from tests.serving import free_ports


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(clickhouse: ClickHouse, authority: trustme.CA) -> Iterator[str]:
    """The address of the stand-in behind TLS, with a certificate of the authority."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    (port,) = free_ports(1)
    loop = asyncio.new_event_loop()
    # All of it runs in a thread of its own: a browser of another test may have a loop in this one.
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def through(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", clickhouse.port)
        try:
            await asyncio.gather(_pipe(reader, back), _pipe(there, writer))
        finally:
            # Also where it is cancelled at the end: what is left open would complain once the loop is gone.
            back.transport.abort()
            writer.transport.abort()

    async def listen() -> asyncio.Server:
        return await asyncio.start_server(through, "127.0.0.1", port, ssl=context)

    async def end(server: asyncio.Server) -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for _ in range(5):
            await asyncio.sleep(0)  # an aborted connection closes its socket in the next turns of the loop

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(30)
    url = clickhouse.url(clickhouse.new_database())
    yield url.replace("http://", "https://").replace(f":{clickhouse.port}/", f":{port}/")
    asyncio.run_coroutine_threadsafe(end(server), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(timeout=30)
    loop.close()


def test_it_works_by_https_with_the_authority_that_was_named(tls: str, authority: trustme.CA, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    with Store(tls, ca_file=file) as store:
        assert migrate(store)
        assert store.query("SELECT count() FROM spans") == [(0,)]
        assert store.place.startswith("https://127.0.0.1:")


def test_a_certificate_that_nobody_vouches_for_is_refused_in_one_line(tls: str) -> None:
    with Store(tls, timeout=5) as store, pytest.raises(StoreUnavailable) as caught:
        store.query("SELECT 1")
    assert "certificate verify failed" in str(caught.value)
    assert "\n" not in str(caught.value)
