"""``/graphql``: the schema over HTTP, for whoever is known."""

from typing import Annotated

from fastapi import Depends, FastAPI
from strawberry.fastapi import GraphQLRouter

from controlplane.graphql.context import Context
from controlplane.graphql.schema import schema
from controlplane.http.asking import now_of
from controlplane.http.auth import requires
from controlplane.state import AppState
from registry.access.roles import Principal


def mount(app: FastAPI, state: AppState) -> None:
    """Add the route; each field of the graph asks for its own permission."""

    async def context(principal: Annotated[Principal, Depends(requires(None))]) -> Context:
        return Context(state=state, principal=principal, now=now_of(state))

    # The library's own page loads its scripts from elsewhere, so there is none.
    router: GraphQLRouter[Context, None] = GraphQLRouter(schema, graphql_ide=None, context_getter=context)
    app.include_router(router, prefix="/graphql", tags=["graphql"])
