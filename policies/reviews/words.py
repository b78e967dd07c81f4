"""What people write into reviews, held to a length and to characters that every database takes. Pure."""

from __future__ import annotations

from datetime import date, timedelta

TITLE, REASON = 200, 4_000
#: A review is due after so many days where nobody says otherwise, and in a year at most.
USUAL_DAYS, LONGEST_DAYS = 7, 366


class WordsError(ValueError):
    """Something that can't be taken as it was written; one sentence says what."""


def line(text: str, what: str) -> str:
    """One line without blanks around it. Raises ``WordsError``."""
    tidy = " ".join(text.split())
    if not tidy:
        raise WordsError(f"{what} is missing: say in a line what it is about")
    if len(tidy) > TITLE or not tidy.isprintable():
        raise WordsError(f"{what} has at most {TITLE} printable characters")
    return tidy


def several(text: str, what: str, *, needed: bool = False) -> str:
    """Any number of lines. Raises ``WordsError``."""
    tidy = "\n".join(each.rstrip() for each in text.strip().splitlines())
    if needed and not tidy:
        raise WordsError(f"{what} is empty")
    if len(tidy) > REASON:
        raise WordsError(f"{what} has {len(tidy):,} characters; at most {REASON:,} are taken")
    if any(not (sign.isprintable() or sign in "\n\t") for sign in tidy):
        raise WordsError(f"{what} holds characters that can't be shown")
    return tidy


def day(wanted: date | None, today: date) -> date:
    """The day on which a review is due. Raises ``WordsError``."""
    if wanted is None:
        return today + timedelta(days=USUAL_DAYS)
    if wanted < today:
        raise WordsError(f"it can't be due on {wanted}, which is over")
    if wanted > today + timedelta(days=LONGEST_DAYS):
        raise WordsError(f"it must be due within {LONGEST_DAYS} days, not on {wanted}")
    return wanted
