"""Every rule of every format says why it speaks, what to do, and shows itself by an example that makes it speak."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import yaml

from registry.compat.asyncapi.rules import ENTRIES as ASYNCAPI_OWN
from registry.compat.engine import check, rules
from registry.compat.model import Format
from registry.compat.options import read_options
from registry.compat.rules import Rule
from tests.registry.compat.openapi.examples import whole_pairs

DAY = date(2026, 6, 1)
# What AsyncAPI takes over from other languages is told, and shown, by the rules of those.
EVERY = [
    (of, rule) for of in Format for rule in rules(of).values() if of is not Format.ASYNCAPI or rule.id in ASYNCAPI_OWN
]


def each(pairs: list[tuple[Format, Rule]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("of", "rule"), pairs, ids=[f"{of.value}: {rule.id}" for of, rule in pairs])


@each(EVERY)
def test_a_rule_says_why_and_what_to_do(of: Format, rule: Rule) -> None:
    assert rule.why.strip(), of
    assert rule.migrate.strip().endswith("."), of
    assert rule.before.strip() != rule.after.strip(), of


@each(EVERY)
def test_a_rule_s_example_shows_the_rule(of: Format, rule: Rule) -> None:
    assert any((rule.id, rule.level) in _found(of, rule, *pair) for pair in _examples(of, rule))


@each([(of, rule) for of, rule in EVERY if rule.config])
def test_an_example_has_no_configuration_that_it_could_do_without(of: Format, rule: Rule) -> None:
    bare = Rule(rule.id, rule.level, rule.why, rule.migrate)
    assert not any((rule.id, rule.level) in _found(of, bare, *pair) for pair in _examples(of, rule))


def _examples(of: Format, rule: Rule) -> Iterator[tuple[str, str]]:
    if of is Format.OPENAPI:
        yield from whole_pairs(rule)
    else:
        yield rule.before, rule.after


def _found(of: Format, rule: Rule, old: str, new: str) -> set[tuple[str, Any]]:
    options = read_options(yaml.safe_load(rule.config) or {}, as_of=DAY)
    return {(change.rule, change.level) for change in check(of, old, new, options=options).changes}
