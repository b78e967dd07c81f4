"""A timeline as a line of text."""

from __future__ import annotations

from typing import Any

import pytest

from controlplane.cli.objects import lines


def eur(value: str) -> dict[str, str]:
    return {"value": value, "currency": "EUR"}


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"amount": eur("100.00")}, "100.00 EUR"),
        ({"amount": eur("100.00"), "settled": eur("40.00")}, "40.00 of 100.00 EUR"),
        ({"amount": eur("100.00"), "settled": eur("100.00")}, "100.00 EUR"),
        ({"amount": None}, ""),
    ],
)
def test_the_amount_says_how_much_of_it_is_settled(figures: dict[str, Any], said: str) -> None:
    one = {"workflow": "w", "id": "1", "state": "running", "started_at": "now", "keys": [], "milestones": [], **figures}
    (line,) = lines([one], "text")
    assert " ".join(line.partition("now")[2].split()) == said
