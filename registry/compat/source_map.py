from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import orjson
import yaml

from registry.compat.json_lines import JsonLines
from registry.compat.model import DocumentError
from registry.compat.yaml_reader import TooLargeError, YamlReader

MAX_CHARACTERS = 32_000_000
MAX_DEPTH = 400
MAX_VALUES = 5_000_000


def unescape(segment: str) -> str:
    """A JSON Pointer's segment as a key (RFC 6901)."""
    return segment.replace("~1", "/").replace("~0", "~")


# A quoted key or another bracket after the first one: JSON. ``{type: object}`` is YAML in flow style.
_JSON_START = re.compile(r'\s*(?:\{\s*(?:["{\[}]|\Z)|\[)')
# What can be YAML, but if it isn't, was meant as JSON: with comments, say, or other quotes.
_JSON_LIKE = re.compile(r"\s*\{\s*(?!\w)")


class Document:
    """A JSON or YAML document: its ``value``, and the line (from 1) at which each JSON Pointer starts.

    Args:
        value: what was read.
        line: the line of a pointer, or of the nearest ancestor that the text has.
    """

    def __init__(self, value: Any, line: Callable[[str], int | None]) -> None:
        self.value, self.line = value, line
        #: What readers worked out from it and want to find again if they meet it again.
        self.memo: dict[str, Any] = {}


_HELD: ContextVar[dict[str, Document] | None] = ContextVar("held", default=None)


@contextmanager
def read_once(known: Iterable[tuple[str, Document]] = ()) -> Iterator[None]:
    """Within it a text is parsed once: whoever asks for it again gets the same document, which nobody may change.

    ``known`` are texts that were read before, with their documents. What is read within another one stays until that ends.
    """
    if (held := _HELD.get()) is not None:
        held.update(known)
        yield
        return
    token = _HELD.set(dict(known))
    try:
        yield
    finally:
        _HELD.reset(token)


def read_document(text: str, which: str) -> Document:
    """Parse JSON or YAML text (within ``read_once`` a text is parsed once).

    Args:
        text: the whole document.
        which: "old" or "new"; an error's path, and its words, name the document by it.

    Raises:
        DocumentError: neither JSON nor YAML, or past the bounds on size and depth; says which, and where.
    """
    held = _HELD.get()
    if held is None:
        return _read(text, which)
    if text not in held:
        held[text] = _read(text, which)
    return held[text]


def _read(text: str, which: str) -> Document:
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(
            f"the {which} document has {len(text):,} characters; at most {MAX_CHARACTERS:,} are compared", path=which
        )
    text = text.removeprefix("\ufeff")  # a mark of how the file was encoded
    try:
        return Document(orjson.loads(text), JsonLines(text).line)
    except orjson.JSONDecodeError as error:
        if not text.strip():
            raise DocumentError(f"the {which} document is empty", path=which) from error
        broken = DocumentError(
            f"the {which} document is not valid JSON: {error.msg} (column {error.colno})",
            line=error.lineno,
            column=error.colno,
            path=which,
        )
        if _JSON_START.match(text):
            raise broken from error
    try:
        return _read_yaml(text, which)
    except DocumentError:
        if _JSON_LIKE.match(text):
            raise broken from None
        raise


def _read_yaml(text: str, which: str) -> Document:
    try:
        read = YamlReader(MAX_DEPTH, MAX_VALUES).read(text)
    except TooLargeError as error:
        raise DocumentError(f"the {which} document {error}", line=error.line, path=which) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DocumentError(
            f"the {which} document is not valid YAML: {error.problem or error.context}",
            line=min(mark.line, text.count("\n")) + 1 if mark else None,
            column=mark.column + 1 if mark else None,
            path=which,
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        raise DocumentError(f"the {which} document is not valid YAML: {error}", path=which) from error
    if read is None:
        raise DocumentError(f"the {which} document is empty", path=which)
    return Document(read.value, lambda pointer: read.line(map(unescape, pointer.split("/")[1:])))
