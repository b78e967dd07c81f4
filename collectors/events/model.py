"""A CloudEvent as plain values, and what may be wrong with one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: The instrumentation scope by which a span that stands for an event is told from others.
EVENT_SCOPE = "cloudevents"
#: A context attribute's value; a moment or an address is the text that the sender wrote.
Value = str | int | bool


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """One event of CloudEvents 1.0.

    ``time`` is nanoseconds, None where the sender states none. ``extensions`` are the context attributes beyond the
    specification's own. ``data`` is what its JSON says, decimal fractions as ``Decimal`` so that amounts stay as they
    were written; ``opaque`` is the number of bytes of data that are no JSON, which nobody here reads.
    """

    id: str
    source: str
    type: str
    subject: str = ""
    time: int | None = None
    content_type: str = ""
    data_schema: str = ""
    extensions: Mapping[str, Value] = field(default_factory=dict)
    data: Any = None
    opaque: int = 0

    @property
    def digest(self) -> bytes:
        """32 bytes that stand for source and id: by the specification two events that share both are the same one."""
        source = self.source.encode()
        return hashlib.sha256(b"%d:%b%b" % (len(source), source, self.id.encode())).digest()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an event is refused: ``position`` in its batch (from 0, None where it came alone), ``path`` within it."""

    message: str
    path: str = ""
    position: int | None = None
    id: str = ""


class EventError(ValueError):
    """An event that is none; the message says what is wrong, ``path`` where."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.path = path


class MediaTypeError(ValueError):
    """A body of a kind that is not taken here; one sentence that says which are."""
