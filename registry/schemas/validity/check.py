"""Holding a document to its format's specification."""

import importlib
import importlib.util
from collections.abc import Callable, Iterable
from functools import cache

from registry.compat.model import DocumentError, Format
from registry.compat.source_map import Document, read_document
from registry.schemas import validity as package

Wrong = tuple[str, str]
"""Where (a JSON Pointer) and what, as the end of a sentence about that place."""

MAX_CHARACTERS = 16 * 1024 * 1024
_NAMES = {
    Format.JSON_SCHEMA: "JSON schema",
    Format.OPENAPI: "OpenAPI document",
    Format.ASYNCAPI: "AsyncAPI document",
}


def check_size(text: str) -> None:
    """Refuse what nobody could look through. Raises ``DocumentError``."""
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(f"it has {len(text):,} characters; at most {MAX_CHARACTERS:,} are taken")


def check_valid(of: Format, text: str) -> None:
    """Hold a document to its specification.

    Raises ``DocumentError``: what is wrong first, with its line, and how much more is wrong.
    """
    wrong = _judge_of(of)
    if wrong is None:
        return
    document = read_document(text, "new")
    found = dict(wrong(document))
    if not found:
        return
    first = min(found, key=lambda pointer: document.line(pointer) or 0)
    others = len(found) - 1
    more = f" ({others} more {'place is' if others == 1 else 'places are'} wrong)" if others else ""
    place = first or "its root"
    raise DocumentError(
        f"the {_NAMES[of]} is not valid at {place}: {found[first]}{more}", line=document.line(first), path="document"
    )


@cache
def _judge_of(of: Format) -> Callable[[Document], Iterable[Wrong]] | None:
    """What a format's own module finds wrong; none for a format that has no such module."""
    name = f"{package.__name__}.{of.value.replace('-', '_')}"
    if importlib.util.find_spec(name) is None:
        return None
    wrong: Callable[[Document], Iterable[Wrong]] = importlib.import_module(name).wrong
    return wrong
