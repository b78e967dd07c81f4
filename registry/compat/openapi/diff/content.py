"""The difference of two bodies by media type, of two sets of headers, and of two sets of responses."""

from __future__ import annotations

from typing import Any

from registry.compat.openapi.diff.document import mapping
from registry.compat.openapi.diff.media_types import partners
from registry.compat.openapi.diff.model import (
    ContentDiff,
    HeaderDiff,
    MediaDiff,
    Node,
    ResponseDiff,
    ResponsesDiff,
)
from registry.compat.openapi.diff.schema import SchemaDiff, SchemaDiffer


class ContentDiffer:
    """Compares what a schema describes the inside of."""

    def __init__(self, schemas: SchemaDiffer) -> None:
        self.schemas = schemas
        self.old, self.new, self.same = schemas.old, schemas.new, schemas.same

    def schema(self, old: Node, new: Node) -> SchemaDiff | None:
        """The difference of the ``schema`` of two objects; None if nothing differs or one has none."""
        before, after = old.value.get("schema"), new.value.get("schema")
        if before is None or after is None or self.same(before, after):
            return None
        return self.schemas.pair((f"{old.pointer}/schema", f"{new.pointer}/schema"), before, after)

    def content(self, old: Node, new: Node) -> ContentDiff:
        """The difference of two objects' ``content``."""
        before, after = self.old.children(old, "content"), self.new.children(new, "content")
        matched = partners(before, after)
        common = tuple(self._media(name, other, before[name], after[other]) for name, other in matched.items())
        reached = set(matched.values())
        return ContentDiff(
            {name: node for name, node in after.items() if name not in reached},
            {name: node for name, node in before.items() if name not in matched},
            common,
        )

    def _media(self, old_name: str, new_name: str, old: Node, new: Node) -> MediaDiff:
        had, has = "schema" in old.value, "schema" in new.value
        return MediaDiff(old_name, new_name, old, new, self.schema(old, new), has and not had, had and not has)

    def responses(self, old: Node, new: Node) -> ResponsesDiff:
        """The difference of two operations' ``responses``."""
        before = _without_extensions(self.old.children(old, "responses"))
        after = _without_extensions(self.new.children(new, "responses"))
        common = tuple(
            self._response(status, before[status], after[status])
            for status in before
            if status in after and not self._same_response(old, new, status)
        )
        return ResponsesDiff(
            {status: node for status, node in after.items() if status not in before},
            {status: node for status, node in before.items() if status not in after},
            common,
        )

    def _same_response(self, old: Node, new: Node, status: str) -> bool:
        one, other = mapping(old.value.get("responses")), mapping(new.value.get("responses"))
        return self.same(one.get(status), other.get(status))

    def _response(self, status: str, old: Node, new: Node) -> ResponseDiff:
        before = {name.lower(): (name, node) for name, node in self.old.children(old, "headers").items()}
        after = {name.lower(): (name, node) for name, node in self.new.children(new, "headers").items()}
        common = tuple(
            HeaderDiff(after[key][0], node, after[key][1], self.schema(node, after[key][1]))
            for key, (_, node) in before.items()
            if key in after
        )
        return ResponseDiff(
            status,
            old,
            new,
            {name: node for key, (name, node) in after.items() if key not in before},
            {name: node for key, (name, node) in before.items() if key not in after},
            common,
            self.content(old, new),
        )


def _without_extensions(table: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in table.items() if not name.startswith("x-")}
