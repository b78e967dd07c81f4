"""Expressions: what is refused before it is kept, what it comes to, what the docs say of it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.cel.check import ExpressionError, check_names
from registry.cel.condition import JudgingError, read_condition, read_sentence
from registry.cel.facts import OBJECTS, OCCASIONS, ROOTS, roots_on
from registry.cel.functions import OWN, strength, version_step, version_style
from registry.cel.tables import reference
from registry.cel.trying import empty_facts, given_facts
from registry.cel.types import SCALARS, fill, read_type

DOCS = Path(__file__).parents[3] / "docs/policies.md"


def test_the_docs_have_every_fact_and_function() -> None:
    assert DOCS.read_text(encoding="utf-8").endswith(reference() + "\n")
    for name in [*ROOTS, *OWN]:
        assert f"`{name}`" in reference()


def test_every_type_of_a_fact_exists() -> None:
    for root in ROOTS.values():
        assert root.type.of in OBJECTS.keys() | SCALARS
    for members in OBJECTS.values():
        for member in members.values():
            assert member.type.of in OBJECTS.keys() | SCALARS
            assert member.about


@pytest.mark.parametrize(
    "source",
    [
        "changes.exists(c, c.level == 'breaking') && fields.all(f, f.siblings.exists(s, s.matches('a')))",
        "'x-pii' in field.extensions && field.extensions['x-pii'] == true",
        "changes.filter(c, c.level == 'info').exists(c, c.path == '')",
        "(api.name + 'x').startsWith('x') || has(api.owner)",
        "days(api.sunset - now) < parameters.days",
        'api.name == "a.b.c" // schema.nothing\n',
        "api.versions[0].lifecycle == 'active' && {'a': 1}['a'] == 1",
        "changes.map(c, c.rule).exists(r, r == 'x')",
        "api.name.matches(r'a.nothing\\d')",
        "context.whatever == '' && context['x-y'] == ''",
    ],
)
def test_what_is_right_is_taken(source: str) -> None:
    check_names(source, "schema-change", {"days": 1})


@pytest.mark.parametrize(
    ("source", "at", "words"),
    [
        ("api.nam == ''", 5, "api has no 'nam'; did you mean name?"),
        ("changes.exists(c, c.levl == '')", 21, "did you mean level?"),
        ("changes.exists(c, true) && c.level == ''", 28, "there is no fact 'c'"),
        ("changes.filter(c, c.level == '').exists(d, d.pth == '')", 46, "did you mean path?"),
        ("api.versions[0].lifecycl == ''", 17, "did you mean lifecycle?"),
        ("api.versions.lifecycle == ''", 14, "is asked of a list"),
        ("api.name.length == 3", 10, "is asked of a string"),
        ("lifecycle.to == ''", 1, "is a fact of lifecycle-change, not of schema-change"),
        ("parameters == 1", 1, "name the parameter"),
        ("parameters.day == 1", 12, "did you mean days?"),
        ("api.name.startWith('a')", 10, "did you mean startsWith?"),
        ("sizes(api.name) > 1", 1, "did you mean size?"),
    ],
)
def test_what_does_not_exist_is_told_with_its_place_and_the_nearest(source: str, at: int, words: str) -> None:
    with pytest.raises(ExpressionError) as error:
        check_names(source, "schema-change", {"days": 1})
    assert error.value.at == at
    assert words in error.value.message


@given(st.text(max_size=80))
def test_any_text_is_an_expression_or_told_why_not(source: str) -> None:
    told = ""
    try:
        read_condition(source, "schema-change", {})
    except ExpressionError as error:
        told = str(error)
    assert "\n" not in told


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_empty_facts_are_of_their_types(occasion: Any) -> None:
    facts = empty_facts(occasion)
    for name, root in roots_on(occasion).items():
        if not root.each:
            assert fill(root.type, facts[name], OBJECTS, name) == facts[name]


def test_facts_of_a_case_are_read_by_their_types() -> None:
    facts = given_facts({"api": {"sunset": "2026-04-22"}, "field": {"name": "a"}}, "schema-change")
    assert facts["api"]["sunset"] == datetime(2026, 4, 22, tzinfo=UTC)
    assert [one["name"] for one in facts["fields"]] == ["a"]
    for wrong in ({"apy": {}}, {"api": {"nam": ""}}, {"api": {"sunset": "soon"}}, {"usage": {"known": 1}}, {"api": []}):
        with pytest.raises(ValueError, match=r"\w"):
            given_facts(wrong, "schema-change")
    assert read_type("list(change)").many == "list"


def test_null_is_told_by_its_name() -> None:
    condition = read_condition("usage.calls_30d > 3", "schema-change", {})
    with pytest.raises(JudgingError, match=r"usage.calls_30d is not known"):
        condition.holds(empty_facts("schema-change"))
    guarded = read_condition("usage.known && usage.calls_30d > 3", "schema-change", {})
    assert guarded.holds(empty_facts("schema-change")) is False


def test_sentences_fill_in_what_is_known() -> None:
    said = read_sentence("{api.name} ends {api.sunset}, {usage.calls_30d} calls {{so}}", "schema-change", {})
    facts = given_facts({"api": {"name": "a", "sunset": "2026-04-22"}}, "schema-change")
    assert said.say(facts) == "a ends 2026-04-22, unknown calls {so}"
    for wrong in ("{api.nam}", "{api.name", "api.name}", "{}"):
        with pytest.raises(ExpressionError):
            read_sentence(wrong, "schema-change", {})


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ("1.4.0", "2.0.0", "major"),
        ("1.4.0", "1.5.0", "minor"),
        ("v1.4.0", "1.4.1", "patch"),
        ("1.4.0", "1.4.0", "none"),
        ("1.4.0", "1.3.9", "backward"),
        ("v1", "v2", "major"),
        ("2026-04-22", "2026-06-30", "later"),
        ("2026-04-22", "2025-04-22", "backward"),
        ("2026-04-22", "2026-04-22", "none"),
        ("1.4.0", "2026-04-22", ""),
        ("winter", "summer", ""),
        ("2026-13-45", "2026-13-46", ""),
    ],
)
def test_steps_of_versions(old: str, new: str, step: str) -> None:
    assert version_step(old, new) == step
    if old == new:
        assert version_style(old)


def test_authentication_is_as_strong_as_its_weakest() -> None:
    assert strength([]) == strength(["oauth2", "none"]) == 0
    assert (
        strength(["basic"])
        < strength(["api-key"])
        < strength(["bearer"])
        < strength(["oauth2"])
        < strength(["mutual-tls"])
    )
