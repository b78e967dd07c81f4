"""Schemas and mappings for tests: made on the spot, or those of the examples."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from controlplane.cli.manifest_files import gather
from registry.kinds.base import Manifest
from registry.kinds.mapping import MappingManifest, MappingSpec, opened
from registry.kinds.schema import SchemaManifest
from registry.manifests.parse import parse_documents
from registry.mappings.engine import Outcome, apply
from registry.mappings.fields import Mapped
from registry.mappings.rules import Remark
from registry.mappings.ways import Ways

EXAMPLES = Path(__file__).parents[3] / "examples"


class Shelf:
    """Manifests by kind and name."""

    def __init__(
        self, held: Mapping[tuple[str, str], Manifest], texts: Mapping[tuple[str, int], str] | None = None
    ) -> None:
        self.held, self.texts = held, texts or {}

    def get(self, kind: str, name: str) -> Manifest | None:
        return self.held.get((kind, name))

    def version(self, schema: str, number: int) -> str | None:
        return self.texts.get((schema, number))

    def every(self, kind: str) -> list[Any]:
        return [one for (held, _), one in self.held.items() if held == kind]


@cache
def examples() -> Shelf:
    """What the repository ships."""
    folders = [EXAMPLES / name for name in ("canonical", "mappings", "quote-to-cash")]
    return Shelf({(one.manifest.kind, one.manifest.name): one.manifest for one in parse_documents(gather(folders))})


def schema(
    name: str, document: Mapping[str, Any] | str, *, canon: str | None = None, form: str = "json-schema"
) -> SchemaManifest:
    """A schema's manifest."""
    text = document if isinstance(document, str) else json.dumps(document)
    metadata = {"name": name, "labels": {"canon": canon} if canon else {}}
    return SchemaManifest.model_validate({"metadata": metadata, "spec": {"format": form, "definition": text}})


def properties(required: str = "", **members: Any) -> dict[str, Any]:
    """An object's schema."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": {name: {"type": one} if isinstance(one, str) else one for name, one in members.items()},
    }


MONEY = {
    "type": "object",
    "properties": {"value": {"type": "string"}, "currency": {"type": "string"}},
    "required": ["value", "currency"],
    "additionalProperties": False,
}


def mapping(fields: list[dict[str, Any]], **spec: Any) -> MappingManifest:
    """A mapping from ``theirs`` of system ``system`` to ``ours``."""
    whole = {"source": {"system": "system", "schema": "theirs"}, "target": {"schema": "ours"}, "fields": fields} | spec
    return MappingManifest.model_validate({"metadata": {"name": "one"}, "spec": whole})


def shelf(source: Any, target: Any, **more: Any) -> Shelf:
    """A shelf with both ends."""
    theirs, ours = schema("theirs", source), schema("ours", target, canon="thing")
    return Shelf({("Schema", "theirs"): theirs, ("Schema", "ours"): ours}, more.get("texts"))


def found(source: Any, target: Any, fields: list[dict[str, Any]], **spec: Any) -> list[Remark]:
    """What is found in a mapping between two schemas."""
    return mapping(fields, **spec).examined(shelf(source, target))


def rules(source: Any, target: Any, fields: list[dict[str, Any]], **spec: Any) -> set[tuple[str, str]]:
    """The rules and the places of what is found, notes left out."""
    remarks = found(source, target, fields, **spec)
    return {(one.rule, ".".join(map(str, one.place))) for one in remarks if one.level != "note"}


def ways(source: Any, target: Any, fields: list[dict[str, Any]], **spec: Any) -> Ways:
    """Both directions; it must be possible to open them."""
    opening = opened(mapping(fields, **spec).spec, shelf(source, target))
    assert isinstance(opening, Ways)
    return opening


def run(fields: list[dict[str, Any]], payload: Any, **more: Any) -> Outcome:
    """What a payload becomes."""
    return apply([Mapped.model_validate(one) for one in fields], payload, **more)


def spec_of(fields: list[dict[str, Any]], **spec: Any) -> MappingSpec:
    """The spec of a mapping."""
    return mapping(fields, **spec).spec
