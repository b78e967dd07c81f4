"""What rules take from workflows is said before anyone misses it."""

from __future__ import annotations

from typing import Any

import pytest

from collectors.hygiene.declared import conflicts
from collectors.hygiene.rules import read
from collectors.workflows.definition import Definition, Match, Settles, Step

DEFINITION = Definition(
    workflow="w",
    object="invoice",
    keys=(("number", "invoice.number"), ("order", "data.order.id")),
    links=(("customer", "customer.id"),),
    dimensions=(("entity", "company.code"),),
    amount="invoice.amount",
    currency="invoice.currency",
    steps=(
        Step("paid", "erp", Match(span="p", attributes={"payment.kind": "card", "payment.id": "*"})),
        Step("credited", "erp", Match(span="c"), settles=Settles("credit.amount")),
    ),
)


def said(*rules: dict[str, Any]) -> list[str]:
    return conflicts(read({"rules": list(rules)}), [DEFINITION])


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            {"attribute": "invoice.number", "action": "drop"},
            "workflow w reads the key number from invoice.number, but a rule says drop invoice.number: nothing joins by it",
        ),
        (
            {"attribute": "order.*", "action": "drop", "where": ["event", "span"]},
            (
                "workflow w reads the key order from data.order.id, but a rule says drop order.* of spans and events: "
                "nothing joins by it"
            ),
        ),
        (
            {"attribute": "customer.id", "action": "drop"},
            "workflow w reads the id customer from customer.id, but a rule says drop customer.id: nothing is related by it",
        ),
        (
            {"attribute": "company.code", "action": "drop"},
            "workflow w reads the dimension entity from company.code, but a rule says drop company.code: it stays empty",
        ),
        (
            {"attribute": "invoice.amount", "action": "hash"},
            "workflow w reads the amount from invoice.amount, but a rule says hash invoice.amount: no sum counts it",
        ),
        (
            {"attribute": "credit.amount", "action": "hash"},
            (
                "workflow w reads what the step credited settles from credit.amount, but a rule says hash credit.amount: "
                "it is not added up"
            ),
        ),
        (
            {"attribute": "payment.kind", "action": "hash"},
            "workflow w reads the step paid from payment.kind, but a rule says hash payment.kind: nothing reaches it",
        ),
    ],
)
def test_a_rule_that_takes_what_a_workflow_reads_is_named(rule: dict[str, Any], sentence: str) -> None:
    assert said(rule) == [sentence]


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [{"attribute": "invoice.number", "action": "hash"}],  # equal ids stay equal
        [{"attribute": "company.code", "action": "hash"}],
        [{"attribute": "payment.id", "action": "hash"}],  # the step asks only that there is one
        [
            {"attribute": "invoice.number", "action": "keep"},
            {"attribute": "invoice.*", "action": "drop", "where": "link"},
        ],
        [{"value": "email", "action": "drop"}],  # of values nobody knows before
    ],
)
def test_what_takes_nothing_is_not_told(rules: list[dict[str, Any]]) -> None:
    assert said(*rules) == []


def test_the_first_rule_that_fits_decides_here_too() -> None:
    keep, drop = {"attribute": "invoice.number", "action": "keep"}, {"attribute": "invoice.number", "action": "drop"}
    assert said(keep, drop) == []
    assert len(said(drop, keep)) == 1
