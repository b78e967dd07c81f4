"""Webhooks in the graph."""

from __future__ import annotations

from typing import Self

import strawberry
from strawberry.exceptions import StrawberryGraphQLError

from controlplane.graphql.context import Info, needs
from controlplane.http.paging import MAX_LIMIT
from controlplane.http.rest.webhooks import DeliveryOut, WebhookOut, delivered, told
from controlplane.webhooks import steering


@strawberry.type(name="Delivery", description="What became of an event at a webhook; a test has no seq.")
class DeliveryType:
    event: strawberry.ID
    type: str
    subject: str
    seq: int | None
    state: str
    attempts: int
    last_attempt_at: str
    status: int | None
    error: str | None
    milliseconds: int | None

    @classmethod
    def of(cls, one: DeliveryOut) -> Self:
        """From what REST answers."""
        shown = one.model_dump(exclude={"first_attempt_at", "event"})
        return cls(event=strawberry.ID(one.event), **shown)


@strawberry.type(name="Webhook", description="A receiver of what happens here, as it stands.")
class WebhookType:
    name: str
    url: str
    owner: str | None
    state: str
    note: str | None
    behind: int
    secret: str
    failing_since: str | None
    attempts: int
    next_attempt_at: str | None
    delivered_at: str | None
    last_status: int | None
    last_error: str | None

    @classmethod
    def of(cls, one: WebhookOut) -> Self:
        """From what REST answers."""
        return cls(**one.model_dump())

    @strawberry.field(
        permission_classes=[needs("audit:read")], description="What became of events, the last tried first."
    )
    def deliveries(self, info: Info, limit: int = 20) -> list[DeliveryType]:
        """Of the last 30 days."""
        if not 1 <= limit <= MAX_LIMIT:
            raise StrawberryGraphQLError(f"limit must be from 1 to {MAX_LIMIT}")
        return [DeliveryType.of(delivered(one)) for one in steering.deliveries(info.context.state, self.name, limit)]


@strawberry.type
class WebhookQuery:
    """Questions about webhooks."""

    @strawberry.field(permission_classes=[needs("catalogue:read")], description="Every webhook, by name.")
    def webhooks(self, info: Info) -> list[WebhookType]:
        """How each stands."""
        return [WebhookType.of(told(one)) for one in steering.hooks(info.context.state)]
