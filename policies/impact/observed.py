"""The dependences that traces show: who calls an API, who reads whose messages. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from collectors.usage.hops import Hop
from policies.gate.usage import system_of
from policies.impact.graph import Edge, Node
from registry.kinds.system import SystemManifest


def edges(hops: Iterable[Hop], systems: Sequence[SystemManifest], days: int) -> Iterator[Edge]:
    """One for each way that calls or messages went; callers that send no traces depend on nothing that is known."""
    for hop in hops:
        if hop.queue:
            reader, sender = node_of(hop.receiver, systems), node_of(hop.sender, systems)
            if reader and hop.api:
                yield _edge(reader, Node("API", hop.api), f"read {hop.queue}", hop, days)
            if reader and sender and reader != sender:
                yield _edge(reader, sender, f"read its messages from {hop.queue}", hop, days)
            continue
        caller = node_of(hop.sender, systems)
        if caller is None:
            continue
        if hop.api:
            version = f" {hop.version}" if hop.version else ""
            yield _edge(caller, Node("API", hop.api), f"called it{version}", hop, days)
        elif (other := node_of(hop.receiver, systems)) and other != caller:
            yield _edge(caller, other, "called it", hop, days)


def node_of(service: str, systems: Sequence[SystemManifest]) -> Node | None:
    """Whose service it is; the service itself where no system names it, None where nobody is known."""
    if not service:
        return None
    system = system_of(service, systems)
    return Node("System", system) if system else Node("service", service)


def _edge(dependent: Node, on: Node, did: str, hop: Hop, days: int) -> Edge:
    times = "once" if hop.calls == 1 else f"{hop.calls:,} times"
    return Edge(dependent, on, f"{did} {times} in {days} days", "observed", hop.calls, hop.last_at)
