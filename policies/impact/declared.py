"""The dependences that manifests declare. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from policies.impact.graph import Edge, Node
from registry.kinds.api import APIManifest
from registry.kinds.base import Manifest, Path, Reference
from registry.kinds.mapping import MappingManifest
from registry.kinds.sla import SLAManifest
from registry.kinds.source import SourceManifest
from registry.kinds.workflow import WorkflowManifest
from registry.manifests.tree import dotted

_MAPPED: Mapping[Path, str] = {
    ("source", "system"): "maps what it sends",
    ("source", "schema"): "reads it",
    ("target", "system"): "maps what it gets",
    ("target", "schema"): "fills it",
}


def edges(manifests: Iterable[Manifest]) -> Iterator[Edge]:
    """One for each reference; a consumer depends on the API that names it, all others on what they name."""
    for manifest in manifests:
        own = Node(manifest.kind, manifest.name)
        for reference in manifest.references():
            other = Node(reference.kind, reference.name)
            if isinstance(manifest, APIManifest) and reference.path[:2] == ("spec", "consumers"):
                yield Edge(other, own, _consumes(manifest, reference))
            else:
                owned = reference.path == ("metadata", "owner")
                yield Edge(own, other, _why(manifest, reference), near=owned)


def _consumes(api: APIManifest, reference: Reference) -> str:
    consumer = api.spec.consumers[int(reference.path[2])]
    versions = f" of {', '.join(consumer.versions)}" if consumer.versions else ""
    return f"is declared as a consumer{versions}" + (f": {consumer.purpose}" if consumer.purpose else "")


def _why(manifest: Manifest, reference: Reference) -> str:
    path = reference.path
    if path == ("metadata", "owner"):
        return "is owned by it"
    if isinstance(manifest, APIManifest):
        return _why_api(manifest, path)
    if isinstance(manifest, WorkflowManifest):
        return f"step {manifest.spec.steps[int(path[2])].name} happens in it"
    if isinstance(manifest, SLAManifest):
        return "is a deadline of it"
    if isinstance(manifest, MappingManifest) and path[-2:] in _MAPPED:
        return _MAPPED[path[-2:]]
    return "takes its events" if isinstance(manifest, SourceManifest) else f"names it in {dotted(path)}"


def _why_api(api: APIManifest, path: Path) -> str:
    if path == ("spec", "system"):
        return "is offered by it"
    version = api.spec.versions[int(path[2])].version
    return (
        f"version {version} is described by it"
        if path[-1] == "schema"
        else f"version {version} is to be replaced by it"
    )
