from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference, not yet in words: the rule, where each document has it, and the values on both sides.

    ``old_path`` and ``new_path`` are JSON Pointers; a side that lacks the thing names the schema that lacks it.
    ``subject`` is what the sentence talks about (a property's name, a keyword's name). ``facts`` tells apart, for the
    fingerprint, what subject and values leave alike.
    """

    rule: str
    old_path: str
    new_path: str
    subject: str = ""
    old: Any = None
    new: Any = None
    facts: str = ""
    on_new: bool = True  # whether the thing shows in the new document (else it was removed)
