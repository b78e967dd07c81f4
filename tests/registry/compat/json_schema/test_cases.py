from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from registry.compat.json_schema.rules import ENTRIES
from registry.compat.model import Level
from tests.registry.compat.json_schema.helpers import breaking, changes

CASES: list[Any] = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_strict_verdict_and_exact_findings(case: dict[str, Any]) -> None:
    found = changes(case["old"], case["new"])
    assert sorted({change.rule for change in found}) == case["rules"]
    assert all(change.level is not Level.BREAKING for change in found) == case["ok"]


@pytest.mark.parametrize("case", CASES)
def test_lenient_verdict(case: dict[str, Any]) -> None:
    assert (not breaking(case["old"], case["new"], "lenient")) == case.get("lenient", case["ok"])


@pytest.mark.parametrize("case", CASES)
def test_nothing_changes_from_a_schema_to_itself(case: dict[str, Any]) -> None:
    assert changes(case["old"], case["old"]) == []
    assert changes(case["new"], case["new"]) == []


def test_every_rule_is_reported_by_a_case() -> None:
    reported = {rule for case in CASES for rule in case.values[0]["rules"]}
    assert set(ENTRIES) - reported == set()
