"""Sentences whose figures are links: the answer that a page opens with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bit:
    """A piece of a sentence; ``href`` leads to the rows behind a figure, ``tone`` is "", "late" or "bad"."""

    text: str
    href: str | None = None
    tone: str = ""


def read(bits: Iterable[Bit]) -> str:
    """The sentence without its links."""
    return "".join(bit.text for bit in bits)
