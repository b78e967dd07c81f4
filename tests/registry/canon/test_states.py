import json
from typing import Any

import pytest

from registry.canon.states import faults, machines
from registry.mappings.schema.view import view
from tests.registry.mappings.shelf import properties


def with_states(enum: list[str], **states: Any) -> Any:
    return view(json.dumps(properties(status={"type": "string", "enum": enum, "x-states": states})))


GOOD: dict[str, Any] = {"initial": ["a"], "final": ["b"], "transitions": {"a": ["b"], "b": []}}


def test_states_are_read_beside_the_values_of_a_field() -> None:
    (machine,) = machines(with_states(["a", "b"], **GOOD))
    assert (str(machine.path), machine.states, list(machine.initial), list(machine.final)) == (
        "status",
        ["a", "b"],
        ["a"],
        ["b"],
    )


@pytest.mark.parametrize(
    ("enum", "changes", "fault"),
    [
        (["a", "b"], {}, None),
        (["a", "b"], {"initial": []}, "no state is initial"),
        (["a", "b", "c"], {"transitions": {"a": ["b"], "b": [], "c": ["a"]}}, "c can't be reached"),
        (["a", "b"], {"transitions": {"a": ["b", "z"], "b": []}}, "z is named and is no state"),
        (["a", "b"], {"final": []}, "b leads nowhere and is not final"),
        (["a"], {}, "don't have the same states (b)"),
        (["a", "b"], {"transitions": None}, "don't have the same states"),
    ],
)
def test_states_that_can_not_be_are_told(enum: list[str], changes: dict[str, Any], fault: str | None) -> None:
    told = list(faults(with_states(enum, **GOOD | changes)))
    assert (told == []) if fault is None else any(fault in sentence for sentence in told)
