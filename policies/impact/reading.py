"""The graph as it is at present: manifests from the registry, calls from traces."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from collectors.usage.hops import Hop
from policies.impact import declared, fields, observed
from policies.impact.graph import Edge, Node
from registry.catalogue import read
from registry.catalogue.listing import entries
from registry.kinds.api import APIManifest, APISpec
from registry.kinds.base import Manifest
from registry.kinds.find import manifest_kinds
from registry.kinds.mapping import MappingManifest
from registry.kinds.schema import SchemaManifest
from registry.kinds.workflow import WorkflowManifest

#: How many days of calls are looked at.
DAYS = 30
HopsOf = Callable[[Mapping[str, APISpec]], Sequence[Hop] | None]
"""The calls of the last days, told apart by the APIs given; None where nothing is observed."""


@dataclass(frozen=True, slots=True)
class Graph:
    """All edges, the titles of what is declared, and sentences on how far to trust it."""

    edges: tuple[Edge, ...]
    titles: Mapping[Node, str]
    notes: tuple[str, ...]


def read_graph(session: Session, hops_of: HopsOf, of: Node | None = None) -> Graph:
    """The whole graph; with the edges to a field, if ``of`` is one. Raises ``PathError`` or ``StoreError``."""
    manifests: list[Manifest] = []
    for kind in manifest_kinds().values():
        # Schemas are long and name nothing but their owner, which is told below.
        if kind is not SchemaManifest:
            manifests += read.every(session, kind)
    every = entries(session)
    apis = {one.name: one.spec for one in manifests if isinstance(one, APIManifest)}
    found = [*declared.edges(manifests)]
    found += [
        Edge(Node("Schema", one.name), Node("Team", one.owner), "is owned by it", near=True)
        for one in every
        if one.kind == "Schema" and one.owner
    ]
    hops = hops_of(apis)
    found += observed.edges(hops or (), read.systems(session), DAYS)
    if of is not None and of.place:
        found += _of_field(session, of, manifests)
    return Graph(tuple(found), {Node(one.kind, one.name): one.shown for one in every}, _notes(hops))


def _of_field(session: Session, of: Node, manifests: Sequence[Manifest]) -> list[Edge]:
    schema = read.get(session, of.kind, of.name)
    if not isinstance(schema, SchemaManifest):
        return []
    mappings = [one for one in manifests if isinstance(one, MappingManifest)]
    workflows = [one for one in manifests if isinstance(one, WorkflowManifest)]
    return [*fields.edges(schema, of.place, mappings, workflows)]


def _notes(hops: Sequence[Hop] | None) -> tuple[str, ...]:
    if hops is None:
        return ("calls are unknown: this server reads no traces",)
    if not hops:
        return (f"no call was seen in {DAYS} days, which does not say that there was none",)
    return (f"calls were looked for in {DAYS} days of traces; what runs less often, or sends no traces, was not seen",)
