from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from collectors.workflows import order
from collectors.workflows.definition import Definition, Match, Step
from registry.workflow_order import circle_of_stand_ins, circle_of_steps, own_kind


def step(name: str, status: str | None = None, **more: object) -> Step:
    return replace(Step(name, "billing", Match(span=name, status=status)), **more)  # type: ignore[arg-type] # by name


WORKFLOW = Definition(
    workflow="invoice-to-cash",
    object="invoice",
    keys=(("number", "number"),),
    steps=(
        step("finalized"),
        step("reviewed", optional=True),
        step("posted"),
        step("rejected", status="error"),
        step("paid"),
        step("offset", instead_of="paid"),
        step("told", after=("posted",)),
        step("voided"),
        step("disputed"),
    ),
    completes=frozenset({"told"}),
    cancels=frozenset({"voided"}),
    reopens=frozenset({"disputed"}),
)


def test_what_is_expected_is_what_every_object_reaches_if_all_goes_well() -> None:
    assert [one.name for one in order.expected(WORKFLOW)] == ["finalized", "posted", "paid", "told"]


def test_order_is_as_declared_unless_a_step_says_otherwise() -> None:
    assert order.before(WORKFLOW) == {
        "finalized": set(),
        "reviewed": set(),
        "posted": {"finalized"},
        "rejected": set(),
        "paid": {"finalized", "posted"},
        "offset": {"finalized", "posted"},
        "told": {"finalized", "posted"},
        "voided": set(),
        "disputed": set(),
    }


def test_what_stands_in_for_a_step_is_as_good_as_it() -> None:
    good = order.stand_ins(WORKFLOW)
    assert good["paid"] == good["offset"] == {"paid", "offset"}
    assert good["posted"] == {"posted"}


names = st.sampled_from("abcd")


@given(st.lists(st.tuples(names, st.lists(names, max_size=3), st.booleans()), unique_by=lambda one: one[0]))
def test_no_declaration_puts_a_step_before_itself(declared: list[tuple[str, list[str], bool]]) -> None:
    steps = tuple(step(name, after=tuple(after), optional=optional) for name, after, optional in declared)
    places = order.before(replace(WORKFLOW, steps=steps))
    assert all(name not in found for name, found in places.items())


def test_what_a_step_says_counts_for_more_than_where_it_is_declared() -> None:
    steps = (step("paid", after=("posted",)), step("finalized"), step("posted"), step("closed"))
    places = order.before(replace(WORKFLOW, steps=steps))
    assert places["posted"] == {"finalized"}
    assert places["paid"] == {"finalized", "posted"}
    assert places["closed"] == {"finalized", "posted", "paid"}


def test_what_stands_in_for_a_stand_in_has_the_place_of_the_step_itself() -> None:
    steps = (step("finalized"), step("forgiven", instead_of="offset"), step("offset", instead_of="paid"), step("paid"))
    definition = replace(WORKFLOW, steps=steps)
    places = order.before(definition)
    assert places["forgiven"] == places["offset"] == places["paid"] == {"finalized"}
    assert order.stand_ins(definition)["paid"] == {"paid", "offset", "forgiven"}


declared_steps = st.lists(
    st.tuples(names, st.lists(names, max_size=2), st.booleans(), st.sampled_from(["", *"abcd"])),
    unique_by=lambda one: one[0],
    max_size=4,
)


@given(declared_steps)
def test_of_two_steps_that_do_not_contradict_each_other_one_at_most_comes_first(
    declared: list[tuple[str, list[str], bool, str]],
) -> None:
    steps = tuple(
        step(name, after=tuple(after), optional=optional, instead_of=other) for name, after, optional, other in declared
    )
    known = {one.name: one for one in steps}
    if circle_of_stand_ins(known) or circle_of_steps(known) or list(own_kind(known)):
        return
    places = order.before(replace(WORKFLOW, steps=steps))
    for one, earlier in places.items():
        assert all(one not in places.get(other, ()) for other in earlier)
