"""Which changes of a type around lists and non-null marks are safe, for what goes out and for what comes in."""

from __future__ import annotations

from graphql import GraphQLInputType, GraphQLList, GraphQLNonNull, GraphQLOutputType, GraphQLType


def safe_for_output(old: GraphQLType | GraphQLOutputType, new: GraphQLType | GraphQLOutputType) -> bool:
    """Whether every value of the new type is one of the old: null may go, nothing may come."""
    if isinstance(new, GraphQLNonNull):
        return safe_for_output(old.of_type if isinstance(old, GraphQLNonNull) else old, new.of_type)
    if isinstance(old, GraphQLNonNull):
        return False
    if isinstance(old, GraphQLList) and isinstance(new, GraphQLList):
        return safe_for_output(old.of_type, new.of_type)
    return str(old) == str(new)


def safe_for_input(old: GraphQLType | GraphQLInputType, new: GraphQLType | GraphQLInputType) -> bool:
    """Whether every value of the old type is one of the new: null may come, nothing may go."""
    if isinstance(old, GraphQLNonNull):
        return safe_for_input(old.of_type, new.of_type if isinstance(new, GraphQLNonNull) else new)
    if isinstance(new, GraphQLNonNull):
        return False
    if isinstance(old, GraphQLList) and isinstance(new, GraphQLList):
        return safe_for_input(old.of_type, new.of_type)
    return str(old) == str(new)
