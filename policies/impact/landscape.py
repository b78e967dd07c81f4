"""Systems, their interfaces and what flows between them, as plain values. Pure but for ``read``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from sqlalchemy.orm import Session

from collectors.usage.hops import Hop
from policies.impact.graph import Node
from policies.impact.observed import node_of
from policies.impact.reading import HopsOf
from registry.catalogue import read as catalogue
from registry.kinds.api import APIManifest
from registry.kinds.system import SystemManifest
from registry.kinds.workflow import WorkflowManifest

What = Literal["calls", "messages", "declared", "offers", "workflow"]


@dataclass(frozen=True, slots=True)
class Site:
    """A system, an API, a service that nobody declared, or a host that somebody calls; ``note`` is a line about it."""

    node: Node
    title: str
    note: str = ""
    owner: str | None = None
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """What goes from one to the other.

    ``calls`` of an interface or ``messages`` by a queue, as seen; ``declared`` calls that were not seen; an API that a
    system ``offers``; a hop of a ``workflow``. ``label`` names the version, the queue or the steps.
    """

    source: Node
    target: Node
    what: What
    label: str = ""
    calls: int = 0
    errors: int = 0
    last_at: int = 0

    @property
    def ends(self) -> tuple[Node, Node]:
        """Both nodes."""
        return self.source, self.target

    @property
    def share_failed(self) -> float:
        """Of the calls, how many failed."""
        return self.errors / self.calls if self.calls else 0.0


@dataclass(frozen=True, slots=True)
class Landscape:
    """All sites and flows; ``observed`` is false where this server reads no traces."""

    sites: tuple[Site, ...]
    flows: tuple[Flow, ...]
    observed: bool = True
    workflows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be shown: sites that have all words of ``q``, of a system, of an owner, in a workflow; and around them."""

    q: str = ""
    system: str = ""
    owner: str = ""
    workflow: str = ""

    def __bool__(self) -> bool:
        return bool(self.q.strip() or self.system or self.owner or self.workflow)


def read(session: Session, hops_of: HopsOf, workflow: str = "") -> Landscape:
    """The landscape at present; the hops of a workflow where one is named. Raises ``StoreError``."""
    apis = catalogue.every(session, APIManifest)
    hops = hops_of({api.name: api.spec for api in apis})
    workflows = catalogue.workflows(session)
    shown = [one for one in workflows if one.name == workflow]
    found = landscape(catalogue.systems(session), apis, shown, hops or ())
    return Landscape(found.sites, found.flows, hops is not None, tuple(one.name for one in workflows))


def landscape(
    systems: Sequence[SystemManifest],
    apis: Sequence[APIManifest],
    workflows: Iterable[WorkflowManifest],
    hops: Iterable[Hop],
) -> Landscape:
    """Sites by kind and name, flows by their ends; calls of one version by one service of a system add up."""
    sites = {Node("System", one.name): _system(one) for one in systems}
    sites |= {Node("API", one.name): _api(one) for one in apis}
    flows: dict[tuple[Node, Node, What, str], Flow] = {}
    for flow in (*_offers(apis), *_seen(hops, systems, apis), *_steps(workflows)):
        key = (flow.source, flow.target, flow.what, flow.label)
        flows[key] = _sum(flows[key], flow) if key in flows else flow
    called = {(flow.source, flow.target) for flow in flows.values() if flow.what in {"calls", "messages"}}
    for flow in _declared(apis):
        if (flow.source, flow.target) not in called:
            flows[flow.source, flow.target, flow.what, flow.label] = flow
    for flow in flows.values():
        for node in (flow.source, flow.target):
            sites.setdefault(node, Site(node, node.name, _UNDECLARED.get(node.kind, "not declared")))
    ordered = sorted(flows.values(), key=lambda one: (*_key(one.source), *_key(one.target), one.what, one.label))
    return Landscape(tuple(sites[node] for node in sorted(sites, key=_key)), tuple(ordered))


