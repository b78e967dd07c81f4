"""The graph's questions. Every field of Query names the permission that it asks for; a test walks over them all."""

from __future__ import annotations

import strawberry
from graphql import GraphQLError
from strawberry.exceptions import StrawberryGraphQLError
from strawberry.extensions import MaxAliasesLimiter, MaxTokensLimiter, QueryDepthLimiter
from strawberry.types import ExecutionContext

from collectors.timelines.ordering import CursorError
from controlplane import readings
from controlplane.graphql.canon import CanonQuery
from controlplane.graphql.catalogue import CatalogueQuery
from controlplane.graphql.context import Info, needs
from controlplane.graphql.filters import FilterInput, narrowed
from controlplane.graphql.flows import FlowQuery
from controlplane.graphql.impact import ImpactQuery
from controlplane.graphql.lifecycle import LifecycleQuery
from controlplane.graphql.parts import Key
from controlplane.graphql.relations import RelationQuery
from controlplane.graphql.reviews import ReviewQuery
from controlplane.graphql.schemas import SchemaQuery
from controlplane.graphql.senders import SenderQuery
from controlplane.graphql.traces import TraceQuery
from controlplane.graphql.types import Hit, InstancePage, InstanceType, ReportType, SlaType
from controlplane.graphql.webhooks import WebhookQuery
from controlplane.http.asking import in_order, observed_of, sla_named, time_of
from controlplane.http.paging import MAX_LIMIT
from controlplane.http.problems import Problem


@strawberry.type
class Query(
    CanonQuery,
    CatalogueQuery,
    FlowQuery,
    ImpactQuery,
    LifecycleQuery,
    RelationQuery,
    ReviewQuery,
    SchemaQuery,
    SenderQuery,
    TraceQuery,
    WebhookQuery,
):
    """What can be asked."""

    @strawberry.field(permission_classes=[needs("workflows:read")], description="Names of the workflows that answer.")
    def workflows(self, info: Info) -> list[str]:
        """Those that have read their history."""
        return sorted(observed_of(info.context.state).timelines.active())

    @strawberry.field(permission_classes=[needs("workflows:read")], description="Those that started last first.")
    def instances(
        self,
        info: Info,
        workflow: str,
        where: FilterInput | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> InstancePage:
        """A page of a workflow's instances."""
        if not 1 <= limit <= MAX_LIMIT:
            raise StrawberryGraphQLError(f"limit must be from 1 to {MAX_LIMIT}")
        timelines = observed_of(info.context.state).timelines
        chosen, sort = narrowed(info, workflow, where)
        try:
            page = timelines.page(workflow, chosen, limit, cursor, sort)
        except CursorError as error:
            raise StrawberryGraphQLError(str(error)) from error
        found = [InstanceType.of(one) for one in timelines.whole(workflow, page.items)]
        return InstancePage(items=found, next_cursor=page.next_cursor)

    @strawberry.field(permission_classes=[needs("workflows:read")], description="One timeline, null if there is none.")
    def instance(self, info: Info, workflow: str, id: strawberry.ID) -> InstanceType | None:  # noqa: A002 - the field's own word
        """By its id or one that it had before."""
        found = observed_of(info.context.state).timelines.get(workflow, id)
        return None if found is None else InstanceType.of(found)

    @strawberry.field(permission_classes=[needs("workflows:read")], description="Any id of any system.")
    def search(self, info: Info, q: str, limit: int = 20) -> list[Hit]:
        """Exact ids first, then ids that begin with the text."""
        timelines = observed_of(info.context.state).timelines
        return [
            Hit(key=Key(type=hit.key.type, value=hit.key.value), instance=InstanceType.of(whole))
            for hit in timelines.search(q, max(1, min(limit, MAX_LIMIT)))
            for whole in timelines.whole(hit.instance.workflow, [hit.instance])
        ]

    @strawberry.field(permission_classes=[needs("slas:read")], description="All SLAs, or those of one workflow.")
    def slas(self, info: Info, workflow: str | None = None) -> list[SlaType]:
        """As they are declared."""
        with info.context.state.database.reading() as session:
            return [SlaType.of(sla) for sla in readings.slas(session, workflow)]

    @strawberry.field(
        permission_classes=[needs("slas:read")], description="Figures of an SLA; by default over its window."
    )
    def sla_report(
        self, info: Info, sla: str, start: str | None = None, end: str | None = None, by: str | None = None
    ) -> ReportType:
        """Times are RFC 3339, the end exclusive; `by` is a dimension."""
        state = info.context.state
        try:
            chosen = sla_named(state, sla)
            until = time_of(end, "end") or info.context.now + 1
            since = time_of(start, "start") or max(0, until - chosen.window)
            in_order(since, until, ("start", "end"))
        except Problem as error:
            raise StrawberryGraphQLError(str(error.detail)) from error
        return ReportType.of(observed_of(state).reports.report(chosen, since, until, info.context.now, by=by))


class Schema(strawberry.Schema):
    """Logs faults of ours only: what the caller did wrong is in the answer, and must not fill anybody's log."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Called with all errors of one answer; those that were raised as GraphQL's own are the caller's."""
        ours = [one for one in errors if not isinstance(one.original_error or one, GraphQLError)]
        if ours:
            super().process_errors(ours, execution_context)


schema = Schema(
    query=Query,
    extensions=[
        lambda: QueryDepthLimiter(max_depth=12),
        lambda: MaxTokensLimiter(max_token_count=5_000),
        # Each alias of a list is a list more to fetch.
        lambda: MaxAliasesLimiter(max_alias_count=15),
    ],
)
