from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.correlation.keys import key_hash
from collectors.timelines.fold import distinct, fold
from collectors.timelines.model import Key, Milestone, Money
from collectors.workflows.definition import Definition, Match, Step

DEFINITION = Definition(
    workflow="invoice-to-cash",
    object="invoice",
    keys=(("invoice", "invoice.id"),),
    steps=tuple(
        Step(name, "stripe", Match(span=name)) for name in ("finalized", "posted", "paid", "voided", "declined")
    ),
    completes=frozenset({"paid"}),
    fails=frozenset({"voided", "declined"}),
)


def milestone(step: str, at: int, ident: int = 0, **fields: object) -> Milestone:
    given_fields: dict[str, object] = {
        "status": "ok", "system": "stripe", "source": "span", "keys": (Key("invoice", "in_1"),), **fields,
    }  # fmt: skip
    return Milestone(occurred_at=at, step=step, span_id=f"{ident:016x}", trace_id=f"{ident:032x}", **given_fields)  # type: ignore[arg-type]


milestones = st.builds(
    milestone,
    step=st.sampled_from(["finalized", "posted", "paid", "voided"]),
    at=st.integers(1, 6),
    ident=st.integers(0, 4),
    status=st.sampled_from(["ok", "error"]),
    amount=st.sampled_from(["", "12.50", "13", "rubbish"]),
    currency=st.sampled_from(["", "EUR", "USD"]),
    error_type=st.sampled_from(["", "500", "KeyError"]),
    dimensions=st.sampled_from([(), (("entity", "DE01"),), (("entity", "US01"), ("region", "amer"))]),
    keys=st.sampled_from([(Key("invoice", "in_1"),), (Key("invoice", "in_1"), Key("number", "N-1"))]),
)


