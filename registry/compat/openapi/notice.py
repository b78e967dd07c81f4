"""Whether enough notice is given: for deprecating, for moving a sunset date, for removing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from registry.compat.openapi.lifecycle import SUNSET, Context, is_deprecated, sunset

Json = Mapping[str, Any]
# The configuration under which an example shows that notice is owed.
NOTICE: Final = "{deprecation_days: {stable: 90}}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The end of a rule id, the end of a sentence, and the keyword and date that it is about."""

    event: str
    said: str
    key: str
    date: str | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        """What a fingerprint rests on."""
        return (self.event, self.date or "")


def deprecation(old: Json, new: Json, days: int, context: Context) -> Verdict | None:
    """Judge a ``deprecated`` that came or went; None if it did neither.

    Events: reactivated, missing, parse, sunset-date-too-small, deprecated, deprecated-with-sunset.
    """
    if is_deprecated(old) == is_deprecated(new):
        return None
    if not is_deprecated(new):
        return Verdict("reactivated", "is no longer deprecated", "deprecated")
    if SUNSET in new:
        return _with_sunset(new, days, context)
    if days > 0:
        return Verdict("missing", "was deprecated without a sunset date", "deprecated")
    return Verdict("deprecated", "was deprecated", "deprecated")


def _with_sunset(new: Json, days: int, context: Context) -> Verdict:
    text, date = str(new[SUNSET]), sunset(new)
    if date is None:
        return Verdict("parse", f"was deprecated with a sunset date that is no date, {text!r}", SUNSET, text)
    if (date - context.as_of).days < days:
        said = f"was deprecated with the sunset date {date}, less than {days} days from {context.as_of}"
        return Verdict("sunset-date-too-small", said, SUNSET, text)
    return Verdict("deprecated-with-sunset", f"was deprecated until {date}", SUNSET, text)


def sunset_move(old: Json, new: Json, days: int, context: Context) -> Verdict | None:
    """Judge the sunset date of what was and stays deprecated; None if nothing is wrong.

    Events: deleted, parse, too-small.
    """
    if not is_deprecated(old) or not is_deprecated(new) or SUNSET not in old or old.get(SUNSET) == new.get(SUNSET):
        return None
    if SUNSET not in new:
        return Verdict("deleted", f"lost its sunset date {old[SUNSET]}", SUNSET, str(old[SUNSET]))
    before, after = sunset(old), sunset(new)
    if before is None or after is None:
        wrong = old if before is None else new
        return Verdict("parse", f"has a sunset date that is no date, {wrong[SUNSET]!r}", SUNSET, str(wrong[SUNSET]))
    if after < before and (after - context.as_of).days < days:
        said = f"had its sunset date moved from {before} to {after}, less than {days} days from {context.as_of}"
        return Verdict("too-small", said, SUNSET, str(new[SUNSET]))
    return None


def removal(old: Json, context: Context) -> Verdict:
    """Judge the removal of something.

    Events: without-deprecation, with-deprecation, parse, before-sunset.
    """
    if not is_deprecated(old):
        return Verdict("without-deprecation", "was removed without having been deprecated", "deprecated")
    if SUNSET not in old:
        return Verdict("with-deprecation", "was removed after it had been deprecated", "deprecated")
    text, date = str(old[SUNSET]), sunset(old)
    if date is None:
        return Verdict("parse", f"was removed, and its sunset date is no date, {text!r}", SUNSET, text)
    if context.as_of < date:
        return Verdict("before-sunset", f"was removed before its sunset date {date}", SUNSET, text)
    return Verdict("with-deprecation", f"was removed after its sunset date {date}", SUNSET, text)
