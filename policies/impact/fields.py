"""What depends on one field of a schema: mappings that read or fill it, workflows whose attributes bear its name. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policies.gate.impact import property_names, readers
from policies.impact.graph import Edge, Node
from registry.compat.model import DocumentError
from registry.compat.source_map import read_document, unescape
from registry.kinds.mapping import MappingManifest
from registry.kinds.schema import SchemaManifest
from registry.kinds.workflow import WorkflowManifest
from registry.mappings.dependents import Dependent, dependents, dependents_of_field
from registry.mappings.paths import Index, Key, Path, parse


def edges(
    schema: SchemaManifest, place: str, mappings: Iterable[MappingManifest], workflows: Iterable[WorkflowManifest]
) -> Iterator[Edge]:
    """``place``: a JSON Pointer into the schema (``/properties/id``) or a path of its documents (``/lines/0/amount``)."""
    start = Node("Schema", schema.name, place)
    yield Edge(Node("Schema", schema.name), start, "has this field")
    found = _of_mappings(schema, place, list(mappings))
    for one in found:
        mapping = Node("Mapping", one.mapping.name)
        how = f"reads {one.source}" if one.reads else f"fills {one.target}"
        far = "" if one.hops == 1 else f", {one.hops} mappings away"
        yield Edge(mapping, start, f"{how} and gives {one.target}{far}" if one.reads else how)
        if one.reads:
            target = one.mapping.spec.target.schema_
            yield Edge(Node("Schema", target), start, f"its {one.target} is made of it by {one.mapping.name}")
    for workflow, use in readers(_names(place, schema.spec.text), workflows):
        yield Edge(Node("Workflow", workflow.name), start, f"{use.words} reads {use.attribute}", "inferred")


def _of_mappings(schema: SchemaManifest, place: str, mappings: list[MappingManifest]) -> list[Dependent]:
    found: list[Dependent] = []
    if place.startswith("/"):
        try:
            found = dependents_of_field(mappings, schema.name, place, schema.spec.text)
        except DocumentError:
            found = []
    return found or dependents(mappings, schema.name, _document_path(place))


def _document_path(place: str) -> Path:
    """A path of documents. Raises ``PathError``."""
    if not place.startswith("/"):
        return parse(place)
    return Path(tuple(Index(int(part)) if part.isdecimal() else Key(unescape(part)) for part in place[1:].split("/")))


def _names(place: str, text: str) -> list[str]:
    """The names of the fields on the way to a place, outermost first."""
    if not place.startswith("/"):
        return [segment.name for segment in parse(place).segments if isinstance(segment, Key)]
    try:
        names = property_names(place, read_document(text, "new").value)
    except DocumentError:
        names = []
    return names or [unescape(part) for part in place[1:].split("/") if not part.isdecimal()]
