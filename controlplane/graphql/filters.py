"""Which instances a question is about: the same conditions as in REST, read by the same rules."""

from __future__ import annotations

import strawberry
from strawberry.exceptions import StrawberryGraphQLError

from collectors.timelines.filtering import Filter, Sort
from collectors.timelines.model import Key as KeyValue
from controlplane.graphql.context import Info
from controlplane.graphql.parts import State
from controlplane.http.asking import in_order, observed_of, time_of, workflow_named
from controlplane.http.problems import Problem
from policies.slas import narrowing
from policies.slas.report import deadline_of


@strawberry.input(description="An id of the object, as one system knows it.")
class KeyInput:
    """A key to look for."""

    type: str
    value: str


@strawberry.input(description="A dimension and the value that it must have.")
class DimensionInput:
    """A condition on a dimension."""

    name: str
    value: str


def _said(name: str) -> str | None:
    return strawberry.field(default=None, description=narrowing.PARAMETERS[name])  # type: ignore[no-any-return] # a field


@strawberry.input(name="InstanceFilter", description="Conditions that must all hold; times are RFC 3339.")
class FilterInput:
    """Which instances."""

    key: KeyInput | None = None
    state: State | None = None
    overdue: bool | None = None
    started_from: str | None = None
    started_before: str | None = None
    dimensions: list[DimensionInput] = strawberry.field(default_factory=list)
    step: str | None = _said("step")
    missing: str | None = _said("missing")
    current: str | None = _said("current")
    hop: str | None = _said("hop")
    path: str | None = _said("path")
    sla: str | None = _said("sla")
    sla_state: str | None = _said("sla_state")
    amount_min: str | None = _said("amount_min")
    amount_max: str | None = _said("amount_max")
    amount_currency: str | None = _said("amount_currency")
    amount_unread: bool | None = strawberry.field(
        default=None, description="Whether some event stated an amount that can't be read."
    )
    min_age: str | None = _said("min_age")
    max_age: str | None = _said("max_age")
    min_silence: str | None = _said("min_silence")
    errors: bool | None = strawberry.field(default=None, description="Whether any attempt failed.")
    error: str | None = _said("error")
    error_type: str | None = _said("error_type")
    sort: str | None = _said("sort")


def narrowed(info: Info, workflow: str, where: FilterInput | None) -> tuple[Filter, Sort]:
    """The filter and the order. Raises an error of the graph that says what makes no sense."""
    asked = where or FilterInput()
    slas = info.context.slas(workflow)
    try:
        definition = workflow_named(info.context.state, workflow)
        since, until = in_order(
            time_of(asked.started_from, "startedFrom"),
            time_of(asked.started_before, "startedBefore"),
            ("startedFrom", "startedBefore"),
        )
        base = Filter(
            key=None
            if asked.key is None
            else observed_of(info.context.state).timelines.hash_of(workflow, KeyValue(asked.key.type, asked.key.value)),
            state=None if asked.state is None else asked.state.value,
            since=since,
            until=until,
            dimensions={one.name: one.value for one in asked.dimensions},
            overdue=asked.overdue,
            deadlines=tuple(deadline_of(sla) for sla in slas),
        )
    except Problem as error:
        raise StrawberryGraphQLError(str(error.detail)) from error
    texts = {name: value for name in narrowing.PARAMETERS if isinstance(value := getattr(asked, name), str)}
    for name, truth in (("errors", asked.errors), ("amount_unread", asked.amount_unread)):
        if truth is not None:
            texts[name] = "true" if truth else "false"
    found = narrowing.read(definition, slas, texts, info.context.now)
    if found.troubles:
        raise StrawberryGraphQLError(found.troubles[0])
    return found.onto(base), found.sort
