from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from registry.compat.model import Change, Level, OptionError, Options

#: A waiver that ends within so many days is announced wherever it is used.
AHEAD_DAYS = 14
_SCOPE = ("fingerprint", "rule", "path")
_KNOWN = (*_SCOPE, "expires", "reason", "owner", "approver", "ticket")


@dataclass(frozen=True, slots=True)
class Waiver:
    """Leave to break something until a day: which changes (all that is given must match), why, and who said so.

    ``path`` may hold wildcards (``*``). ``expires`` is the last day on which it counts.
    """

    scope: Mapping[str, str]
    expires: date
    reason: str
    people: str

    def covers(self, change: Change) -> bool:
        """Whether the change is in scope, whatever the day."""
        facts = {"fingerprint": change.fingerprint, "rule": change.rule, "path": change.path}
        return all(
            fnmatch.fnmatchcase(facts[name], wanted) if name == "path" else facts[name] == wanted
            for name, wanted in self.scope.items()
        )

    def counts_on(self, day: date) -> bool:
        """Whether it is still good on a day."""
        return counts_on(self.expires, day)


def counts_on(expires: date, day: date) -> bool:
    """Whether a waiver of that last day is still good on a day: the one place that decides expiry, for every door."""
    return day <= expires


def ends(expires: date, day: date) -> str:
    """The last day in words, announced ahead: ``2027-03-31 (in 5 days)``."""
    left = (expires - day).days
    soon = f" (in {left} {'day' if left == 1 else 'days'})" if 0 <= left <= AHEAD_DAYS else ""
    return f"{expires.isoformat()}{soon}"


def read_waiver(given: Mapping[str, Any]) -> Waiver:
    """Check one waiver of a configuration.

    Raises:
        OptionError: no scope, no reason, no expiry, or something unknown.
    """
    unknown = [str(name) for name in given if name not in _KNOWN]
    if unknown:
        raise OptionError(f'waiver: unknown "{unknown[0]}"; it may have {", ".join(_KNOWN)}')
    scope = {name: str(given[name]) for name in _SCOPE if given.get(name)}
    if not scope:
        raise OptionError("waiver: say what it is for, by fingerprint, rule or path")
    if not given.get("reason"):
        raise OptionError('waiver: give a "reason"')
    people = ", ".join(str(given[name]) for name in ("approver", "owner", "ticket") if given.get(name))
    return Waiver(scope, _expiry(given.get("expires")), str(given["reason"]), people)


def _expiry(value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise OptionError(f'waiver: "expires" must be a date like 2027-03-31, not {value!r}') from None


def waive(changes: Iterable[Change], options: Options) -> Iterator[Change]:
    """Turn waived changes into information that says so; an expired waiver changes nothing and says so, too.

    Raises:
        OptionError: see ``read_waiver``.
    """
    waivers = [read_waiver(given) for given in options.waivers]
    for change in changes:
        if change.level is Level.INFO:
            yield change
            continue
        covering = [waiver for waiver in waivers if waiver.covers(change)]
        good = next((waiver for waiver in covering if waiver.counts_on(options.as_of)), None)
        if good is not None:
            by = f" ({good.people})" if good.people else ""
            sentence = f"{change.level} waived until {ends(good.expires, options.as_of)}{by}: {good.reason}"
            yield replace(change, level=Level.INFO, waived=sentence)
        elif covering:
            ended = max(waiver.expires for waiver in covering).isoformat()
            yield replace(change, hint=f"A waiver for this expired on {ended}. {change.hint}".rstrip())
        else:
            yield change
