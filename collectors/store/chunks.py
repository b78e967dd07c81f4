"""Sets of hashes in portions that a server takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

#: A server takes 128 KiB in one parameter (``http_max_field_value_size``); each hash is written there as hex.
PARAMETER_BYTES = 120 * 1024


@dataclass(frozen=True, slots=True)
class Hashes:
    """Hashes as hex, one after another, to be bound as a ``String`` and taken apart by :func:`hashes_in`.

    Not a ``str`` itself: the client would look at each character of that for something to escape, and a list of hashes
    takes it ten microseconds each.
    """

    digits: str

    def __str__(self) -> str:
        """What is bound."""
        return self.digits


def hash_chunks(hashes: Collection[bytes]) -> Iterator[Hashes]:
    """The hashes, all of one length: each once, sorted, in portions that fit into one parameter."""
    ordered = sorted(set(hashes))
    if not ordered:
        return
    size = PARAMETER_BYTES // (2 * len(ordered[0]))
    for start in range(0, len(ordered), size):
        yield Hashes(b"".join(ordered[start : start + size]).hex())


def hashes_in(parameter: str, length: int) -> str:
    """A subquery for the hashes, each of so many bytes, that are bound under this name."""
    digits = f"extractAll({{{parameter}:String}}, '.{{{2 * length}}}')"
    return f"(SELECT toFixedString(unhex(arrayJoin({digits})), {length}))"
