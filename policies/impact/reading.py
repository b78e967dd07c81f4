"""The graph as it is at present: manifests from the registry, calls from traces; and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from collectors.usage.hops import Hop
from policies.impact import declared, fields, observed
from policies.impact.graph import Edge, Node, Reached, reached
from registry.catalogue import read
from registry.catalogue.listing import entries
from registry.compat.model import DocumentError, Format
from registry.kinds.api import APIManifest, APISpec
from registry.kinds.base import Manifest
from registry.kinds.find import manifest_kinds
from registry.kinds.mapping import MappingManifest
from registry.kinds.schema import SchemaManifest
from registry.kinds.workflow import WorkflowManifest
from registry.mappings.paths import PathError
from registry.nearest import did_you_mean
from registry.schemas.bundling.bundle import bundle
from registry.schemas.fields.find import NoSuchFieldError
from registry.schemas.judge import finder
from registry.schemas.references import referred

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


class AskedError(ValueError):
    """A question about something that can't have what was asked for; one sentence."""


class NothingThereError(LookupError):
    """What was asked about is not there; one sentence, with the nearest name that is."""


@dataclass(frozen=True, slots=True)
class Impact:
    """All that depends on a thing or one of its fields, nearest first, and the graph that says so."""

    of: Node
    items: tuple[Reached, ...]
    graph: Graph


def asked(of: str, place: str | None) -> Node:
    """What ``KIND:NAME``, and a place in it, ask about. Raises ``AskedError`` or ``NothingThereError``."""
    kind, colon, name = of.partition(":")
    if not (kind and colon and name):
        raise AskedError("of must be KIND:NAME, such as Schema:netsuite-invoice")
    kinds = manifest_kinds()
    if kind not in kinds:
        raise NothingThereError(f"there is no kind {kind[:100]!r}{did_you_mean(kind, kinds)}")
    if place and kind != "Schema":
        raise AskedError(f"only a Schema has fields, so path goes with of=Schema:NAME, not {kind}")
    return Node(kind, name, place or "")


def impact(session: Session, hops_of: HopsOf, of: Node) -> Impact:
    """All that depends on it. Raises ``NothingThereError``, ``AskedError`` or ``StoreError``."""
    if of.name not in (names := read.names(session, of.kind)):
        raise NothingThereError(f"there is no {of.kind} {of.name[:100]!r}{did_you_mean(of.name, names)}")
    try:
        graph = read_graph(session, hops_of, of)
    except NoSuchFieldError as error:
        raise NothingThereError(str(error)) from None
    except PathError as error:
        raise AskedError(f"path: {error}") from None
    except DocumentError as error:
        raise AskedError(f"the document of {of.name} can't be looked through: {error}") from None
    return Impact(of, tuple(reached(graph.edges, of)), graph)


def read_graph(session: Session, hops_of: HopsOf, of: Node | None = None) -> Graph:
    """The whole graph; with the edges to a field, if ``of`` is one.

    Raises ``NoSuchFieldError`` or ``PathError`` for a field that is none, and ``StoreError``.
    """
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
    if of is not None and of.place:
        # Before traces are read, which takes longer.
        found += _of_field(session, of, manifests)
    hops = hops_of(apis)
    found += observed.edges(hops or (), read.systems(session), DAYS)
    return Graph(tuple(found), {Node(one.kind, one.name): one.shown for one in every}, _notes(hops))


def _of_field(session: Session, of: Node, manifests: Sequence[Manifest]) -> list[Edge]:
    schema = read.get(session, of.kind, of.name)
    if not isinstance(schema, SchemaManifest):
        return []
    mappings = [one for one in manifests if isinstance(one, MappingManifest)]
    workflows = [one for one in manifests if isinstance(one, WorkflowManifest)]
    return [*fields.edges(schema, _whole(session, schema), of.place, mappings, workflows)]


def _whole(session: Session, schema: SchemaManifest) -> str:
    """The document with all that it refers to."""
    of, text = Format(schema.spec.format), schema.spec.text
    return bundle(of, text, referred(of, text, schema.spec.references), finder(session))


def _notes(hops: Sequence[Hop] | None) -> tuple[str, ...]:
    if hops is None:
        return ("calls are unknown: this server reads no traces",)
    if not hops:
        return (f"no call was seen in {DAYS} days, which does not say that there was none",)
    return (f"calls were looked for in {DAYS} days of traces; what runs less often, or sends no traces, was not seen",)
