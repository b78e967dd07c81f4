"""The query of every route over a workflow's instances: list, CSV, flow, variants, event log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from http import HTTPStatus
from typing import Annotated

from fastapi import Query, Request

from collectors.timelines.filtering import Filter, Sort
from collectors.timelines.model import Key
from collectors.timelines.model import State as InstanceState
from collectors.workflows.definition import Definition
from controlplane.http.asking import between, dimensions_of, now_of, observed_of, slas_of, workflow_named
from controlplane.http.problems import Problem
from controlplane.state import AppState
from policies.slas import narrowing
from policies.slas.model import Sla
from policies.slas.report import deadline_of


def _said(name: str) -> object:
    return Query(description=narrowing.PARAMETERS[name], max_length=500)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which instances, as the query says it; any dimension of the workflow is a parameter too (`?entity=DE01`)."""

    key: Annotated[str | None, Query(description="TYPE:VALUE, any id of the object.")] = None
    state: Annotated[InstanceState | None, Query()] = None
    overdue: Annotated[bool | None, Query(description="Whether any SLA's time has run out unmet.")] = None
    since: Annotated[str | None, Query(alias="from", description="Started at or after, RFC 3339.")] = None
    until: Annotated[str | None, Query(alias="to", description="Started before, RFC 3339.")] = None
    step: Annotated[str | None, _said("step")] = None
    missing: Annotated[str | None, _said("missing")] = None
    current: Annotated[str | None, _said("current")] = None
    hop: Annotated[str | None, _said("hop")] = None
    path: Annotated[str | None, _said("path")] = None
    sla: Annotated[str | None, _said("sla")] = None
    sla_state: Annotated[str | None, _said("sla_state")] = None
    amount_min: Annotated[str | None, _said("amount_min")] = None
    amount_max: Annotated[str | None, _said("amount_max")] = None
    amount_currency: Annotated[str | None, _said("amount_currency")] = None
    amount_unread: Annotated[str | None, _said("amount_unread")] = None
    min_age: Annotated[str | None, _said("min_age")] = None
    max_age: Annotated[str | None, _said("max_age")] = None
    min_silence: Annotated[str | None, _said("min_silence")] = None
    errors: Annotated[str | None, _said("errors")] = None
    error: Annotated[str | None, _said("error")] = None
    error_type: Annotated[str | None, _said("error_type")] = None
    sort: Annotated[str | None, _said("sort")] = None

    def read(self, request: Request, state: AppState, workflow: str, *others: str) -> Asked:
        """What was asked of a workflow; ``others`` are the route's own parameters. Raises ``Problem`` 400 or 404."""
        definition = workflow_named(state, workflow)
        slas = slas_of(state, workflow)
        now = now_of(state)
        declared = {name for name, _ in definition.dimensions}
        mine = {name for name in narrowing.PARAMETERS if name not in declared}
        own = {"key", "state", "overdue", "from", "to", *mine, *others}
        texts = {one.name: value for one in fields(self) if isinstance(value := getattr(self, one.name), str)}
        found = narrowing.read(definition, slas, texts, now)
        if found.troubles:
            raise Problem(HTTPStatus.BAD_REQUEST, found.troubles[0])
        since, until = between(self.since, self.until)
        base = Filter(
            key=None if self.key is None else observed_of(state).timelines.hash_of(workflow, _key(self.key)),
            state=self.state,
            since=since,
            until=until,
            dimensions=dimensions_of(request, definition, own),
            overdue=self.overdue,
            deadlines=tuple(deadline_of(one) for one in slas),
        )
        return Asked(definition, slas, found.onto(base), found.sort, now)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query comes to, at ``now`` (nanoseconds)."""

    definition: Definition
    slas: Sequence[Sla]
    filter: Filter
    sort: Sort
    now: int


def _key(text: str) -> Key:
    kind, colon, value = text.partition(":")
    if not (kind and colon and value):
        raise Problem(
            HTTPStatus.BAD_REQUEST, f"key must be TYPE:VALUE, such as invoice.number:INV-1, but is {text[:80]!r}"
        )
    return Key(kind, value)
