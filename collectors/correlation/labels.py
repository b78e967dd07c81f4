"""Labels in the store: which component a key belongs to, and which keys a component has."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from collectors.correlation.components import KEY_BYTES, LABEL_BYTES
from collectors.store.chunks import hash_chunks, hashes_in
from collectors.store.client import Store

_KEYS = hashes_in("hashes", KEY_BYTES)
_LABELS = hashes_in("hashes", LABEL_BYTES)


def labels_of(store: Store, definition: str, keys: Collection[bytes]) -> dict[bytes, bytes]:
    """Key -> label, for those keys that have one."""
    found: dict[bytes, bytes] = {}
    for chunk in hash_chunks(keys):
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
    for chunk in hash_chunks(labels):
        rows = store.query(
            f"SELECT key, label FROM label_keys WHERE definition = {{definition:String}} AND label IN {_LABELS}",
            {"definition": definition, "hashes": chunk},
        )
        found.update((bytes(key), bytes(label)) for key, label in rows)
    return found


def ever_of(store: Store, definition: str, keys: Collection[bytes]) -> set[bytes]:
    """All labels that any of these keys ever had. Reads every label of the reading, so it is for what is done once."""
    found: set[bytes] = set()
    for chunk in hash_chunks(keys):
        rows = store.query(
            f"SELECT DISTINCT label FROM label_keys WHERE definition = {{definition:String}} AND key IN {_KEYS}",
            {"definition": definition, "hashes": chunk},
        )
        found.update(bytes(label) for (label,) in rows)
    return found


def write(store: Store, definition: str, labels: Iterable[tuple[bytes, bytes]]) -> None:
    """Give keys a (smaller) label; writing one again changes nothing.

    The inverse goes first: whoever finds the label of a key after a kill must also find the key of the label.
    """
    rows = [[definition, key, label] for key, label in labels]
    if rows:
        store.insert("label_keys", rows, ["definition", "key", "label"])
        store.insert("key_labels", rows, ["definition", "key", "label"])
