"""What depends on one field of a schema: mappings that read or fill it, workflows whose attributes bear its name. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policies.gate.impact import property_names, readers
from policies.impact.graph import Edge, Node
from registry.compat.model import Format
from registry.compat.source_map import read_document, unescape
from registry.kinds.mapping import MappingManifest
from registry.kinds.schema import SchemaManifest
from registry.kinds.workflow import WorkflowManifest
from registry.mappings.dependents import Dependent, dependents, dependents_of_field
from registry.mappings.paths import Key
from registry.schemas.fields.find import Place, document_path, find


def edges(
    schema: SchemaManifest,
    text: str,
    place: str,
    mappings: Iterable[MappingManifest],
    workflows: Iterable[WorkflowManifest],
) -> Iterator[Edge]:
    """The edges that lead to a field.

    ``place`` is a JSON Pointer into the schema (``/properties/id``) or a path of its documents (``/lines/0/amount``),
    ``text`` the document with all that it refers to. Raises ``NoSuchFieldError``, ``PathError`` or ``DocumentError``.
    """
    every = list(mappings)
    ats = [end.at for one in every for end in (one.spec.source, one.spec.target) if end.schema_ == schema.name]
    meant = find(schema.name, Format(schema.spec.format), text, place, ats)
    start = Node("Schema", schema.name, place)
    yield Edge(Node("Schema", schema.name), start, "has this field")
    for one in _of_mappings(schema.name, text, meant, every):
        mapping = Node("Mapping", one.mapping.name)
        how = f"reads {one.source}" if one.reads else f"fills {one.target}"
        far = "" if one.hops == 1 else f", {one.hops} mappings away"
        yield Edge(mapping, start, f"{how} and gives {one.target}{far}" if one.reads else how)
        if one.reads:
            target = one.mapping.spec.target.schema_
            yield Edge(Node("Schema", target), start, f"its {one.target} is made of it by {one.mapping.name}")
    for workflow, use in readers(_names(meant, place, text), workflows):
        yield Edge(Node("Workflow", workflow.name), start, f"{use.words} reads {use.attribute}", "inferred")


def _of_mappings(subject: str, text: str, meant: Place, mappings: list[MappingManifest]) -> list[Dependent]:
    if meant.path is not None:
        return dependents(mappings, subject, meant.path)
    if not any(subject in {one.spec.source.schema_, one.spec.target.schema_} for one in mappings):
        return []
    return dependents_of_field(mappings, subject, meant.pointer, text) if meant.pointer else []


def _names(meant: Place, place: str, text: str) -> list[str]:
    """The names of the fields on the way to a place, outermost first."""
    if not meant.pointer:
        return [segment.name for segment in document_path(place).segments if isinstance(segment, Key)]
    names = property_names(meant.pointer, read_document(text, "new").value)
    return names or [unescape(part) for part in meant.pointer[1:].split("/") if not part.isdecimal()]
