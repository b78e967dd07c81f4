"""Whom a change of a document may touch: consumers, workflows with their deadlines, mappings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from policies.gate.consumers import Relying, relying
from policies.gate.impact import Touched, touched
from policies.gate.mapped import TouchedMapping, mapped
from policies.gate.snapshot import Snapshot
from policies.gate.usage import Usage, callers, words
from registry.compat.model import Change
from registry.kinds.api import APIManifest
from registry.kinds.sla import SLAManifest

#: What was seen of an API's calls, as far as it can be asked.
UsageOf = Callable[[APIManifest], Usage | None]


@dataclass(frozen=True, slots=True)
class Impact:
    """``notes`` say how far to trust all of this."""

    consumers: tuple[Relying, ...] = ()
    workflows: tuple[Touched, ...] = ()
    slas: tuple[SLAManifest, ...] = ()
    mappings: tuple[TouchedMapping, ...] = ()
    notes: tuple[str, ...] = ()
    usage: Usage | None = None

    @property
    def names(self) -> dict[str, list[str]]:
        """By kind, for policies."""
        return {
            "consumers": list(dict.fromkeys(one.name for one in self.consumers)),
            "mappings": [one.mapping.name for one in self.mappings],
            "broken_mappings": [one.mapping.name for one in self.mappings if one.breaks],
            "workflows": [one.workflow.name for one in self.workflows],
            "slas": [one.name for one in self.slas],
        }


def impact_of(
    snapshot: Snapshot,
    subject: str,
    changes: Sequence[Change],
    documents: tuple[str, str],
    usage_of: UsageOf,
) -> Impact:
    """Whom changes of a subject's document (the old text, the new one) may touch."""
    described = snapshot.described_by(subject)
    consumers: list[Relying] = []
    notes: list[str] = []
    first: Usage | None = None
    for position, (api, version) in enumerate(described):
        usage = usage_of(api)
        first = usage if position == 0 else first
        seen = callers(usage, version.version, snapshot.systems) if usage else []
        consumers += relying(api, version.version, seen)
        notes.append(words(usage, f"{api.name} {version.version}"))
    if not described:
        notes.append(f"no API names {subject} as its schema, so its consumers are unknown")
    workflows = tuple(touched(changes, *documents, snapshot.workflows))
    names = {one.workflow.name for one in workflows}
    if workflows:
        notes.append("workflows are found by the names of properties and attributes, which is a hint and no proof")
    slas = tuple(one for one in snapshot.slas if one.spec.workflow in names)
    mappings = tuple(mapped(snapshot.canon, subject, documents, changes)) if snapshot.canon else ()
    return Impact(tuple(consumers), workflows, slas, mappings, tuple(notes), first)
