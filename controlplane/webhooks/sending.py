"""One POST to a receiver: its address is looked up once, judged, and then used; nothing is followed, nothing is read."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from time import perf_counter

import certifi
import httpx

from controlplane.webhooks.networks import Network, refused
from registry.webhooks.outbox import Outcome

#: A receiver that takes longer has to take it and work on it later.
SECONDS = 15.0


async def send(url: str, headers: Mapping[str, str], body: bytes, allowed: Sequence[Network]) -> Outcome:
    """What came of sending; whatever goes wrong is said in the outcome.

    The answer's body is not read: an address inside must tell nothing to whoever reads the log.
    """
    started = perf_counter()
    status, error, asked = None, None, None
    try:
        async with asyncio.timeout(SECONDS):
            answer = await _post(httpx.URL(url), headers, body, allowed)
        status, asked = answer.status_code, _asked(answer)
        error = None if answer.is_success else _said(answer)
    except TimeoutError:
        error = f"no answer within {SECONDS:.0f} seconds"
    except _RefusedError as problem:
        error = str(problem)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as problem:
        error = f"can't be reached: {_plain(problem)}"
    return Outcome(status, error, round((perf_counter() - started) * 1_000), asked)


class _RefusedError(Exception):
    """An address that must not be sent to."""


async def _post(url: httpx.URL, headers: Mapping[str, str], body: bytes, allowed: Sequence[Network]) -> httpx.Response:
    found = await _addresses(url)
    problem = refused(url.host, found, allowed)
    if problem is not None:
        raise _RefusedError(problem)
    # The name was judged by its addresses, so one of those is used and the name not looked up again.
    target = url.copy_with(host=found[0])
    sent = {**headers, "host": url.netloc.decode("ascii"), "user-agent": "controlplane-webhooks"}
    # Proxies and credentials that the environment names are meant for others.
    async with httpx.AsyncClient(verify=_trust(), trust_env=False, follow_redirects=False, timeout=SECONDS) as client:
        request = client.build_request(
            "POST", target, headers=sent, content=body, extensions={"sni_hostname": url.host}
        )
        answer = await client.send(request, stream=True)
        await answer.aclose()
        return answer


async def _addresses(url: httpx.URL) -> list[str]:
    port = url.port or (443 if url.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    rows = await loop.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


@cache
def _trust() -> ssl.SSLContext:
    """The system's authorities (``SSL_CERT_FILE`` names others) and the public ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _said(answer: httpx.Response) -> str:
    phrase = f" {answer.reason_phrase}" if answer.reason_phrase.isprintable() else ""
    moved = "; a webhook follows no redirect, so give it the new address" if answer.is_redirect else ""
    return f"answered {answer.status_code}{phrase[:60]}{moved}"


def _asked(answer: httpx.Response) -> timedelta | None:
    """``Retry-After`` in seconds."""
    with contextlib.suppress(ValueError, OverflowError):
        return timedelta(seconds=max(0, int(answer.headers.get("retry-after", "")[:10])))
    return None


def _plain(problem: Exception) -> str:
    text = str(problem) or type(problem).__name__
    return " ".join(text.split())[:300]
