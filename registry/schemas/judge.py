"""What a subject's new document would break: a question to the compatibility engine about what is registered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.compat.engine import check
from registry.compat.model import DocumentError, Format, Mode, Options, Report

# An error of one document alone need not say which of the two it is.
_WHICH = re.compile(r"\bthe (?:old|new) ")


@dataclass(frozen=True, slots=True)
class Registered:
    """What is registered under a name: all documents, oldest first, the one in force last."""

    subject: str
    format: Format
    mode: Mode
    documents: Sequence[str]


def read(of: Format, text: str, today: date) -> None:
    """Find out whether a document can be read. Raises ``DocumentError``."""
    try:
        check(of, text, text, mode=Mode.BACKWARD, options=Options(as_of=today))
    except DocumentError as error:
        message = _WHICH.sub("the ", error.message)
        raise DocumentError(message, line=error.line, column=error.column, path="document") from error


def judge(registered: Registered, text: str, today: date) -> Report:
    """What the change from what is registered to a new document does, by the subject's own mode.

    Raises ``DocumentError``: the new document can't be read; ``path`` is "document".
    """
    read(registered.format, text, today)
    options = Options(as_of=today)
    return check(registered.format, registered.documents, text, mode=registered.mode, options=options)


def in_order(documents: Sequence[str], current: str) -> Sequence[str]:
    """All documents with the one in force last, as it is the one that a change replaces."""
    return [*(one for one in documents if one != current), current]
