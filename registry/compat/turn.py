"""Telling a change from the other side: what compares as new against old, in words that still say old and new."""

from __future__ import annotations

import re
from dataclasses import replace

from registry.compat.model import Change, DocumentError

# Old and new change places in a sentence, but not within quotes, paths or names.
_OLD_NEW = re.compile(r'"[^"]*"|/\S*|(?<![\w-])(?:old|new)(?![\w-])')
_OTHER = {"old": "new", "new": "old"}


def turned(change: Change) -> Change:
    """A change found by comparing the new document with the old one, with each side's facts where they belong."""
    return replace(
        change,
        message=swapped(change.message),
        old_path=change.new_path,
        new_path=change.old_path,
        old_line=change.new_line,
        new_line=change.old_line,
        old=change.new,
        new=change.old,
    )


def turned_error(error: DocumentError) -> DocumentError:
    """An error that names the document that it is about by its right name."""
    path = error.path
    for word, other in _OTHER.items():
        if path == word or path.startswith((f"{word}/", f"{word}#")):
            path = other + path.removeprefix(word)
            break
    return DocumentError(swapped(error.message), line=error.line, column=error.column, path=path)


def swapped(sentence: str) -> str:
    """A sentence with "old" and "new" exchanged."""
    return _OLD_NEW.sub(lambda match: _OTHER.get(match.group(), match.group()), sentence)
