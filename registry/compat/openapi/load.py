"""Finding the checks: every module in the folder ``checks`` is one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from registry.compat.openapi import checks
from registry.compat.openapi.found import Found
from registry.compat.openapi.rules import Scope
from registry.compat.rules import Rule


@dataclass(frozen=True, slots=True)
class Check:
    """A module of the folder: its rules, its scope, the schema keywords that call it (for schemas), its function."""

    name: str
    scope: Scope
    keywords: frozenset[str]
    rules: tuple[Rule, ...]
    run: Callable[..., Iterator[Found]]


@cache
def load_checks() -> tuple[Check, ...]:
    """All checks, in the order of their names."""
    found = []
    for module in sorted(pkgutil.iter_modules(checks.__path__), key=lambda entry: entry.name):
        loaded = importlib.import_module(f"{checks.__name__}.{module.name}")
        scope = Scope(loaded.SCOPE)
        keywords = frozenset(getattr(loaded, "KEYWORDS", ()))
        rules = tuple(_with_example(rule, loaded.EXAMPLES) for rule in loaded.RULES)
        found.append(Check(module.name, scope, keywords, rules, loaded.check))
    return tuple(found)


def _with_example(rule: Rule, examples: Mapping[str, tuple[str, ...]]) -> Rule:
    """The rule with the pair whose key is the longest end of its id; a pair often serves requests and responses.

    A third text is the configuration without which the pair would not show the rule.
    """
    keys = [key for key in examples if f"-{rule.id}".endswith(f"-{key}")]
    if not keys:
        return rule
    before, after, *config = examples[max(keys, key=len)]
    return replace(rule, before=before, after=after, config="".join(config))


@cache
def rules_by_id() -> dict[str, Rule]:
    """Every rule of every check."""
    return {rule.id: rule for check in load_checks() for rule in check.rules}


@cache
def checks_of(scope: Scope) -> tuple[Check, ...]:
    """The checks of one scope."""
    return tuple(check for check in load_checks() if check.scope is scope)


@cache
def schema_checks(facets: frozenset[str]) -> tuple[Check, ...]:
    """The checks that look at any of these schema keywords."""
    return tuple(check for check in checks_of(Scope.SCHEMA) if check.keywords & facets)
