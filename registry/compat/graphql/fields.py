"""Fields of object and interface types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphql import GraphQLField

from registry.compat.graphql.arguments import FIELD_ARGUMENT, input_changes
from registry.compat.graphql.deprecations import plain_deprecation, reason_change
from registry.compat.graphql.descriptions import description_change
from registry.compat.graphql.report import Reporter
from registry.compat.graphql.usages import usage_changes
from registry.compat.graphql.wrapping import safe_for_output
from registry.compat.model import Change, Level


def field_changes(
    report: Reporter, owner: str, old: Mapping[str, GraphQLField], new: Mapping[str, GraphQLField]
) -> Iterator[Change]:
    """Fields of the type ``owner``, by name."""
    for name, item in old.items():
        path = f"{owner}.{name}"
        if name in new:
            yield from _changed(report, path, item, new[name])
        else:
            known = " (it was deprecated)" if item.deprecation_reason is not None else ""
            message = f"the field {path} is gone{known}; queries for it fail"
            yield report.change("field-removed", path, message, old=item, values=(name, None))
    for name, item in new.items():
        if name not in old:
            path = f"{owner}.{name}"
            message = f"the field {path} of type {item.type} is new"
            yield report.change("field-added", path, message, new=item, values=(None, str(item.type)))


def _changed(report: Reporter, path: str, old: GraphQLField, new: GraphQLField) -> Iterator[Change]:
    yield from description_change(report, "field", path, old, new)
    yield from plain_deprecation(report, "field", path, old, new)
    yield from reason_change(report, "field", path, old, new)
    types = (str(old.type), str(new.type))
    if types[0] != types[1]:
        safe = safe_for_output(old.type, new.type)
        message = f"the field {path} was of type {types[0]} and is now {types[1]}"
        message += "" if safe else "; clients don't expect that"
        level = Level.INFO if safe else Level.BREAKING
        yield report.change("field-type-changed", path, message, old=old, new=new, values=types, level=level)
    yield from input_changes(report, FIELD_ARGUMENT, path, old.args, new.args)
    yield from usage_changes(report, "field-definition", path, old, new)
