import re

from registry.compat.openapi import RULES
from tests.registry.compat.openapi.cases.every import EVERY_CASE
from tests.registry.compat.openapi.pairs import LEVELS

_MIRRORS = (
    ("request", "response"),
    ("added", "removed"),
    ("increased", "decreased"),
    ("set", "unset"),
    ("widened", "narrowed"),
    ("generalized", "specialized"),
    ("required", "optional"),
    ("became", "became-not"),
    ("deprecated", "reactivated"),
    ("success", "non-success"),
)

# Rules that stand alone, by a pattern, with the reason.
_ALONE = {
    r".*sunset.*|.*removed-with(?:out)?-deprecation": "notice is judged where something is to go, and never where it stays",
    r"api-invalid-stability-level|api-.*version-.*": "a level or version is right or wrong, whichever way it went",
    r"api-security-component-(?:oauth-.*|type)-changed|.*-(?:value|pattern|name)-changed": "the mirror of a change is itself",
    r".*-type-(?:changed|compatible|generalized)": "what narrows a request, and what is the same as text, are plain changes",
    r"api-schema-removed": "a named schema that nobody refers to yet concerns no one",
    r"endpoint-added": "a removed operation is judged by the notice that it gave",
    r"request-body-removed|request-parameter-removed|request-property-removed": "its coming is told by need: required, optional",
    r"new-request-path-parameter": "a path without the parameter is another path",
    r".*-header-property(?:-.*)?": "a header's properties are told where a call without them fails",
    r".*-with-default": "a default matters only where a value is demanded",
    r"request-.*-became-enum|.*enum-value-removed|.*enum-value-added": "values are told on the side where they surprise",
    r"request-.*-set": "to lift a limit of a request hurts no one",
    r"response-.*-unset": "to set a limit on a response hurts no one",
    r"request-.*-min-items-increased|response-.*-min-items-decreased": "a list's looser limit is told for parameters only",
    r"request-read-only-property-.*": "only what narrows needs the excuse that nobody sends it",
    r".*-pattern-generalized": "whether a response's pattern narrowed is not known",
    r"response-header-added|response-header-became-optional": "a header that goes is told by need: required, optional",
}


def test_every_rule_has_the_name_and_level_that_people_keep_lists_of() -> None:
    assert {rule.id: rule.level.value for rule in RULES} == LEVELS


def test_every_rule_is_shown_by_a_pair_of_documents() -> None:
    shown = {rule for case in EVERY_CASE for rule in case.expected}
    assert set(LEVELS) - shown == set()


def test_every_rule_belongs_to_one_check() -> None:
    assert len(RULES) == len({rule.id for rule in RULES})


def _mirrors(rule: str) -> set[str]:
    found = set()
    for one, other in _MIRRORS:
        for word, instead in ((one, other), (other, one)):
            found.add(re.sub(rf"(?<![a-z]){word}(?![a-z])", instead, rule, count=1))
    return found - {rule}


def test_every_rule_has_its_mirror_or_a_reason_to_stand_alone() -> None:
    known = set(LEVELS)
    alone = {rule for rule in known if not _mirrors(rule) & known}
    excused = {pattern: {rule for rule in alone if re.fullmatch(pattern, rule)} for pattern in _ALONE}
    assert alone - set().union(*excused.values()) == set()
    assert [pattern for pattern, rules in excused.items() if not rules] == []


def test_every_rule_says_who_is_hurt_and_what_to_do() -> None:
    for rule in RULES:
        assert rule.why
        assert not rule.why.endswith("."), rule.id
        assert rule.migrate.endswith("."), rule.id
        assert rule.direction == ("request" if "request" in rule.id else "response" if "response" in rule.id else ""), (
            rule.id
        )
