from collections.abc import Iterator
from typing import Any

import pytest

from registry.compat.openapi.load import load_checks
from registry.compat.openapi.rules import Scope
from registry.compat.rules import Rule
from registry.compat.source_map import read_document
from tests.registry.compat.openapi.pairs import (
    PLACES,
    Json,
    document,
    findings,
    headers,
    operation,
    parameter,
    parameters,
    properties,
    within,
)

_SHOWN = [(check.scope, rule) for check in load_checks() for rule in check.rules if rule.before or rule.after]


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


@pytest.mark.parametrize(("scope", "rule"), _SHOWN, ids=lambda value: value.id if isinstance(value, Rule) else value)
def test_a_rule_s_example_shows_the_rule(scope: Scope, rule: Rule) -> None:
    before, after = (read_document(text, "old").value for text in (rule.before, rule.after))
    pairs = zip(_wholes(scope, before), _wholes(scope, after), strict=True)
    assert any((rule.id, rule.level.value) in findings(old, new) for old, new in pairs)


def test_nearly_all_rules_have_an_example() -> None:
    without = {rule.id for check in load_checks() for rule in check.rules if not rule.before and not rule.after}
    assert {
        rule for rule in without if not rule.endswith(("-type-compatible", "-sunset-missing", "-existing-path"))
    } == set()
