"""What an instance relates to."""

from __future__ import annotations

from typing import Self

import strawberry

from collectors.timelines.model import Instance
from collectors.timelines.related import Relation, related
from collectors.timelines.times import rfc3339
from controlplane.graphql.context import Info, needs
from controlplane.graphql.parts import Amount, Key, State
from controlplane.http.asking import observed_of

_LIMIT = 100


@strawberry.type(name="RelatedInstance", description="Another object, in short.")
class RelatedType:
    id: str
    workflow: str
    state: State
    started_at: str
    amount: Amount | None
    keys: list[Key]

    @classmethod
    def of(cls, one: Instance) -> Self:
        """From an instance."""
        return cls(
            id=one.id,
            workflow=one.workflow,
            state=State(one.state),
            started_at=rfc3339(one.started_at),
            amount=Amount.of(one.amount),
            keys=[Key(type=key.type, value=key.value) for key in one.keys],
        )


@strawberry.type(
    name="Relation",
    description="Objects of one workflow that are related by one id; `how` is belongs-to, has or shares.",
)
class RelationType:
    how: str
    key: Key
    workflow: str
    total: int
    instances: list[RelatedType]

    @classmethod
    def of(cls, one: Relation) -> Self:
        """From a relation."""
        return cls(
            how=one.how.replace(" ", "-"),
            key=Key(type=one.key.type, value=one.key.value),
            workflow=one.workflow,
            total=one.total,
            instances=[RelatedType.of(other) for other in one.instances],
        )


@strawberry.type
class RelationQuery:
    """Relations; a question of its own, since each takes some queries to the store."""

    @strawberry.field(
        permission_classes=[needs("workflows:read")], description="What an instance relates to; empty if there is none."
    )
    def related(self, info: Info, workflow: str, id: strawberry.ID, limit: int = 20) -> list[RelationType]:  # noqa: A002 - the field's own word
        """At most `limit` instances of each relation."""
        timelines = observed_of(info.context.state).timelines
        instance = timelines.get(workflow, id)
        if instance is None:
            return []
        return [RelationType.of(one) for one in related(timelines, instance, max(1, min(limit, _LIMIT)))]
