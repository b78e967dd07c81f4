"""The shipped policies: each file holds to its own cases, each rule has both kinds of them, docs say the same."""

import re
from datetime import date
from pathlib import Path

import pytest

from policies.pack import pages, shipped
from policies.pack.shipped import PackError
from registry.catalogue.export import to_yaml
from registry.kinds.policy import PolicyManifest
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 6, 1)
RULES = sorted(path.stem for path in (ROOT / "policies/pack/rules").glob("*.yaml"))


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_one_file_with_cases_of_every_kind(name: str) -> None:
    rule = shipped.rules()[name]  # reading it tries its cases
    expected = {case.expect for case in rule.spec.tests}
    wanted = {level for level in ("deny", "warn") if getattr(rule.spec, level)} | {"allow"}
    assert expected == wanted
    assert rule.spec.description
    assert rule.spec.remedy


def test_a_case_that_is_wrong_would_be_noticed() -> None:
    text = (ROOT / "policies/pack/rules/two-versions-in-parallel.yaml").read_text(encoding="utf-8")
    with pytest.raises(Exception, match="expected allow, but the policy says deny"):
        parse_manifests([SourceText("", text.replace("expect: deny", "expect: allow").encode())])


def test_pages_are_written_from_the_rules() -> None:
    folder = ROOT / "docs/policies"
    assert {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.md")} == pages.pages()


@pytest.mark.parametrize("name", sorted(shipped.profiles()))
def test_a_profile_is_made_of_manifests_that_apply_takes(name: str) -> None:
    found = parse_manifests([SourceText("", to_yaml(shipped.manifests(name, today=TODAY)).encode())])
    assert {located.manifest.name for located in found} == set(shipped.profile(name).rules)
    for located in found:
        assert isinstance(located.manifest, PolicyManifest)
        unknown = shipped.profile(name).rules[located.manifest.name].keys() - located.manifest.spec.parameters.keys()
        assert not unknown


def test_every_rule_is_in_a_profile_and_every_profile_names_rules() -> None:
    named = {rule for one in shipped.profiles().values() for rule in one.rules}
    assert named == set(RULES)


def test_a_rollout_records_warns_and_denies_by_day() -> None:
    (document,) = shipped.manifests(
        only=["money-is-decimal"], today=TODAY, warn_from=date(2026, 7, 1), deny_from=date(2026, 9, 1)
    )
    assert document["spec"]["rollout"] == {"audit": "2026-06-01", "warn": "2026-07-01", "deny": "2026-09-01"}
    with pytest.raises(PackError, match="did you mean zalando"):
        shipped.manifests("zalndo", today=TODAY)
    with pytest.raises(PackError, match="did you mean money-is-decimal"):
        shipped.manifests(only=["money-is-decimals"], today=TODAY)


def test_names_of_rules_and_profiles_are_plain() -> None:
    for name in [*RULES, *shipped.profiles()]:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
