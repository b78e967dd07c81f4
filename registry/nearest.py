"""The right name nearest to a wrong one."""

import difflib
from collections.abc import Iterable

_LONGEST = 100


def nearest(wrong: str, right: Iterable[str]) -> str | None:
    """The one of ``right`` that somebody who wrote ``wrong`` most likely meant, if any is near enough."""
    candidates = sorted(right)
    by_case = {candidate.casefold(): candidate for candidate in candidates}
    close = difflib.get_close_matches(wrong[:_LONGEST].casefold(), list(by_case), n=1, cutoff=0.6)
    return by_case[close[0]] if close else None


def did_you_mean(wrong: str, right: Iterable[str]) -> str:
    """``; did you mean X?``, or else ``; it can be X, Y or Z``, to put at the end of a sentence."""
    candidates = sorted(right)
    if guess := nearest(wrong, candidates):
        return f"; did you mean {guess}?"
    return (
        f"; it can be {' or '.join(filter(None, (', '.join(candidates[:-1]), candidates[-1])))}" if candidates else ""
    )
