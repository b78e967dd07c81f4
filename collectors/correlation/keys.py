"""The hash by which keys are compared: the same in Python and in ClickHouse."""

from __future__ import annotations

import hashlib

from collectors.timelines.model import Key

HASH_BYTES = 16
#: Takes a ``Tuple(type String, value String)`` named ``k``; must equal :func:`key_hash`.
KEY_HASH_SQL = f"toFixedString(substring(SHA256(concat(k.1, '\\0', k.2)), 1, {HASH_BYTES}), {HASH_BYTES})"


def key_hash(key: Key) -> bytes:
    """16 bytes of SHA-256 over type and value: wide enough that two of a billion keys never meet by chance."""
    return hashlib.sha256(f"{key.type}\0{key.value}".encode()).digest()[:HASH_BYTES]
