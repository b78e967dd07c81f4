"""Canonical objects: schemas whose label says which object they describe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registry.compat.model import DocumentError
from registry.kinds.mapping import CANON
from registry.kinds.schema import SchemaManifest
from registry.mappings.schema.view import FORMATS, SchemaView, view


@dataclass(frozen=True, slots=True)
class CanonicalObject:
    """An object, and the schema that describes it; ``view`` is none while its document can't be read."""

    name: str
    schema: SchemaManifest
    view: SchemaView | None

    @property
    def title(self) -> str:
        """What people call it."""
        return self.schema.title


def objects(schemas: Iterable[SchemaManifest]) -> Mapping[str, CanonicalObject]:
    """Object -> what describes it, in the order of their names."""
    found = {one.metadata.labels[CANON]: one for one in schemas if CANON in one.metadata.labels}
    return {name: CanonicalObject(name, found[name], _view(found[name])) for name in sorted(found)}


def _view(schema: SchemaManifest) -> SchemaView | None:
    if schema.spec.format not in FORMATS:
        return None
    try:
        return view(schema.spec.text)
    except DocumentError:
        return None
