from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policies.deploying.asking import Answer
from policies.deploying.matrix import Outcome, after, orphaned, pairs
from registry.compat.model import Change
from registry.deployments.service import Contract, Used


def newer_breaks(need: Used, used: Used) -> tuple[Outcome, tuple[Change, ...]]:
    return ("breaks", ()) if used.version > need.version else ("compatible", ())


BILLING = Contract("billing", "2", provides=(Used("invoices", 3),))
LEDGER = Contract("ledger", "7", consumes=(Used("invoices", 3), Used("payments", 1)))


def told(*there: Contract, concerned: set[str], anywhere: set[str]) -> list[tuple[str, str, Outcome]]:
    return [(one.consumer, one.subject, one.outcome) for one in pairs(there, concerned, anywhere, newer_breaks)]


def test_pairs_are_those_that_the_deployment_touches() -> None:
    assert told(BILLING, LEDGER, concerned={"billing"}, anywhere={"invoices", "payments"}) == [
        ("ledger", "invoices", "same version")
    ]
    assert told(BILLING, LEDGER, concerned={"ledger"}, anywhere={"invoices", "payments"}) == [
        ("ledger", "invoices", "same version"),
        ("ledger", "payments", "no provider"),
    ]


def test_what_nobody_provides_anywhere_comes_from_outside() -> None:
    assert ("ledger", "payments", "from outside") in told(BILLING, LEDGER, concerned={"ledger"}, anywhere={"invoices"})


def test_a_newer_version_is_held_against_what_the_consumer_was_built_with() -> None:
    newer = Contract("billing", "3", provides=(Used("invoices", 4),))
    assert told(newer, LEDGER, concerned={"billing"}, anywhere={"invoices"}) == [("ledger", "invoices", "breaks")]


def test_a_version_that_provides_no_more_what_somebody_relies_on_leaves_an_orphan() -> None:
    without = Contract("billing", "3")
    found = list(orphaned([BILLING, LEDGER], [without, LEDGER], {"invoices"}))
    assert [(one.consumer, one.subject, one.outcome) for one in found] == [("ledger", "invoices", "no provider")]


names = st.sampled_from("abcd")
used = st.builds(Used, st.sampled_from(["s", "t"]), st.integers(1, 3))
contracts = st.builds(
    Contract, names, st.sampled_from("12"), st.lists(used, max_size=2).map(tuple), st.lists(used, max_size=2).map(tuple)
)


@given(st.lists(contracts, max_size=5), st.lists(contracts, min_size=1, max_size=3))
def test_every_pair_has_one_of_those_concerned_and_real_versions(
    running: list[Contract], coming: list[Contract]
) -> None:
    there = after(running, coming)
    concerned = {one.application for one in coming}
    for pair in pairs(there.values(), concerned, {"s", "t"}, newer_breaks):
        assert {pair.consumer, pair.provider} & concerned
        assert Used(pair.subject, pair.built_with) in there[pair.consumer].consumes
        if pair.provided is not None:
            assert Used(pair.subject, pair.provided) in there[pair.provider].provides
            assert (pair.outcome == "breaks") == (pair.provided > pair.built_with)


def test_one_pair_is_told_as_one() -> None:
    two = tuple(pairs((BILLING, LEDGER), {"ledger"}, {"invoices"}, newer_breaks))
    fitting = [one for one in two if not one.against]
    for found, words in ((fitting[:1], "1 pair fits"), (fitting[:1] * 2, "2 pairs fit")):
        assert Answer("production", (LEDGER,), tuple(found)).sentence == f"ledger 7 may go to production: {words}"
