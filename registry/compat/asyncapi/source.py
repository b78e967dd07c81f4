from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from registry.compat.asyncapi.shapes import Part
from registry.compat.json_lines import escape
from registry.compat.model import DocumentError
from registry.compat.source_map import Document, unescape


class Source:
    """Reads parts of one document, follows its local references and complains with lines.

    Args:
        document: the parsed text.
        which: "old" or "new".
    """

    def __init__(self, document: Document, which: str) -> None:
        self.document, self.which = document, which

    def error(self, message: str, pointer: str) -> DocumentError:
        """An error at a place of this document."""
        return DocumentError(
            f"the {self.which} AsyncAPI document is not valid at {pointer or 'its root'}: {message}",
            line=self.document.line(pointer),
            path=self.which + pointer,
        )

    def root(self) -> Part:
        """The document itself.

        Raises:
            DocumentError: it is no object.
        """
        return Part("", self._mapping(self.document.value, ""))

    def get(self, part: Part, key: str) -> Part | None:
        """A member with its references followed; None if it is absent or null.

        Raises:
            DocumentError: a reference leads nowhere or in a circle.
        """
        if not isinstance(part.value, dict) or part.value.get(key) is None:
            return None
        return self.follow(Part(f"{part.pointer}/{escape(key)}", part.value[key]))

    def mapping(self, part: Part, key: str) -> Part:
        """A member that must be an object; an empty one if it is absent.

        Raises:
            DocumentError: it is something else.
        """
        found = self.get(part, key) or Part(f"{part.pointer}/{key}", {})
        return Part(found.pointer, self._mapping(found.value, found.pointer))

    def members(self, part: Part) -> Iterator[tuple[str, Part]]:
        """Every member of an object, references followed; extensions (x-...) are left out.

        Raises:
            DocumentError: a member is no object.
        """
        for key in part.value:
            if not key.startswith("x-"):
                found = self.get(part, key)
                if found is not None:
                    yield key, Part(found.pointer, self._mapping(found.value, found.pointer))

    def items(self, part: Part | None) -> Iterator[Part]:
        """Every element of a list, references followed; none if it is absent.

        Raises:
            DocumentError: it is no list.
        """
        if part is None:
            return
        if not isinstance(part.value, list):
            raise self.error("must be a list", part.pointer)
        for position, value in enumerate(part.value):
            yield self.follow(Part(f"{part.pointer}/{position}", value))

    def text(self, part: Part, key: str) -> str | None:
        """A member that is text, None if it is absent.

        Raises:
            DocumentError: it is something else.
        """
        value = part.value.get(key)
        if value is None or isinstance(value, str):
            return value
        raise self.error(f'"{key}" must be text', f"{part.pointer}/{key}")

    def follow(self, part: Part) -> Part:
        """Where a reference leads, and the references there; other parts as they are.

        Raises:
            DocumentError: it leads nowhere or in a circle.
        """
        seen: set[str] = set()
        while isinstance(part.value, dict) and "$ref" in part.value:
            reference = part.value["$ref"]
            if not isinstance(reference, str):
                raise self.error('"$ref" must be text: where the part stands', part.pointer)
            if not reference.startswith("#") or part.pointer in seen:
                break
            seen.add(part.pointer)
            part = Part(*self._look_up(reference, part.pointer))
        if part.pointer in seen:
            raise self.error("this reference leads back to itself", part.pointer)
        return part

    def _look_up(self, reference: str, pointer: str) -> tuple[str, Any]:
        target = unquote(reference[1:])
        value: Any = self.document.value
        try:
            for segment in target.split("/")[1:]:
                value = value[int(segment)] if isinstance(value, list) else value[unescape(segment)]
        except (LookupError, TypeError, ValueError):
            raise self.error(f'the reference "{reference}" leads nowhere', pointer) from None
        return target, value

    def _mapping(self, value: Any, pointer: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.error("must be an object", pointer)
        return value
