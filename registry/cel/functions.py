"""Functions for expressions beyond CEL's own: pure, and each documented in one line for the table in the docs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

_SEMVER = re.compile(r"v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?", re.ASCII)
_MAJOR = re.compile(r"v?(\d+)", re.ASCII)
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[.-].*)?", re.ASCII)
_WEAKEST_FIRST = (
    ("none",),
    ("basic", "other"),
    ("api-key", "apiKey", "http", "oauth1"),
    ("bearer", "signature"),
    ("oauth2", "openid-connect", "openIdConnect"),
    ("mutual-tls", "mutualTLS"),
)
_STRENGTHS = {scheme: rank for rank, schemes in enumerate(_WEAKEST_FIRST) for scheme in schemes}


def version_style(text: str) -> str:
    """``semver`` (1.4.2), ``major`` (v2), ``dated`` (2026-04-22), or empty for anything else."""
    if _SEMVER.fullmatch(text):
        return "semver"
    if _day(text) is not None:
        return "dated"
    return "major" if _MAJOR.fullmatch(text) else ""


def version_step(old: str, new: str) -> str:
    """``major``, ``minor``, ``patch``, ``none``, ``backward``; of dated versions ``later``; empty if they can't be compared."""
    if version_style(old) != version_style(new) or not version_style(old):
        return ""
    if version_style(old) == "dated":
        before, after = _day(old) or date.min, _day(new) or date.min
        return "backward" if after < before else "later" if after > before else "none" if old == new else "later"
    one, other = _numbers(old), _numbers(new)
    if other < one:
        return "backward"
    for part, name in enumerate(("major", "minor", "patch")):
        if other[part] > one[part]:
            return name
    return "none" if old.removeprefix("v") == new.removeprefix("v") else "patch"


def strength(schemes: Sequence[str]) -> int:
    """How strong the weakest of some ways to prove who one is: 0 (none) to 5 (mutual TLS); of an empty list 0."""
    return min((_STRENGTHS.get(scheme, 1) for scheme in schemes), default=0)


def days(length: timedelta) -> int:
    """Whole days of a duration: ``days(api.sunset - now)``."""
    return length.days


def lower(text: str) -> str:
    """The text in lower case."""
    return text.lower()


def _numbers(text: str) -> tuple[int, int, int]:
    if found := _SEMVER.fullmatch(text):
        major, minor, patch = map(int, found.groups()[:3])
        return major, minor, patch
    return int(text.removeprefix("v")), 0, 0


def _day(text: str) -> date | None:
    found = _DATED.fullmatch(text)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


OWN: Mapping[str, Callable[..., Any]] = {
    function.__name__: function for function in (version_style, version_step, strength, days, lower)
}
#: CEL's own that people may call, as functions or methods.
STANDARD = frozenset(
    {
        *("bool", "bytes", "contains", "double", "duration", "dyn", "endsWith", "has", "int", "matches", "max", "min"),
        *("size", "startsWith", "string", "timestamp", "type", "uint"),
        *("getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getFullYear", "getHours", "getMilliseconds"),
        *("getMinutes", "getMonth", "getSeconds"),
    }
)
#: Macros that bind a name to each element of a list, or key of a map.
MACROS = frozenset({"all", "exists", "exists_one", "filter", "map"})
