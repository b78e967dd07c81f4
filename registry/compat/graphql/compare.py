"""From two GraphQL schemas to the list of changes between them."""

from __future__ import annotations

from registry.compat.graphql.directives import directive_changes
from registry.compat.graphql.read import read
from registry.compat.graphql.report import Reporter
from registry.compat.graphql.roots import root_changes
from registry.compat.graphql.syntax import Definitions
from registry.compat.graphql.types import type_changes
from registry.compat.model import Change, Options


def compare(old_text: str, new_text: str, options: Options) -> list[Change]:  # noqa: ARG001 -- every format has the same door; no option changes how GraphQL is compared
    """Changes of a GraphQL schema, for clients that were written against the old one.

    Raises:
        DocumentError: one of the two is no valid schema.
    """
    definitions = Definitions()
    old, new = read(old_text, "old", definitions), read(new_text, "new", definitions)
    report = Reporter(old.line, new.line)
    return [
        *root_changes(report, old.schema, new.schema),
        *type_changes(report, old.schema, new.schema),
        *directive_changes(report, old.schema, new.schema),
    ]