def narrowed(whole: Landscape, choice: Choice) -> Landscape:
    """What was chosen with its neighbours and all that flows between them."""
    if not choice:
        return whole
    chosen = {site.node for site in whole.sites if _fits(site, choice)}
    chosen &= _in_workflow(whole) if choice.workflow else chosen
    if choice.system:
        own = Node("System", choice.system)
        offers = [{flow.source, flow.target} for flow in whole.flows if flow.what == "offers"]
        chosen &= {own}.union(*(ends for ends in offers if own in ends))
    flows = [flow for flow in whole.flows if flow.source in chosen or flow.target in chosen]
    kept = chosen | {node for flow in flows for node in flow.ends}
    # An interface is shown with whoever offers it.
    shown = [
        flow
        for flow in whole.flows
        if flow in flows or (flow.what == "offers" and any(node.kind == "API" and node in kept for node in flow.ends))
    ]
    kept |= {node for flow in shown for node in flow.ends}
    return Landscape(
        tuple(site for site in whole.sites if site.node in kept), tuple(shown), whole.observed, whole.workflows
    )


_SPEAKS_FIRST = frozenset({"event", "webhook"})
_UNDECLARED: Mapping[str, str] = {"service": "service, not declared", "host": "host, not declared"}


def _key(node: Node) -> tuple[str, str]:
    return node.kind, node.name


def _system(one: SystemManifest) -> Site:
    return Site(Node("System", one.name), one.title, one.spec.category, one.metadata.owner)


def _api(one: APIManifest) -> Site:
    versions = ", ".join(version.version for version in one.spec.versions if version.lifecycle != "retired")
    note = f"{one.spec.protocol} {versions}".rstrip()
    return Site(Node("API", one.name), one.title, note, one.metadata.owner, one.spec.lifecycle)


def _offers(apis: Iterable[APIManifest]) -> Iterator[Flow]:
    """An API leads to its provider, as calls do; one by which the provider speaks first comes from it."""
    for api in apis:
        ends = (Node("API", api.name), Node("System", api.spec.system))
        source, target = reversed(ends) if api.spec.protocol in _SPEAKS_FIRST else ends
        yield Flow(source, target, "offers")


def _declared(apis: Iterable[APIManifest]) -> Iterator[Flow]:
    for api in apis:
        for consumer in api.spec.consumers:
            if consumer.system:
                ends = (Node("System", consumer.system), Node("API", api.name))
                source, target = reversed(ends) if api.spec.protocol in _SPEAKS_FIRST else ends
                yield Flow(source, target, "declared", ", ".join(consumer.versions))


def _seen(hops: Iterable[Hop], systems: Sequence[SystemManifest], apis: Sequence[APIManifest]) -> Iterator[Flow]:
    speaking = {api.name for api in apis if api.spec.protocol in _SPEAKS_FIRST}
    for hop in hops:
        source = node_of(hop.sender, systems)
        target = node_of(hop.receiver, systems) or (Node("host", hop.host) if hop.host else None)
        counted = (hop.calls, hop.errors, hop.last_at)
        if hop.queue and hop.api and target:
            # Whoever sent it is most often whoever offers the interface, which another flow tells.
            yield Flow(Node("API", hop.api), target, "messages", hop.queue, *counted)
        elif hop.queue:
            if source and target and source != target:
                yield Flow(source, target, "messages", hop.queue, *counted)
        elif hop.api in speaking and target:
            yield Flow(Node("API", hop.api), target, "calls", hop.version, *counted)
        elif hop.api and source:
            yield Flow(source, Node("API", hop.api), "calls", hop.version, *counted)
        elif source and target and source != target:
            yield Flow(source, target, "calls", "", *counted)


def _steps(workflows: Iterable[WorkflowManifest]) -> Iterator[Flow]:
    for workflow in workflows:
        for before, after in pairwise(workflow.spec.steps):
            if before.system != after.system:
                label = f"{before.name} to {after.name}"
                yield Flow(Node("System", before.system), Node("System", after.system), "workflow", label)


def _sum(one: Flow, other: Flow) -> Flow:
    counted = (one.calls + other.calls, one.errors + other.errors, max(one.last_at, other.last_at))
    return Flow(one.source, one.target, one.what, one.label, *counted)


def _fits(site: Site, choice: Choice) -> bool:
    text = f"{site.node.kind} {site.node.name} {site.title} {site.note} {site.owner or ''}".lower()
    return choice.owner in {"", site.owner} and all(word in text for word in choice.q.lower().split())


def _in_workflow(whole: Landscape) -> set[Node]:
    """The systems of the hops that are there; only those of the chosen workflow are."""
    found: defaultdict[str, set[Node]] = defaultdict(set)
    for flow in whole.flows:
        found[flow.what] |= {flow.source, flow.target}
    return found["workflow"]
