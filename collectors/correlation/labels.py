"""Labels in the store: which component a key belongs to, and which keys a component has."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from collectors.store.chunks import hex_chunks
from collectors.store.client import Store

_KEYS = "(SELECT toFixedString(unhex(arrayJoin({hashes:Array(String)})), 16))"
_LABELS = "(SELECT toFixedString(unhex(arrayJoin({hashes:Array(String)})), 24))"


def labels_of(store: Store, definition: str, keys: Collection[bytes]) -> dict[bytes, bytes]:
    """Key -> label, for those keys that have one."""
    found: dict[bytes, bytes] = {}
    for chunk in hex_chunks(keys):
        rows = store.query(
            "SELECT key, min(label) FROM key_labels "
            f"WHERE definition = {{definition:String}} AND key IN {_KEYS} GROUP BY key",
            {"definition": definition, "hashes": chunk},
        )
        found.update((bytes(key), bytes(label)) for key, label in rows)
    return found


def keys_of(store: Store, definition: str, labels: Collection[bytes]) -> dict[bytes, bytes]:
    """Key -> the label under which it was found, for all keys that ever had one of these labels.

    Keys are joined for good within an era, so all of them belong to the component that the label is or was part of.
    """
    found: dict[bytes, bytes] = {}
    for chunk in hex_chunks(labels):
        rows = store.query(
            f"SELECT key, label FROM label_keys WHERE definition = {{definition:String}} AND label IN {_LABELS}",
            {"definition": definition, "hashes": chunk},
        )
        found.update((bytes(key), bytes(label)) for key, label in rows)
    return found


def labels_after(store: Store, definition: str, last: bytes, limit: int) -> list[bytes]:
    """The labels of a reading in their order, those behind ``last``; b"" begins."""
    rows = store.query(
        "SELECT DISTINCT label FROM label_keys WHERE definition = {definition:String} "
        "AND label > toFixedString(unhex({last:String}), 24) ORDER BY label LIMIT {limit:UInt32}",
        {"definition": definition, "last": last.hex(), "limit": limit},
    )
    return [bytes(label) for (label,) in rows]


def write(store: Store, definition: str, labels: Iterable[tuple[bytes, bytes]]) -> None:
    """Give keys a (smaller) label; writing one again changes nothing.

    The inverse goes first: whoever finds the label of a key after a kill must also find the key of the label.
    """
    rows = [[definition, key, label] for key, label in labels]
    if rows:
        store.insert("label_keys", rows, ["definition", "key", "label"])
        store.insert("key_labels", rows, ["definition", "key", "label"])
