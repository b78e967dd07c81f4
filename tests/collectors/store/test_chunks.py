from __future__ import annotations

import hashlib

from collectors.store.chunks import PARAMETER_BYTES, hash_chunks, hashes_in
from collectors.store.client import Store

STORES = ("chdb", "http")


def test_each_hash_comes_once_in_order_and_no_portion_is_too_large(store: Store) -> None:
    hashes = [hashlib.sha256(str(number).encode()).digest()[:16] for number in range(9_000)]
    chunks = list(hash_chunks(hashes + hashes[:50]))
    assert max(len(str(chunk)) for chunk in chunks) <= PARAMETER_BYTES
    found = [
        bytes(row[0]) for chunk in chunks for row in store.query(f"SELECT * FROM {hashes_in('h', 16)}", {"h": chunk})
    ]
    assert found == sorted(hashes)
    assert list(hash_chunks([])) == []
