"""The types at which queries, mutations and subscriptions start."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLSchema

from registry.compat.graphql.report import Reporter
from registry.compat.graphql.usages import usage_changes
from registry.compat.model import Change


def root_changes(report: Reporter, old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    """Another type at a root, or none. A root that is new, or whose type is gone too, shows in the types."""
    for kind in ("query", "mutation", "subscription"):
        before, after = (getattr(schema, f"{kind}_type") for schema in (old, new))
        if before is None or (after is None and before.name not in new.type_map):
            continue
        names = (before.name, after.name if after else "none")
        if names[0] != names[1]:
            path = f"schema.{kind}"
            message = f"the {kind} type was {names[0]} and is now {names[1]}"
            yield report.change(f"schema-{kind}-type-changed", path, message, old=before, new=after, values=names)
    yield from usage_changes(report, "schema", "schema", old, new)
