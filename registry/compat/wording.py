from __future__ import annotations

import re
from collections.abc import Mapping

_BLANK = re.compile(r"\{(\w+)\}")


def filled(sentence: str, words: Mapping[str, str]) -> str:
    """A sentence with its {blanks} filled in, all at once: what is filled in may well hold braces of its own."""
    return _BLANK.sub(lambda match: words.get(match.group(1), match.group()), sentence)
