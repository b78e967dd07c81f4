"""All that is declared and the gate judges by, read once for as long as nothing is declared anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from policies.gate.judging import Rule, rule
from registry.audit import chain
from registry.canon.reading import Model, model
from registry.catalogue import read
from registry.catalogue.models import Resource
from registry.kinds.api import APIManifest, Version
from registry.kinds.policy import PolicyManifest
from registry.kinds.sla import SLAManifest
from registry.kinds.system import SystemManifest
from registry.kinds.team import TeamManifest
from registry.kinds.workflow import WorkflowManifest
from registry.waivers.service import standing
from registry.waivers.standing import Standing


@dataclass(frozen=True)
class Snapshot:
    """``mark`` seals the audit log's last entry: while it stays, so does all of this."""

    mark: str = ""
    rules: tuple[Rule, ...] = ()
    held: Mapping[tuple[str, int], Rule] = field(default_factory=dict)
    apis: tuple[APIManifest, ...] = ()
    teams: dict[str, TeamManifest] = field(default_factory=dict)
    systems: tuple[SystemManifest, ...] = ()
    workflows: tuple[WorkflowManifest, ...] = ()
    slas: tuple[SLAManifest, ...] = ()
    waivers: tuple[Standing, ...] = ()
    canon: Model | None = None

    def described_by(self, subject: str) -> list[tuple[APIManifest, Version]]:
        """The versions of APIs that a schema describes, the most alive first."""
        order = ("active", "deprecated", "proposed", "retired")
        found = [(api, version) for api in self.apis for version in api.spec.of_schema(subject)]
        return sorted(found, key=lambda one: (order.index(one[1].lifecycle), one[0].name))


def read_snapshot(session: Session, before: Snapshot | None = None) -> Snapshot:
    """All of it as it is now; policies that are as they were ``before`` need not be read again."""
    rules = _rules(session, before.held if before else {})
    return Snapshot(
        mark=chain.mark(session),
        rules=tuple(rules.values()),
        held=rules,
        apis=tuple(read.every(session, APIManifest)),
        teams={one.name: one for one in read.every(session, TeamManifest)},
        systems=tuple(read.every(session, SystemManifest)),
        workflows=tuple(read.every(session, WorkflowManifest)),
        slas=tuple(read.every(session, SLAManifest)),
        waivers=tuple(standing(session)),
        canon=model(session),
    )


def _rules(session: Session, held: Mapping[tuple[str, int], Rule]) -> dict[tuple[str, int], Rule]:
    """The policies by name and revision."""
    found: dict[tuple[str, int], Rule] = {}
    for row in session.scalars(select(Resource).where(Resource.kind == "Policy").order_by(Resource.name)):
        key = (row.name, row.revision)
        if key in held:
            found[key] = held[key]
        elif isinstance(manifest := read.manifest_of(row), PolicyManifest):
            found[key] = rule(manifest)
    return found