@given(st.lists(milestones, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(facts: list[Milestone], random: Random) -> None:
    again = [*facts, *random.choices(facts, k=3)]
    random.shuffle(again)
    assert fold(DEFINITION, again) == fold(DEFINITION, facts)


@given(st.lists(milestones, min_size=1, max_size=12))
def test_each_identity_is_counted_once_and_in_order(facts: list[Milestone]) -> None:
    kept = distinct(facts)
    assert {one.identity for one in kept} == {one.identity for one in facts}
    assert len({one.identity for one in kept}) == len(kept)
    assert [(one.occurred_at, one.step, one.span_id) for one in kept] == sorted(
        (one.occurred_at, one.step, one.span_id) for one in kept
    )


def test_an_instance_says_what_its_milestones_say() -> None:
    found = fold(
        DEFINITION,
        [
            milestone("paid", 30, 3),
            milestone("posted", 20, 2, keys=(Key("invoice", "in_1"), Key("erp", "77")), amount="99.00", currency="EUR"),
            milestone("posted", 15, 4, status="error"),
            milestone("finalized", 10, 1, amount="100.00", currency="eur", dimensions=(("entity", "DE01"),)),
        ],
    )
    assert found.id == min(key_hash(Key("invoice", "in_1")), key_hash(Key("erp", "77"))).hex()
    assert (found.state, found.started_at, found.ended_at, found.last_at) == ("completed", 10, 30, 30)
    assert found.amount == Money(Decimal("100.00"), "EUR")
    assert found.dimensions == {"entity": "DE01"}
    assert found.keys == (Key("erp", "77"), Key("invoice", "in_1"))
    assert found.reached == {"finalized": 10, "posted": 20, "paid": 30}
    assert found.errors == 1


def test_kinds_of_errors_are_a_set_and_amounts_that_cannot_be_read_are_counted() -> None:
    found = fold(
        DEFINITION,
        [
            milestone("posted", 1, 1, status="error", error_type="USER_ERROR"),
            milestone("posted", 2, 2, status="error", error_type="429"),
            milestone("posted", 3, 3, status="error", error_type="429"),
            milestone("posted", 4, 4, status="error"),
            milestone("posted", 5, 5, amount="12,50", currency="EUR"),
            milestone("paid", 6, 6, amount="12.50", currency=""),
            milestone("paid", 7, 7, amount=" ", currency="EUR"),
            milestone("paid", 8, 8, amount="12.50", currency="EUR"),
        ],
    )
    assert found.error_types == ("429", "USER_ERROR")
    assert found.unread_amounts == 2
    assert found.amount == Money(Decimal("12.50"), "EUR")


@pytest.mark.parametrize(
    ("facts", "state", "ended_at"),
    [
        ([("finalized", 1, "ok")], "running", None),
        ([("finalized", 1, "ok"), ("paid", 2, "error")], "running", None),
        ([("paid", 2, "ok"), ("paid", 5, "ok")], "completed", 2),
        ([("declined", 2, "error")], "failed", 2),
        ([("declined", 2, "error"), ("paid", 5, "ok")], "completed", 5),
        ([("paid", 2, "ok"), ("voided", 5, "ok")], "failed", 5),
    ],
)
def test_the_last_word_decides_the_state(facts: list[tuple[str, int, str]], state: str, ended_at: int | None) -> None:
    found = fold(DEFINITION, [milestone(step, at, at, status=status) for step, at, status in facts])
    assert (found.state, found.ended_at) == (state, ended_at)


def test_of_one_moment_the_step_that_is_declared_later_has_the_last_word() -> None:
    """Many senders know whole seconds only, and names say nothing of what came first."""
    definition = Definition(
        workflow="w",
        object="invoice",
        keys=(("invoice", "invoice.id"),),
        steps=tuple(Step(name, "stripe", Match(span=name)) for name in ("finalized", "declined", "charged")),
        completes=frozenset({"charged"}),
        fails=frozenset({"declined"}),
    )
    facts = [milestone(step, 5, place) for place, step in enumerate(("charged", "declined", "finalized"))]
    facts[2] = milestone("finalized", 5, 2, amount="9.00", currency="EUR")
    facts[0] = milestone("charged", 5, 0, amount="1.00", currency="EUR")
    found = fold(definition, facts)
    assert [(turn.state, turn.step) for turn in found.history] == [
        ("running", "finalized"),
        ("failed", "declined"),
        ("completed", "charged"),
    ]
    assert found.amount == Money(Decimal("9.00"), "EUR")


def test_a_step_that_is_about_a_failure_is_reached_by_it() -> None:
    steps = (Step("rejected", "erp", Match(span="post", status="error")), *DEFINITION.steps)
    definition = replace(DEFINITION, steps=steps)
    found = fold(
        definition,
        [
            milestone("finalized", 1, 1),
            milestone("rejected", 2, 2, status="error"),
            milestone("posted", 2, 3, status="error"),
            milestone("rejected", 4, 4, status="error"),
            milestone("declined", 5, 5, status="error"),
        ],
    )
    assert found.reached == {"finalized": 1, "rejected": 2, "declined": 5}
    assert found.errors == 4


_STATES = {"completes": "completed", "fails": "failed", "cancels": "cancelled", "reopens": "running"}
moments = st.lists(
    st.tuples(st.sampled_from(["begun", *_STATES]), st.integers(1, 5), st.sampled_from(["ok", "error"])),
    min_size=1,
    max_size=10,
)


@given(moments, st.permutations(["begun", *_STATES]))
def test_states_are_those_of_a_machine_that_reads_milestones_in_turn(
    told: list[tuple[str, int, str]], declared: list[str]
) -> None:
    definition = Definition(
        workflow="w",
        object="invoice",
        keys=(("invoice", "invoice.id"),),
        steps=tuple(Step(name, "stripe", Match(span=name)) for name in declared),
        **{name: frozenset({name}) for name in _STATES},  # type: ignore[arg-type] # sets of steps by their names
    )
    facts = [milestone(step, at, place, status=status) for place, (step, at, status) in enumerate(told)]
    turns = [("running", min(at for _, at, _ in told))]
    for at, place, status in sorted((at, declared.index(step), status) for step, at, status in told):
        step = declared[place]
        state = _STATES.get(step) if status == "ok" or step == "fails" else None
        if state and state != turns[-1][0]:
            turns.append((state, at))
    found = fold(definition, facts)
    assert [(turn.state, turn.at) for turn in found.history] == turns
    assert found.state == turns[-1][0]
    assert found.ended_at == (None if found.state == "running" else turns[-1][1])


def test_nothing_folds_to_nothing() -> None:
    with pytest.raises(ValueError, match="at least one milestone"):
        fold(DEFINITION, [])
