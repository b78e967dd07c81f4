"""Lists of hashes in portions that a server takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator

#: A server takes 128 KiB in one parameter (``http_max_field_value_size``); each hash is written there as hex, with
#: quotes, a comma and a blank.
PARAMETER_BYTES = 120 * 1024


def hex_chunks(hashes: Collection[bytes]) -> Iterator[list[str]]:
    """The hashes, all of one length, as hex: each once, sorted, in lists that fit into one parameter."""
    ordered = sorted(set(hashes))
    if not ordered:
        return
    size = PARAMETER_BYTES // (2 * len(ordered[0]) + len("'', "))
    for start in range(0, len(ordered), size):
        yield [one.hex() for one in ordered[start : start + size]]
