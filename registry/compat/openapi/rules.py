"""How a check declares its ids, as data beside it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from registry.compat.model import Level
from registry.compat.rules import Rule

BREAKING, WARNING, INFO = Level.BREAKING, Level.WARNING, Level.INFO


class Scope(StrEnum):
    """What a check is called with, beside a Context where dates matter."""

    DOCUMENT = "document"
    OPERATION = "operation"
    PARAMETER = "parameter"
    RESPONSE = "response"
    SCHEMA = "schema"
    VERDICT = "verdict"


class Direction(StrEnum):
    """Who reads the changed part: the provider reads a request, the caller a response, either something else."""

    REQUEST = "request"
    RESPONSE = "response"
    NONE = ""


REQUEST, RESPONSE, NEITHER = Direction.REQUEST, Direction.RESPONSE, Direction.NONE


def rules(level: Level, direction: Direction, area: str, *ids: str, why: str, migrate: str) -> tuple[Rule, ...]:
    """Declare ids that share a level, a reason and a remedy.

    Args:
        level: the level that each has unless a configuration says otherwise.
        direction: whose side of a call the change is on.
        area: the part of the document, for grouping: schema, parameters, requestbody, responses, headers, ...
        ids: kebab-case ids, named as in oasdiff.
        why: a clause for the end of a message: who is hurt and how.
        migrate: a sentence: what to do instead.
    """
    return tuple(Rule(id_, level, why, migrate, direction=direction.value, area=area) for id_ in ids)


def for_places(suffix: str, *places: str) -> tuple[str, ...]:
    """``for_places("max-set", "request-body")`` is ``("request-body-max-set",)``."""
    return tuple(f"{place}-{suffix}" for place in places)


def for_all(suffixes: Iterable[str], *places: str) -> tuple[str, ...]:
    """``for_places`` for each of several suffixes."""
    return tuple(id_ for suffix in suffixes for id_ in for_places(suffix, *places))
