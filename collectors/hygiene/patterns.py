"""What a value may look like: a mail address, a payment card's number, or an expression of one's own. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

Test = Callable[[str], bool]
_MAIL = re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+")
#: 13 to 19 digits that stand alone, with blanks or hyphens between them, beginning as cards do.
_CARD = re.compile(r"(?<![\w.-])(?:[3-6]|2[2-7])(?:[ -]?\d){11,18}(?![\w.-]*\d)")
#: Found quickly in what holds a card number, and in little else.
_MANY_DIGITS = re.compile(r"\d(?:[ -]?\d){12}")
_SHORTEST, _LONGEST = 13, 19
_TEN, _NINE = 10, 9


def is_mail(text: str) -> bool:
    """Whether there is a mail address in it."""
    return "@" in text and _MAIL.search(text) is not None


def is_card(text: str) -> bool:
    """Whether there is a number in it that may be a card's: its length, its beginning and its check digit are right.

    Of ids that are no cards but look like one, one in ten passes; a rule that keeps them goes first.
    """
    if len(text) < _SHORTEST or _MANY_DIGITS.search(text) is None:
        return False
    return any(_passes(found[0]) for found in _CARD.finditer(text))


def expression(pattern: str) -> Test:
    """A test by a regular expression, which may match anywhere. Raises ``re.error``."""
    compiled = re.compile(pattern)
    return lambda text: compiled.search(text) is not None


def _passes(number: str) -> bool:
    digits = [int(one) for one in number if one.isdigit()]
    if not _SHORTEST <= len(digits) <= _LONGEST:
        return False
    doubled = (2 * one if place % 2 else one for place, one in enumerate(reversed(digits)))
    return sum(one - _NINE if one >= _TEN else one for one in doubled) % _TEN == 0


#: By the name that a rule uses.
KNOWN: dict[str, Test] = {"email": is_mail, "card-number": is_card}
