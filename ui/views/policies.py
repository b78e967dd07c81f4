"""What the pages about policies show. Times are in nanoseconds."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from policies.gate.trial import Hit, Trial, turned
from policies.gate.verdict import verdict
from policies.pack import shipped
from registry.kinds.policy import PolicyManifest, Scope
from ui import words
from ui.views import evaluations

_STATES = {"deny": "breached", "warn": "overdue", "allow": "met"}
_STAGES = {None: ("pending", "not begun"), "allow": ("pending", "recorded only"), "warn": ("overdue", "warns")}
_OCCASIONS = {
    "schema-change": "a document changes",
    "lifecycle-change": "an API changes",
    "mapping-change": "a mapping changes",
}
_HITS = 50
EXAMPLE = """\
apiVersion: controlplane/v1
kind: Policy
metadata: {name: sunset-announced}
spec:
  on: schema-change
  deny: "api.lifecycle == 'retired' && usage.known && usage.calls_30d > 0"
  message: "{api.name} is still called {usage.calls_30d} times a month"
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A policy in a list."""

    name: str
    href: str
    title: str
    on: str
    state: str
    stage: str
    scope: str
    owner: str


@dataclass(frozen=True, slots=True)
class Told:
    """A hit of a trial."""

    name: str
    href: str
    state: str
    would_be: str
    was: str
    at: int | None
    message: str
    more: int


@dataclass(frozen=True, slots=True)
class Tried:
    """What a policy would have said."""

    name: str
    answer: str
    registered: Sequence[Told]
    asked: Sequence[Told]
    notes: Sequence[str]


def answer(policies: Sequence[PolicyManifest], today: date) -> str:
    """The sentence that the list begins with."""
    if not policies:
        return "No policy is declared; only the compatibility modes of schemas are judged."
    stages = [stage(one, today) for one in policies]
    denying = sum(one == "denies" for one in stages)
    warning = sum(one == "warns" for one in stages)
    rest = len(stages) - denying - warning
    said = f"{words.quantity(len(policies), 'policy')}: {denying} may deny, {warning} warn"
    return f"{said}, {rest} {words.verb(rest, 'is', 'are')} recorded only or not begun." if rest else f"{said}."


def stage(one: PolicyManifest, today: date) -> str:
    """What a policy does at present."""
    spec = one.spec
    level = spec.rollout.stage(today) if spec.rollout else "deny"
    if level == "deny":
        return "denies" if spec.deny else "warns"
    return _STAGES[level][1]


def row(one: PolicyManifest, today: date) -> Row:
    """One line of the list."""
    now = stage(one, today)
    return Row(
        name=one.name,
        href=f"/reviews/policies/{quote(one.name, safe='')}",
        title=one.title,
        on=_OCCASIONS[one.spec.on],
        state={"denies": "breached", "warns": "overdue"}.get(now, "pending"),
        stage=now,
        scope=scope_words(one.spec.scope),
        owner=one.metadata.owner or "",
    )


def scope_words(scope: Scope) -> str:
    """What a policy is for."""
    parts = [
        *([" or ".join(scope.kinds)] if scope.kinds else []),
        *([f"named {words.listing(scope.names)}"] if scope.names else []),
        *([f"in {' or '.join(scope.formats)}"] if scope.formats else []),
        *([f"of {' or '.join(scope.systems)}"] if scope.systems else []),
        *([f"owned by {' or '.join(scope.owners)}"] if scope.owners else []),
        *(f"labelled {name}={value}" for name, value in scope.labels.items()),
    ]
    return ", ".join(parts) or "everything"


def shipped_rows(declared: Collection[str]) -> list[dict[str, Any]]:
    """The rules that come along."""
    return [
        {
            "name": name,
            "href": f"/reviews/policies/shipped/{name}",
            "title": one.title,
            "on": _OCCASIONS[one.spec.on],
            "profiles": [each.name for each in shipped.profiles().values() if name in each.rules],
            "taken": name in declared,
        }
        for name, one in shipped.rules().items()
    ]


def detail(one: PolicyManifest, today: date, profiles: Sequence[str] | None) -> dict[str, Any]:
    """A policy with its expressions and cases; ``profiles`` name those that have a shipped one."""
    spec = one.spec
    rollout = spec.rollout
    days = [(name, day) for name in ("audit", "warn", "deny") if rollout and (day := getattr(rollout, name))]
    return {
        "name": one.name,
        "title": one.title,
        "description": (spec.description or "").replace("`", ""),
        "remedy": spec.remedy or "",
        "message": spec.message,
        "on": _OCCASIONS[spec.on],
        "deny": spec.deny or "",
        "warn": spec.warn or "",
        "scope": scope_words(spec.scope),
        "owner": one.metadata.owner or "",
        "stage": "" if profiles is not None else stage(one, today),
        "rollout": [(name, day.isoformat()) for name, day in days],
        "parameters": [(name, json.dumps(value)) for name, value in spec.parameters.items()],
        "tests": [
            (case.name, json.dumps(case.given, default=str), case.expect, _STATES[case.expect]) for case in spec.tests
        ],
        "profiles": profiles,
    }


def trial_of(manifest: PolicyManifest, registered: Trial, asked: Trial) -> Tried:
    """A trial in words and rows."""
    changed = sum(1 for _ in turned(asked))
    said = (
        f"{manifest.name} would deny {registered.count('deny')} and warn of {registered.count('warn')} of the "
        f"{words.quantity(registered.of, 'thing')} that {words.verb(registered.of, 'is', 'are')} registered."
    )
    if manifest.spec.on == "schema-change":
        said += f" Of {words.quantity(asked.of, 'evaluation')} in 90 days it would have made {changed} worse."
    notes = [
        f"Only {one.judged} of {one.of} were looked at in the time there is"
        for one in (registered, asked)
        if one.judged < one.of
    ]
    return Tried(
        manifest.name,
        said,
        [_told(hit) for hit in registered.hits[:_HITS]],
        [_told(hit) for hit in asked.hits[:_HITS]],
        notes,
    )


def _told(hit: Hit) -> Told:
    would = verdict(hit.findings)
    kinds = {"Schema": "/catalogue/schemas/", "API": "/catalogue/API/", "Mapping": "/catalogue/mappings/"}
    address = evaluations.href(hit.evaluation) if hit.evaluation else f"{kinds[hit.kind]}{quote(hit.name, safe='')}"
    return Told(
        name=hit.name,
        href=address,
        state=_STATES[would],
        would_be=would,
        was=hit.was or "",
        at=evaluations.nanoseconds(hit.at) if hit.at else None,
        message=hit.findings[0].message,
        more=len(hit.findings) - 1,
    )
