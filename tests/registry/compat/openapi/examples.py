"""Whole documents around the parts that the rules' examples show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from registry.compat.openapi.load import load_checks
from registry.compat.openapi.rules import Scope
from registry.compat.rules import Rule
from registry.compat.source_map import read_document
from tests.registry.compat.openapi.pairs import (
    PLACES,
    Json,
    document,
    headers,
    operation,
    parameter,
    parameters,
    properties,
    within,
)

_SCOPES = {rule.id: check.scope for check in load_checks() for rule in check.rules}


def whole_pairs(rule: Rule) -> Iterator[tuple[str, str]]:
    """The rule's example at each place where its part can stand; one of them must show the rule."""
    before, after = (read_document(text, "old").value for text in (rule.before, rule.after))
    scope = _scope(_SCOPES[rule.id], after)
    for old, new in zip(_wholes(scope, before), _wholes(scope, after), strict=True):
        yield orjson.dumps(old).decode(), orjson.dumps(new).decode()


def _scope(scope: Scope, part: Any) -> Scope:
    """Where a rule needs more around it than its check looks at, the example shows that too."""
    if "paths" in part:
        return Scope.DOCUMENT
    return Scope.OPERATION if "requestBody" in part or "responses" in part else scope


def _wholes(scope: Scope, part: Any) -> Iterator[Json]:
    """Documents that have the part where its scope stands."""
    if scope is Scope.SCHEMA:
        yield from (within(place, part) for place in PLACES)
        yield headers(Total={"schema": part})
        for schema in (part, properties(value=part)):
            yield parameters(parameter(schema, "header", "X-Filter"))
    elif scope is Scope.PARAMETER:
        yield parameters(part)
    elif scope is Scope.RESPONSE:
        yield operation(responses={"200": part})
    elif scope is Scope.OPERATION:
        yield document({"/bills": {"get": part}})
    else:
        yield {"openapi": "3.1.0", **part}
