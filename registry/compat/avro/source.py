"""The text of one of the two schemas, and errors that say where in it."""

from __future__ import annotations

from typing import Any, Final

from registry.compat.json_lines import escape
from registry.compat.model import DocumentError
from registry.compat.source_map import Document, read_document

_MAX_DEPTH: Final = 150
_Trail = tuple["_Trail | None", str | int]  # the keys that lead to a value, last one first


class Source:
    """One of the two documents: ``which`` is "old" or "new"."""

    def __init__(self, text: str, which: str) -> None:
        self.which = which
        self._document: Document = read_document(text, which)
        self._check_depth()

    def _check_depth(self) -> None:
        """Refuse what would run into Python's own limit on recursion, defaults included."""
        stack: list[tuple[Any, _Trail | None, int]] = [(self.value, None, 0)]
        while stack:
            node, trail, depth = stack.pop()
            if depth > _MAX_DEPTH:
                raise self.error(_pointer(trail), f"nested more than {_MAX_DEPTH} levels deep")
            items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
            stack.extend((value, (trail, key), depth + 1) for key, value in items if isinstance(value, dict | list))

    @property
    def value(self) -> Any:
        """The schema as plain JSON values."""
        return self._document.value

    def line(self, pointer: str) -> int | None:
        """The line (from 1) at which a JSON Pointer stands."""
        return self._document.line(pointer)

    def error(self, pointer: str, message: str) -> DocumentError:
        """An error about one place of this document, to be raised by the caller."""
        place = f" at {pointer}" if pointer else ""
        return DocumentError(
            f"the {self.which} Avro schema{place}: {message}", line=self.line(pointer), path=self.which
        )


def _pointer(trail: _Trail | None) -> str:
    keys = []
    while trail is not None:
        trail, key = trail
        keys.append(f"/{escape(str(key))}")
    return "".join(reversed(keys))
