"""Arguments of fields and of directives, and fields of input types: whatever a caller fills in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from graphql import GraphQLArgument, GraphQLInputField, GraphQLNonNull, print_ast

from registry.compat.graphql.deprecations import plain_deprecation
from registry.compat.graphql.descriptions import description_change
from registry.compat.graphql.report import Reporter
from registry.compat.graphql.usages import usage_changes
from registry.compat.graphql.wrapping import safe_for_input
from registry.compat.model import Change, Level

Input = GraphQLArgument | GraphQLInputField


@dataclass(frozen=True, slots=True)
class Place:
    """What kind of input it is: the words for it, the start of its rules, and what adding one does by level."""

    noun: str
    rule: str
    default_rule: str
    optional: Level
    defaulted: Level
    one_description_rule: bool
    usage: str


FIELD_ARGUMENT: Final = Place(
    "argument",
    "field-argument",
    "field-argument-default-changed",
    Level.WARNING,
    Level.WARNING,
    one_description_rule=True,
    usage="argument-definition",
)
DIRECTIVE_ARGUMENT: Final = Place(
    "argument",
    "directive-argument",
    "directive-argument-default-value-changed",
    Level.INFO,
    Level.INFO,
    one_description_rule=True,
    usage="",
)
INPUT_FIELD: Final = Place(
    "input field",
    "input-field",
    "input-field-default-value-changed",
    Level.WARNING,
    Level.INFO,
    one_description_rule=False,
    usage="input-field-definition",
)


def input_changes(
    report: Reporter, place: Place, path: str, old: Mapping[str, Input], new: Mapping[str, Input]
) -> Iterator[Change]:
    """Inputs of one field, directive or input type, by name; ``path`` is that of what holds them."""
    for name, item in old.items():
        if name in new:
            yield from _changed(report, place, f"{path}.{name}", item, new[name])
        else:
            message = f"the {place.noun} {path}.{name} is gone; callers that pass it get an error"
            values = (name, None)
            yield report.change(f"{place.rule}-removed", f"{path}.{name}", message, old=item, values=values)
    for name, item in new.items():
        if name not in old:
            yield _added(report, place, f"{path}.{name}", item)


def _added(report: Reporter, place: Place, path: str, item: Input) -> Change:
    default = default_of(item)
    if default is not None:
        level, kind = place.defaulted, f"with the default {default}"
    elif isinstance(item.type, GraphQLNonNull):
        level, kind = Level.BREAKING, "that callers must pass"
    else:
        level, kind = place.optional, "that callers may leave out"
    message = f"the {place.noun} {path} of type {item.type} is new, {kind}"
    values = (None, str(item.type))
    return report.change(f"{place.rule}-added", path, message, new=item, values=values, level=level)


def _changed(report: Reporter, place: Place, path: str, old: Input, new: Input) -> Iterator[Change]:
    yield from description_change(report, place.rule, path, old, new, one_rule=place.one_description_rule)
    types = (str(old.type), str(new.type))
    if types[0] != types[1]:
        safe = safe_for_input(old.type, new.type)
        message = f"the {place.noun} {path} was of type {types[0]} and is now {types[1]}"
        message += "" if safe else "; values that callers pass may be refused"
        level = Level.INFO if safe else Level.BREAKING
        rule = f"{place.rule}-type-changed"
        yield report.change(rule, path, message, old=old, new=new, values=types, level=level)
    defaults = (default_of(old), default_of(new))
    if defaults[0] != defaults[1]:
        message = f"{path} left out now means {defaults[1] or 'nothing'}, before: {defaults[0] or 'nothing'}"
        yield report.change(place.default_rule, path, message, old=old, new=new, values=defaults)
    if place.usage:
        yield from plain_deprecation(report, place.rule, path, old, new)
        yield from usage_changes(report, place.usage, path, old, new)


def default_of(item: Input) -> str | None:
    """The default as it is written in the schema."""
    node = item.ast_node
    return print_ast(node.default_value) if node is not None and node.default_value is not None else None
