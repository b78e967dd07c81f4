"""All that is declared and the gate judges by, read once for as long as nothing is declared anew."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from policies.gate.judging import Rule, rule
from registry.audit import chain
from registry.canon.reading import Model, model
from registry.catalogue import read
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


def read_snapshot(session: Session) -> Snapshot:
    """All of it as it is now."""
    return Snapshot(
        mark=chain.mark(session),
        rules=tuple(rule(one) for one in read.every(session, PolicyManifest)),
        apis=tuple(read.every(session, APIManifest)),
        teams={one.name: one for one in read.every(session, TeamManifest)},
        systems=tuple(read.every(session, SystemManifest)),
        workflows=tuple(read.every(session, WorkflowManifest)),
        slas=tuple(read.every(session, SLAManifest)),
        waivers=tuple(standing(session)),
        canon=model(session),
    )
