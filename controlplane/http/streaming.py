"""Answers that are sent as they are read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import TypeVar

T = TypeVar("T")


def begun(items: Iterator[T]) -> Iterator[T]:
    """The same items, the first of them read at once: what fails at the start is still answered as an error."""
    return chain(list(islice(items, 1)), items)


def saved_as(name: str) -> dict[str, str]:
    """Headers by which a browser saves an answer under a name."""
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
