"""Directives that the schema declares."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLDirective, GraphQLSchema, is_specified_directive

from registry.compat.graphql.arguments import DIRECTIVE_ARGUMENT, input_changes
from registry.compat.graphql.descriptions import description_change
from registry.compat.graphql.report import Reporter
from registry.compat.model import Change


def directive_changes(report: Reporter, old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    """Directives by name; those of the specification are in every schema and don't count."""
    olds, news = _own(old), _own(new)
    for name, directive in olds.items():
        if name in news:
            yield from _changed(report, directive, news[name])
        else:
            message = f"the directive @{name} is gone; documents that use it fail"
            yield report.change("directive-removed", f"@{name}", message, old=directive, values=(name, None))
    for name, directive in news.items():
        if name not in olds:
            message = f"the directive @{name} is new"
            yield report.change("directive-added", f"@{name}", message, new=directive, values=(None, name))


def _own(schema: GraphQLSchema) -> dict[str, GraphQLDirective]:
    return {item.name: item for item in schema.directives if not is_specified_directive(item)}


def _changed(report: Reporter, old: GraphQLDirective, new: GraphQLDirective) -> Iterator[Change]:
    path = f"@{new.name}"
    yield from description_change(report, "directive", path, old, new, one_rule=True)
    olds, news = ([location.name for location in directive.locations] for directive in (old, new))
    for name in (name for name in olds if name not in news):
        message = f"the directive {path} may no longer stand on {name}"
        yield report.change("directive-location-removed", path, message, old=old, new=new, values=(name, None))
    for name in (name for name in news if name not in olds):
        message = f"the directive {path} may now stand on {name}"
        yield report.change("directive-location-added", path, message, old=old, new=new, values=(None, name))
    if old.is_repeatable != new.is_repeatable:
        verb, words = ("added", "more than once") if new.is_repeatable else ("removed", "only once")
        message = f"the directive {path} may now be used {words} in a place"
        values = (old.is_repeatable, new.is_repeatable)
        yield report.change(f"directive-repeatable-{verb}", path, message, old=old, new=new, values=values)
    yield from input_changes(report, DIRECTIVE_ARGUMENT, path, old.args, new.args)
