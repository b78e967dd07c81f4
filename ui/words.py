"""The words that pages use: nouns in singular and plural, names turned into titles, states in plain language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ui.format import count

#: SLA states in the order in which they are shown, with the word that people read.
SLA_STATES = {"met": "on time", "breached": "late", "overdue": "overdue", "pending": "not due yet"}
WORKFLOW_STATES = {"running": "under way", "completed": "completed", "failed": "failed", "cancelled": "cancelled"}
_IRREGULAR = {"person": "people"}
_HISSING = ("s", "x", "z", "ch", "sh")
#: What names of services, schemas, fields and addresses have and words do not.
_NAME = re.compile(r"[-_./:@0-9]|.[A-Z]")


def noun(name: str) -> str:
    """An object's name as a noun: "credit-memo" -> "credit memo"."""
    return re.sub(r"[-_.\s]+", " ", name).strip() or "item"


def plural(name: str) -> str:
    """The noun for many: "invoices", "deliveries", "credit memos"."""
    single = noun(name)
    if single in _IRREGULAR:
        return _IRREGULAR[single]
    if single.endswith("y") and single[-2:-1] not in ("a", "e", "i", "o", "u", ""):
        return f"{single[:-1]}ies"
    return f"{single}es" if single.endswith(_HISSING) else f"{single}s"


def quantity(number: int, name: str) -> str:
    """A count with its noun: "1 invoice", "1,204 invoices"."""
    return f"{count(number)} {noun(name) if number == 1 else plural(name)}"


def title(name: str) -> str:
    """A name as a heading when nobody gave it a title: "invoice-posting" -> "Invoice posting"."""
    words = noun(name)
    return words[:1].upper() + words[1:]


def opened(text: str) -> str:
    """Words as a sentence opens, with a capital; a name that stands first stays as it is written: "crm-sync called it"."""
    first = text.partition(" ")[0].rstrip(",;:")
    return text if _NAME.search(first) else text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """An error's words as a sentence of their own."""
    return f"{opened(text).rstrip('.')}."


def listing(items: Sequence[str]) -> str:
    """Items in a sentence: "a", "a and b", "a, b and c"."""
    if len(items) < 2:  # noqa: PLR2004 - a list of two is where "and" begins
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def one(name: str) -> str:
    """The noun with its article: "an invoice", "a payment"."""
    single = noun(name)
    return f"{'an' if single[0] in 'aeiou' else 'a'} {single}"


def verb(number: int, one: str, many: str) -> str:
    """The form of a verb that agrees with a count."""
    return one if number == 1 else many
