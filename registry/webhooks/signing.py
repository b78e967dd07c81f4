"""Signing as Standard Webhooks has it: HMAC-SHA256 over id, time and body, in a header that receivers' libraries know."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from registry.sources.sealing import SecretError

PREFIX = "whsec_"
_FEWEST, _MOST = 24, 64
_SHAPE = f"a secret is {PREFIX} and {_FEWEST} to {_MOST} random bytes in base64; `controlplane webhook secret --new` makes one"


def new_secret() -> str:
    """A secret of 256 random bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def keys_of(text: str) -> tuple[bytes, ...]:
    """The keys of a secret; several, with spaces between, while one takes the place of another.

    Raises ``SecretError``, which does not repeat the text.
    """
    keys = tuple(_key(one) for one in text.split())
    if not keys:
        raise SecretError(_SHAPE)
    return keys


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not text.startswith(PREFIX) or not _FEWEST <= len(key) <= _MOST:
        raise SecretError(_SHAPE)
    return key


def headers(keys: Sequence[bytes], ident: str, at: int, body: bytes) -> dict[str, str]:
    """The three header fields for a body that is sent at a time (seconds since the epoch); a signature for each key."""
    signed = f"{ident}.{at}.".encode() + body
    made = (base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in keys)
    return {
        "webhook-id": ident,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{one}" for one in made),
    }
