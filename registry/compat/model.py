"""The plain values that every checker takes and gives."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal


class Level(enum.StrEnum):
    """How much a change hurts, worst first."""

    BREAKING = "breaking"
    WARNING = "warning"
    INFO = "info"


class Mode(enum.StrEnum):
    """Which data or calls must survive the change (Confluent Schema Registry's names)."""

    BACKWARD = "BACKWARD"
    FORWARD = "FORWARD"
    FULL = "FULL"
    BACKWARD_TRANSITIVE = "BACKWARD_TRANSITIVE"
    FORWARD_TRANSITIVE = "FORWARD_TRANSITIVE"
    FULL_TRANSITIVE = "FULL_TRANSITIVE"
    NONE = "NONE"

    @property
    def backward(self) -> bool:
        """Whether data or calls made for the old document must be right under the new one."""
        return self.value.startswith(("BACKWARD", "FULL"))

    @property
    def forward(self) -> bool:
        """Whether data or calls made for the new document must be right under the old one."""
        return self.value.startswith(("FORWARD", "FULL"))

    @property
    def transitive(self) -> bool:
        """Whether every earlier version counts, not only the latest."""
        return self.value.endswith("_TRANSITIVE")


class Format(enum.StrEnum):
    """The six kinds of document that can be compared."""

    JSON_SCHEMA = "json-schema"
    OPENAPI = "openapi"
    ASYNCAPI = "asyncapi"
    AVRO = "avro"
    PROTOBUF = "protobuf"
    GRAPHQL = "graphql"


class DocumentError(ValueError):
    """A document that can't be read: what is wrong, and where (line and column from 1, or a path)."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None, path: str = "") -> None:
        self.message, self.line, self.column, self.path = message, line, column, path
        where = f"line {line}: " if line is not None else f"{path}: " if path else ""
        super().__init__(where + message)


class OptionError(ValueError):
    """An option that can't be used: what is wrong with it and what would be right."""


Direction = Literal["backward", "forward"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two documents and what it does to those who rely on the old one.

    ``path`` is a JSON Pointer (or the format's own dotted name) into the document in which the change shows;
    ``old_path`` and ``new_path`` say where each document has it, with lines from 1 where the text has lines.
    ``arguments`` are the facts that the message was made of, in a fixed order: a fingerprint rests on them and on the
    rule and path, never on wording. ``direction`` says whose data is meant: "backward" that of the old document under
    the new one, "forward" that of the new one under the old. ``witness`` is JSON text: a value that was right and is
    wrong now. ``waived`` says by whom and until when the change was let pass, its first word the level that it had.
    ``baseline`` says whether a baseline had it already; empty where there is none.
    """

    rule: str
    level: Level
    path: str
    message: str
    hint: str = ""
    old_path: str | None = None
    new_path: str | None = None
    old_line: int | None = None
    new_line: int | None = None
    old: Any = None
    new: Any = None
    arguments: tuple[str, ...] = ()
    direction: Direction = "backward"
    witness: str | None = None
    waived: str | None = None
    baseline: Literal["", "new", "unchanged"] = ""

    @property
    def fails(self) -> bool:
        """Whether it is a reason to refuse: it breaks someone, and was not so before the baseline was written."""
        return self.level is Level.BREAKING and self.baseline != "unchanged"

    @property
    def was(self) -> Level:
        """Its level, or the one that it had before it was let pass."""
        return Level(self.waived.split()[0]) if self.waived else self.level

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits that stay the same while rule, place and facts do, however the sentence is worded."""
        forward = [self.direction] if self.direction == "forward" else []
        facts = json.dumps([self.rule, self.path, *self.arguments, *forward], ensure_ascii=False)
        return hashlib.sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()[:16]


ContentModel = Literal["strict", "lenient"]


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may tune. ``as_of`` decides sunset rules; ``severity`` maps a rule id to a level or "none".

    ``witnesses``: whether to look for values that a change breaks, which takes longer than finding the change.
    """

    as_of: date
    deprecation_days: Mapping[str, int] = field(default_factory=dict)
    severity: Mapping[str, str] = field(default_factory=dict)
    content_model: ContentModel = "strict"
    stability: str | None = None
    protobuf_category: str = "confluent"
    waivers: Sequence[Mapping[str, Any]] = ()
    witnesses: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to one question; ``compatible`` is false if any change is breaking."""

    format: Format
    mode: Mode
    changes: tuple[Change, ...]

    @property
    def compatible(self) -> bool:
        """Whether nothing in it breaks anyone anew."""
        return not any(change.fails for change in self.changes)


@dataclass(frozen=True, slots=True)
class Judged:
    """A report, and what its documents are called."""

    report: Report
    names: Names


@dataclass(frozen=True, slots=True)
class Names:
    """What the two documents are called where people look for them: file names, or a subject and its versions."""

    old: str = "old"
    new: str = "new"
