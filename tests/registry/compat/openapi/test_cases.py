import pytest

from tests.registry.compat.openapi.cases.every import EVERY_CASE
from tests.registry.compat.openapi.pairs import LEVELS, Case, findings


@pytest.mark.parametrize("case", EVERY_CASE, ids=lambda case: case.name)
def test_exactly_these_are_found(case: Case) -> None:
    assert findings(case.old, case.new, **case.config) == {(rule, LEVELS[rule]) for rule in case.expected}


@pytest.mark.parametrize("case", EVERY_CASE, ids=lambda case: case.name)
def test_nothing_is_found_between_a_document_and_itself(case: Case) -> None:
    assert findings(case.new, case.new, **case.config) == set()
