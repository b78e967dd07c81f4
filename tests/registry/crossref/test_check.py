import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.correlation.corrections import Corrections
from collectors.correlation.keys import key_hash
from collectors.timelines.model import Key
from registry.crossref.check import (
    ACTIONS,
    ConflictError,
    CorrectionError,
    Id,
    Statement,
    check,
    check_reason,
    read_id,
)

TYPES = {"stripe.invoice": True, "netsuite.invoice": True, "invoice.number": True, "stripe.subscription": False}
A, B, C = Id("stripe.invoice", "in_1"), Id("netsuite.invoice", "9"), Id("invoice.number", "INV-1")
D = Id("invoice.number", "INV-2")


def refusal(new: Statement, *standing: Statement) -> str:
    with pytest.raises(CorrectionError) as caught:
        check("invoice-to-cash", TYPES, new, standing)
    return str(caught.value)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (Statement("same", A, A), "stripe.invoice:in_1 is the same as itself; name two ids"),
        (
            Statement("same", A, Id("netsuite.invoic", "9")),
            "workflow 'invoice-to-cash' has no key type 'netsuite.invoic'; did you mean netsuite.invoice?",
        ),
        (
            Statement("apart", Id("zzz", "1"), A),
            (
                "workflow 'invoice-to-cash' has no key type 'zzz'; "
                "it has invoice.number, netsuite.invoice, stripe.invoice, stripe.subscription"
            ),
        ),
        (
            Statement("apart", A, Id("stripe.subscription", "sub_1")),
            (
                "stripe.subscription only relates objects of 'invoice-to-cash' and joins none, "
                "so there is nothing to put right"
            ),
        ),
    ],
)
def test_what_means_nothing_is_refused(new: Statement, said: str) -> None:
    assert refusal(new) == said


@pytest.mark.parametrize(
    ("new", "standing", "said"),
    [
        (Statement("same", B, A), [Statement("same", A, B)], "are said to be the same already"),
        (Statement("apart", A, B), [Statement("apart", A, B)], "stands apart from stripe.invoice:in_1 already"),
        (Statement("apart", B, A), [Statement("apart", A, B)], "the other way round would undo it"),
        (Statement("apart", B, A), [Statement("same", A, B)], "are said to be the same; take that back first"),
        (Statement("same", B, A), [Statement("apart", A, B)], "are said to stand apart; take that back first"),
        (
            Statement("same", B, C),
            [Statement("same", A, B), Statement("apart", A, C)],
            "stripe.invoice:in_1 and invoice.number:INV-1 are said to stand apart",
        ),
        (
            Statement("apart", C, A),
            [Statement("same", A, B), Statement("same", C, B)],
            "are said to be the same; take that back first",
        ),
        (
            Statement("apart", C, A),
            [Statement("apart", A, B), Statement("apart", B, C)],
            "would close a circle of ids that stand apart",
        ),
        (
            Statement("same", C, D),
            [Statement("apart", A, B), Statement("apart", B, C), Statement("apart", D, A)],
            "would close a circle of ids that stand apart",
        ),
    ],
)
def test_what_is_there_already_or_contradicts_is_a_conflict(
    new: Statement, standing: list[Statement], said: str
) -> None:
    assert said in refusal(new, *standing)
    with pytest.raises(ConflictError):
        check("invoice-to-cash", TYPES, new, standing)


ids = st.builds(Id, st.sampled_from(["stripe.invoice", "invoice.number"]), st.sampled_from("123"))
statements = st.builds(Statement, st.sampled_from(ACTIONS), ids, ids).filter(lambda one: one.key != one.other)


@given(st.lists(statements, max_size=12))
def test_what_was_let_through_never_says_that_one_id_is_and_is_not_another(said: list[Statement]) -> None:
    standing: list[Statement] = []
    for new in said:
        try:
            check("invoice-to-cash", TYPES, new, standing)
        except ConflictError:
            continue
        standing.append(new)
    groups = [{one} for one in {one for statement in standing for one in (statement.key, statement.other)}]
    for statement in standing:
        if statement.action == "same":
            joined = [group for group in groups if statement.key in group or statement.other in group]
            groups = [group for group in groups if group not in joined] + [set().union(*joined)]
    for statement in standing:
        if statement.action == "apart":
            assert not any({statement.key, statement.other} <= group for group in groups)
            assert Statement("apart", statement.other, statement.key) not in standing
    pairs = {
        kind: frozenset((Key(*one.key), Key(*one.other)) for one in standing if one.action == kind) for kind in ACTIONS
    }
    meant = Corrections(**pairs)
    for statement in standing:
        if statement.action == "apart":
            one, other = key_hash(Key(*statement.key)), key_hash(Key(*statement.other))
            assert meant.joining((one, other)) == (one,)


def test_ids_and_reasons_are_read_kindly_and_checked() -> None:
    assert read_id(" invoice.number : INV:1 ") == Id("invoice.number", "INV:1")
    assert check_reason("  two\n blanks ") == "two blanks"
    for text in ("", "INV-1", ":x", "a:", f"a:{'x' * 501}", "a:\x07b"):
        with pytest.raises(CorrectionError, match="an id"):
            read_id(text)
    for text in ("  ", "x" * 1001):
        with pytest.raises(CorrectionError, match="say why"):
            check_reason(text)
