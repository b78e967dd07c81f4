"""What a value may look like: a mail address, a payment card's number, or an expression of one's own. Pure.

The first two take time in proportion to a value's length, whatever is in it: senders choose it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Test = Callable[[str], bool]
#: Around the @, which addresses within addresses of pages have as %40; how far the name before it reaches says nothing.
_MAIL = re.compile(r"[\w.%+-](?:@|%40)[\w-]+\.[\w-]")
#: Digits that stand alone, in groups with a blank or hyphen between them.
_DIGITS = re.compile(r"(?<![\w.-])\d++(?:[ \u00a0-]\d++)*+")
#: The last group belongs to something longer, such as an id or a number with a fraction.
_GOES_ON = re.compile(r"[\w.-]*\d")
_BETWEEN = re.compile(r"[ \u00a0-]")
#: Found quickly in what holds a card number, and in little else.
_MANY_DIGITS = re.compile(r"\d(?:[ \u00a0-]?\d){12}")
_BEGINNING = re.compile(r"[3-6]|2[2-7]")
_SHORTEST, _LONGEST = 13, 19
#: Digits of a group that may be part of a number beside other numbers.
_GROUP = 3
_TEN, _NINE = 10, 9


def is_mail(text: str) -> bool:
    """Whether there is a mail address in it."""
    return ("@" in text or "%40" in text) and _MAIL.search(text) is not None


def is_card(text: str) -> bool:
    """Whether there is a number in it that may be a card's: its length, its beginning and its check digit are right.

    Of ids that are no cards but look like one, one in ten passes; a rule that keeps them goes first.
    """
    if len(text) < _SHORTEST or _MANY_DIGITS.search(text) is None:
        return False
    return any(_passes(number) for found in _DIGITS.finditer(text) for number in _numbers(found))


def expression(pattern: str) -> Test:
    """A test by a regular expression, which may match anywhere. Raises ``re.error``."""
    compiled = re.compile(pattern)
    return lambda text: compiled.search(text) is not None


def _numbers(found: re.Match[str]) -> Iterator[str]:
    """The digits as one number, and groups that follow one another as numbers of their own: other numbers stand beside it."""
    groups = _BETWEEN.split(found[0])
    if _GOES_ON.match(found.string, found.end()):
        del groups[-1]
    yield "".join(groups)
    for first in range(len(groups)):
        number = ""
        for place in range(first, len(groups)):
            group = groups[place]
            number += group
            if len(group) < _GROUP or len(number) > _LONGEST:
                break
            yield number


def _passes(number: str) -> bool:
    if not _SHORTEST <= len(number) <= _LONGEST or _BEGINNING.match(number) is None:
        return False
    doubled = (2 * int(one) if place % 2 else int(one) for place, one in enumerate(reversed(number)))
    return sum(one - _NINE if one >= _TEN else one for one in doubled) % _TEN == 0


#: By the name that a rule uses.
KNOWN: dict[str, Test] = {"email": is_mail, "card-number": is_card}
