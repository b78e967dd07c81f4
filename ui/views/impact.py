"""Who relies on a thing and what depends on it, as pages show it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from policies.gate.consumers import Relying
from policies.gate.usage import Usage
from policies.impact.graph import Node, Provenance, Reached
from ui import words
from ui.views import catalogue

_STATES: Mapping[Provenance, str] = {"declared": "met", "observed": "completed", "inferred": "pending"}
_MOST = 100


def consumer(one: Relying) -> dict[str, Any]:
    """A consumer: declared, seen, or both."""
    seen = one.calls_30d is not None
    known = "declared and seen" if one.declared and seen else "declared, not seen" if one.declared else "seen only"
    return {
        "name": one.name,
        "href": catalogue.href(one.kind, one.name) if one.kind != "service" else "",
        "known": known,
        "state": "met" if one.declared and seen else "pending" if one.declared else "overdue",
        "versions": one.versions,
        "calls": one.calls_30d,
        "last_at": catalogue.nanoseconds(one.last_call) if one.last_call else None,
        "purpose": one.purpose,
    }


def operations(usage: Usage) -> list[dict[str, Any]]:
    """What was called, by whom, most calls first."""
    found = [
        {
            "operation": name,
            "version": one.version,
            "service": one.service,
            "calls": count.calls,
            "errors": count.errors,
            "last_at": count.last_at,
        }
        for one in usage.found.consumers
        for name, count in one.operations.items()
    ]
    return sorted(found, key=lambda one: -int(str(one["calls"])))[:_MOST]


def rows(found: Sequence[Reached], titles: Mapping[Node, str]) -> list[dict[str, Any]]:
    """What depends on a thing, nearest first."""
    return [
        {
            "kind": one.node.kind if one.node.kind != "service" else "Service",
            "title": titles.get(one.node, one.node.name),
            "href": catalogue.href(one.node.kind, one.node.name) if one.node in titles else "",
            "why": one.edge.why if one.hops == 1 else f"{one.edge.why} ({_shown(one.edge.on, titles)})",
            "provenance": one.provenance,
            "state": _STATES[one.provenance],
            "hops": one.hops,
        }
        for one in found
    ]


def _shown(node: Node, titles: Mapping[Node, str]) -> str:
    return f"{node.kind} {titles.get(node, node.name)}"


def answer(title: str, found: Sequence[Reached]) -> str:
    """How much depends on it, in a sentence."""
    if not found:
        return f"Nothing that is known depends on {title}."
    near = sum(one.hops == 1 for one in found)
    kinds: dict[str, int] = {}
    for one in found:
        kinds[one.node.kind] = kinds.get(one.node.kind, 0) + 1
    told = words.listing([catalogue.noun(kind, number) for kind, number in sorted(kinds.items())])
    return f"{told} {'depends' if len(found) == 1 else 'depend'} on {title}, {near:,} of them directly."
