"""What depends on what."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry.exceptions import StrawberryGraphQLError

from collectors.timelines import times
from controlplane.graphql.context import Info, needs
from controlplane.impact import hops_of
from policies.impact.graph import Node, Reached
from policies.impact.reading import AskedError, NothingThereError, asked
from policies.impact.reading import impact as find


@strawberry.type(description="A declared thing; `service` is a kind for what traces name and nobody declared.")
class ImpactedThing:
    kind: str
    name: str
    title: str


@strawberry.type(description="What depends on it: why, as which step of the way says (`on`), and how sure that is.")
class DependenceType:
    thing: ImpactedThing
    why: str
    on: ImpactedThing
    hops: int = strawberry.field(description="How many steps away it is, from 1.")
    provenance: str = strawberry.field(description="Of the least sure step: declared, observed or inferred.")
    calls: int | None
    last_call: datetime | None


@strawberry.type(description="All that depends on a thing, nearest and surest first.")
class Impact:
    of: ImpactedThing
    path: str | None
    items: list[DependenceType]
    notes: list[str] = strawberry.field(description="What can't have been seen.")


@strawberry.type
class ImpactQuery:
    """What can be asked about dependences."""

    @strawberry.field(
        permission_classes=[needs("catalogue:read")],
        description="`of` is KIND:NAME; `path`, a field of a schema: a JSON Pointer into it or a path of its documents.",
    )
    def impact(self, info: Info, of: str, path: str | None = None) -> Impact:
        """Through references, mappings, workflows and SLAs as declared, calls as seen in 30 days, and names of fields."""
        state = info.context.state
        try:
            start = asked(of, path)
            with state.database.reading() as session:
                found = find(session, hops_of(state), start)
        except (AskedError, NothingThereError) as error:
            raise StrawberryGraphQLError(str(error)) from error

        def thing(node: Node) -> ImpactedThing:
            title = found.graph.titles.get(Node(node.kind, node.name), node.name)
            return ImpactedThing(kind=node.kind, name=node.name, title=title)

        def dependence(one: Reached) -> DependenceType:
            last_at = one.edge.last_at
            return DependenceType(
                thing=thing(one.node),
                why=one.edge.why,
                on=thing(one.edge.on),
                hops=one.hops,
                provenance=one.provenance,
                calls=one.edge.calls or None,
                last_call=datetime.fromisoformat(times.rfc3339(last_at)) if last_at else None,
            )

        items = [dependence(one) for one in found.items]
        return Impact(of=thing(start), path=path, items=items, notes=list(found.graph.notes))
