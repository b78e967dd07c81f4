"""The difference of two documents as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from registry.compat.openapi.diff.content import ContentDiffer
from registry.compat.openapi.diff.document import OpenApi, mapping
from registry.compat.openapi.diff.model import (
    BodyDiff,
    ContentDiff,
    DocumentDiff,
    Node,
    Operation,
    OperationDiff,
    ParametersDiff,
    ResponsesDiff,
)
from registry.compat.openapi.diff.parameters import compare_parameters
from registry.compat.openapi.diff.paths import match_paths, methods, renamed
from registry.compat.openapi.diff.sameness import Sameness
from registry.compat.openapi.diff.schema import SchemaDiffer

_NO_CONTENT = ContentDiff({}, {}, ())
_NO_RESPONSES = ResponsesDiff({}, {}, ())


def compare_documents(old: OpenApi, new: OpenApi) -> DocumentDiff:
    """Match what belongs together and unfold what differs.

    Raises:
        DocumentError: a part that differs refers to something that its document doesn't have.
    """
    return _DocumentDiffer(old, new).diff()


class _DocumentDiffer:
    def __init__(self, old: OpenApi, new: OpenApi) -> None:
        self.old, self.new = old, new
        self.same = Sameness(old, new)
        self.contents = ContentDiffer(SchemaDiffer(old, new, self.same))

    def diff(self) -> DocumentDiff:
        before, after = _items(self.old, "paths"), _items(self.new, "paths")
        matched = match_paths(before, after)
        reached = set(matched.values())
        diff = DocumentDiff(
            self.old.root,
            self.new.root,
            tuple(self._operations(before, after, matched)),
            added=tuple(_of_paths(self.new, {path: item for path, item in after.items() if path not in reached})),
            removed_with_path=tuple(
                _of_paths(self.old, {path: item for path, item in before.items() if path not in matched})
            ),
            old_components=_components(self.old),
            new_components=_components(self.new),
        )
        added, removed = self._in_common_paths(before, after, matched)
        return self._with_webhooks(replace(diff, added=diff.added + added, removed=removed))

    def _in_common_paths(
        self, before: dict[str, Node], after: dict[str, Node], matched: dict[str, str]
    ) -> tuple[tuple[Operation, ...], tuple[Operation, ...]]:
        added, removed = [], []
        for path, other in matched.items():
            one, two = _of_path(self.old, path, before[path]), _of_path(self.new, other, after[other])
            added += [two[method] for method in two if method not in one]
            removed += [one[method] for method in one if method not in two]
        return tuple(added), tuple(removed)

    def _operations(
        self, before: dict[str, Node], after: dict[str, Node], matched: dict[str, str]
    ) -> Iterator[OperationDiff]:
        for path, other in matched.items():
            items = before[path], after[other]
            if self.same(items[0].value, items[1].value):
                continue
            one, two = _of_path(self.old, path, items[0]), _of_path(self.new, other, items[1])
            # Only what all operations of a path share can touch an operation that is itself the same.
            shared = self.same(items[0].value.get("parameters"), items[1].value.get("parameters"))
            for method in one:
                if method in two and not (shared and self.same(one[method].node.value, two[method].node.value)):
                    yield self._operation(one[method], two[method], items, renamed(path, other))
                    yield from self._callbacks(one[method], two[method])

    def _operation(
        self, old: Operation, new: Operation, items: tuple[Node, Node], names: dict[str, str]
    ) -> OperationDiff:
        parameters = compare_parameters(self.contents, (old, new), items, names)
        responses = self.contents.responses(old.node, new.node)
        return OperationDiff(old, new, parameters, self._body(old.node, new.node), responses, label=old.label)

    def _body(self, old: Node, new: Node) -> BodyDiff | None:
        before = self.old.child(old, "requestBody") if "requestBody" in old.value else None
        after = self.new.child(new, "requestBody") if "requestBody" in new.value else None
        if before is None or after is None:
            return None if before is after else BodyDiff(before, after, _NO_CONTENT)
        return BodyDiff(before, after, self.contents.content(before, after))

    def _callbacks(self, old: Operation, new: Operation) -> Iterator[OperationDiff]:
        before, after = self.old.children(old.node, "callbacks"), self.new.children(new.node, "callbacks")
        for name, one in before.items():
            if name not in after:
                continue
            for expression in [key for key in one.value if key in after[name].value]:
                items = self.old.child(one, expression), self.new.child(after[name], expression)
                yield from self._made_by_provider(f"callback {name} of {old.label}", items)

    def _with_webhooks(self, diff: DocumentDiff) -> DocumentDiff:
        before, after = _items(self.old, "webhooks"), _items(self.new, "webhooks")
        calls = [
            call
            for name, item in before.items()
            if name in after
            for call in self._made_by_provider(f"webhook {name}", (item, after[name]))
        ]
        return replace(
            diff,
            operations=(*diff.operations, *calls),
            webhooks_added={name: item for name, item in after.items() if name not in before},
            webhooks_removed={name: item for name, item in before.items() if name not in after},
        )

    def _made_by_provider(self, label: str, items: tuple[Node, Node]) -> Iterator[OperationDiff]:
        """The bodies that the provider sends; the answers to them are the caller's own affair."""
        one, two = _of_path(self.old, label, items[0]), _of_path(self.new, label, items[1])
        for method in one:
            if method in two and not self.same(one[method].node.value, two[method].node.value):
                body = self._body(one[method].node, two[method].node)
                yield OperationDiff(
                    one[method], two[method], ParametersDiff(), body, _NO_RESPONSES, inverted=True, label=label
                )


def _items(document: OpenApi, key: str) -> dict[str, Node]:
    items = document.children(document.root, key)
    return {path: item for path, item in items.items() if not path.startswith("x-")}


def _of_path(document: OpenApi, path: str, item: Node) -> dict[str, Operation]:
    return {method: Operation(path, method, document.child(item, key)) for method, key in methods(item).items()}


def _of_paths(document: OpenApi, items: dict[str, Node]) -> Iterator[Operation]:
    for path, item in items.items():
        yield from _of_path(document, path, item).values()


def _components(document: OpenApi) -> dict[str, dict[str, Node]]:
    components = document.child(document.root, "components")
    kinds = [kind for kind in components.value if isinstance(mapping(components.value).get(kind), dict)]
    return {
        kind: {
            name: Node(f"{components.pointer}/{kind}/{name}", mapping(value))
            for name, value in components.value[kind].items()
        }
        for kind in kinds
        if kind in ("schemas", "securitySchemes")
    }
