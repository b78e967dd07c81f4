from __future__ import annotations

from dataclasses import dataclass

from registry.compat.model import Level
from registry.compat.rules import Rule


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule with the sentence that reports it.

    ``message`` may use {subject}, {old} and {new}. It speaks of "the old schema" and "the new schema" as states, never
    of what "was done", so that it can be read in either direction.
    """

    rule: Rule
    message: str
    lenient: bool = False  # the lenient content model accepts it
    unsound: bool = False  # accepted on trust (defaults, oneOf): not enough below "not" and "if"


def entry(
    rule: str,
    level: Level,
    message: str,
    why: str,
    migrate: str = "Nothing to do.",
    *,
    before: str = "",
    after: str = "",
    lenient: bool = False,
    unsound: bool = False,
) -> Entry:
    """Put one rule together."""
    return Entry(Rule(rule, level, why, migrate, before, after), message, lenient, unsound)
