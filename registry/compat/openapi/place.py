"""Where a check stands when it looks at a schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from registry.compat.openapi.diff.schema import SchemaDiff
from registry.compat.openapi.diff.shape import Shape
from registry.compat.openapi.lifecycle import Context


@dataclass(frozen=True, slots=True)
class Place:
    """A schema in a request or a response.

    ``prefix`` begins the ids of its rules: request-body, request-property, request-parameter,
    request-parameter-property, response-body, response-property or response-header. ``text``: values are text on the
    wire, so a number is right where a string was expected. ``location`` is that of a parameter. ``required``: the
    property must be there. ``days`` is the notice that a deprecation must give here.
    """

    prefix: str
    diff: SchemaDiff
    text: bool
    location: str
    required: bool
    days: int
    context: Context

    @property
    def old(self) -> Shape:
        """The schema as it was."""
        return self.diff.old

    @property
    def new(self) -> Shape:
        """The schema as it is."""
        return self.diff.new

    @property
    def request(self) -> bool:
        """Whether the caller writes it."""
        return self.prefix.startswith("request")

    @property
    def ignored(self) -> bool:
        """Whether the reader of this side must not expect the value: read-only in requests, write-only in responses."""
        return self.new.read_only if self.request else self.new.write_only

    def values(self, key: str) -> tuple[Any, Any]:
        """A keyword's value on each side; None where it is absent."""
        return self.old.value.get(key), self.new.value.get(key)
