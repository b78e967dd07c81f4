"""Trying a policy before it goes live."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from controlplane.http.auth import requires
from controlplane.http.problems import Problem
from controlplane.http.rest.apply import body_of
from controlplane.http.rest.policies import PolicyFinding
from controlplane.http.wiring import State
from controlplane.state import AppState
from policies.gate import trial
from policies.gate.answer import finding
from policies.gate.judging import Rule, rule
from policies.gate.trial import Hit, Trial
from policies.gate.verdict import verdict
from registry.access.roles import Principal
from registry.kinds.policy import PolicyManifest
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText

router = APIRouter(prefix="/api/v1/policy/trials", tags=["Policies"])


class TrialHit(BaseModel):
    """Something of which the policy says something; of an evaluation also what it came to without the policy."""

    kind: str
    name: str
    would_be: str
    evaluation: str | None
    was: str | None
    at: datetime | None
    findings: list[PolicyFinding]


class TrialPart(BaseModel):
    """``judged`` of ``of`` were looked at, within a bounded time."""

    judged: int
    of: int
    deny: int
    warn: int
    hits: list[TrialHit]


class PolicyTrial(BaseModel):
    """What a policy would say. ``changed`` is how many evaluations would have had another verdict."""

    policy: str
    registered: TrialPart
    evaluations: TrialPart
    changed: int
    days: int


@router.post(
    "",
    summary="Try policies on what is registered and on what was asked lately",
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "Manifests of kind Policy: YAML or JSON, as for apply.",
            "content": {"application/yaml": {"schema": {}}, "application/json": {"schema": {}}},
        },
    },
)
async def try_policies(
    request: Request,
    state: State,
    _who: Annotated[Principal, Depends(requires("policies:evaluate"))],
    days: Annotated[int, Query(ge=1, le=180, description="How far back evaluations are looked at.")] = trial.DAYS,
) -> list[PolicyTrial]:
    """At the end of its roll-out, whatever that says. Nothing is stored. 422 says what is wrong with a policy."""
    body = await body_of(request)
    return await run_in_threadpool(tried, state, body, days)


def tried(state: AppState, body: bytes, days: int) -> list[PolicyTrial]:
    """The trials of all policies of a text. Raises ``ManifestError`` or ``Problem``."""
    manifests = [located.manifest for located in parse_manifests([SourceText("", body)])]
    rules = [rule(one) for one in manifests if isinstance(one, PolicyManifest)]
    if not rules or len(rules) != len(manifests):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "send manifests of kind Policy, and nothing else")
    return [_trial(state, one, days) for one in rules]


def _trial(state: AppState, one: Rule, days: int) -> PolicyTrial:
    now = state.clock()
    with state.database.reading() as session:
        registered = trial.on_registered(state.gate, session, one, now)
        evaluations = trial.on_evaluations(session, one, now, days)
    changed = sum(1 for _ in trial.turned(evaluations))
    return PolicyTrial(
        policy=one.name, registered=_part(registered), evaluations=_part(evaluations), changed=changed, days=days
    )


def _part(found: Trial) -> TrialPart:
    return TrialPart(
        judged=found.judged,
        of=found.of,
        deny=found.count("deny"),
        warn=found.count("warn"),
        hits=[_hit(one) for one in found.hits],
    )


def _hit(one: Hit) -> TrialHit:
    findings: list[dict[str, Any]] = [finding(each) for each in one.findings]
    return TrialHit(
        kind=one.kind,
        name=one.name,
        would_be=verdict(one.findings),
        evaluation=one.evaluation,
        was=one.was,
        at=one.at,
        findings=[PolicyFinding(**each) for each in findings],
    )
