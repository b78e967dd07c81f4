"""The parameters of an operation, those declared for its whole path included."""

from __future__ import annotations

from registry.compat.openapi.diff.content import ContentDiffer
from registry.compat.openapi.diff.document import OpenApi, sequence
from registry.compat.openapi.diff.model import Node, Operation, Parameter, ParameterDiff, ParametersDiff
from registry.compat.openapi.diff.schema import SchemaDiff

Key = tuple[str, str]


def compare_parameters(
    differ: ContentDiffer,
    operations: tuple[Operation, Operation],
    items: tuple[Node, Node],
    names: dict[str, str],
) -> ParametersDiff:
    """The difference of two operations' parameters.

    Args:
        differ: compares the schemas.
        operations: the old and the new operation.
        items: the old and the new path item.
        names: the new name of each path parameter by its old one, as the two path templates have them.
    """
    before = _effective(differ.old, items[0], operations[0].node)
    after = _effective(differ.new, items[1], operations[1].node)
    matched: dict[Key, Key] = {}
    for location, name in before:
        key = (location, names.get(name, name) if location == "path" else name)
        if key in after:
            matched[location, name] = key
    reached = set(matched.values())
    return ParametersDiff(
        tuple(parameter for key, parameter in after.items() if key not in reached),
        tuple(parameter for key, parameter in before.items() if key not in matched),
        tuple(_compare(differ, before[key], after[other]) for key, other in matched.items()),
    )


def _effective(document: OpenApi, item: Node, operation: Node) -> dict[Key, Parameter]:
    found: dict[Key, Parameter] = {}
    for node, shared in ((item, True), (operation, False)):
        for index, value in enumerate(sequence(node.value.get("parameters"))):
            parameter = document.node(f"{node.pointer}/parameters/{index}", value)
            location, name = parameter.value.get("in"), parameter.value.get("name")
            if not isinstance(location, str) or not isinstance(name, str):
                continue
            key = (location, name.lower() if location == "header" else name)
            found[key] = Parameter(location, name, parameter, shared)
    return found


def _compare(differ: ContentDiffer, old: Parameter, new: Parameter) -> ParameterDiff:
    schema: SchemaDiff | None = differ.schema(old.node, new.node)
    media_type = ""
    if schema is None and ("content" in old.node.value or "content" in new.node.value):
        for media in differ.content(old.node, new.node).common:
            schema, media_type = media.schema, media.new_name
    return ParameterDiff(old, new, schema, media_type)
