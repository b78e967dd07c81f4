"""Whether a new correction makes sense beside those that stand. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, get_args

from registry.crossref.models import MAX_REASON, MAX_TYPE, MAX_VALUE
from registry.nearest import nearest

Action = Literal["same", "apart"]
ACTIONS: tuple[Action, ...] = get_args(Action)


class Id(NamedTuple):
    """An id of an object, as one system knows it."""

    type: str
    value: str

    def __str__(self) -> str:
        return f"{self.type}:{self.value}"


class Statement(NamedTuple):
    """Both ids are the same object, or an event that names both is ``key``'s alone and says nothing of ``other``."""

    action: Action
    key: Id
    other: Id


class CorrectionError(ValueError):
    """A correction that can't be made or found; one sentence for a person."""


class ConflictError(CorrectionError):
    """A correction that is there already, or that contradicts one that is."""


def read_id(text: str) -> Id:
    """``TYPE:VALUE``. Raises ``CorrectionError``."""
    kind, colon, value = text.partition(":")
    kind, value = kind.strip(), value.strip()
    if not (kind and colon and value):
        raise CorrectionError(f"an id is TYPE:VALUE, such as invoice.number:INV-1, but here it is {text[:80]!r}")
    if len(kind) > MAX_TYPE or len(value) > MAX_VALUE or not (kind + value).isprintable():
        raise CorrectionError(f"an id has at most {MAX_VALUE} printable characters")
    return Id(kind, value)


def check(workflow: str, types: Mapping[str, bool], new: Statement, standing: Iterable[Statement]) -> None:
    """Refuse what makes no sense.

    Args:
        workflow: its name, for the sentence.
        types: key type -> whether it joins, of the workflow.
        new: what somebody says.
        standing: all that was said of the workflow and not taken back.

    Raises:
        CorrectionError: it means nothing in this workflow.
        ConflictError: it is there already, or another says the opposite.
    """
    for one in (new.key, new.other):
        _check_type(workflow, types, one)
    if new.key == new.other:
        raise CorrectionError(f"{new.key} is the same as itself; name two ids")
    _check_conflicts(new, list(standing))


def check_reason(reason: str) -> str:
    """The reason without blanks around it. Raises ``CorrectionError`` if there is none."""
    tidy = " ".join(reason.split())
    if not tidy or len(tidy) > MAX_REASON or not tidy.isprintable():
        raise CorrectionError(f"say why, in 1 to {MAX_REASON} characters: whoever looks at it later wants to know")
    return tidy


def _check_type(workflow: str, types: Mapping[str, bool], one: Id) -> None:
    joins = types.get(one.type)
    if joins is None:
        guess = nearest(one.type, types)
        hint = f"did you mean {guess}?" if guess else f"it has {', '.join(sorted(types))}"
        raise CorrectionError(f"workflow {workflow!r} has no key type {one.type!r}; {hint}")
    if not joins:
        raise CorrectionError(
            f"{one.type} only relates objects of {workflow!r} and joins none, so there is nothing to put right"
        )


def _check_conflicts(new: Statement, standing: list[Statement]) -> None:
    pair = {new.key, new.other}
    for old in standing:
        if {old.key, old.other} != pair:
            continue
        if old.action == "same" and new.action == "same":
            raise ConflictError(f"{old.key} and {old.other} are said to be the same already")
        if old == new:
            raise ConflictError(f"{old.other} stands apart from {old.key} already")
        if old.action == new.action == "apart":
            raise ConflictError(f"{old.other} stands apart from {old.key} already; the other way round would undo it")
    _check_chain(new, standing)
    _check_circle(new, standing)


def _check_chain(new: Statement, standing: list[Statement]) -> None:
    """An id can't stand apart from one that it is the same as, be it through others."""
    every = [*standing, new]
    root = _roots(one for one in every if one.action == "same")
    for one in every:
        if one.action == "apart" and root.get(one.key, one.key) == root.get(one.other, one.other):
            said = f"{one.key} and {one.other}"
            if one is new:
                raise ConflictError(f"{said} are said to be the same; take that back first")
            raise ConflictError(f"{said} are said to stand apart; take that back first")


def _check_circle(new: Statement, standing: list[Statement]) -> None:
    """Ids that stand apart from one another in a circle: an event that names them all would be nobody's."""
    every = [*standing, new]
    root = _roots(one for one in every if one.action == "same")
    apart: dict[Id, set[Id]] = {}
    for one in every:
        if one.action == "apart":
            apart.setdefault(root.get(one.key, one.key), set()).add(root.get(one.other, one.other))
    first = root.get(new.key, new.key)
    found, waiting = set[Id](), set(apart.get(first, ()))
    while waiting:
        found |= waiting
        waiting = set().union(*(apart.get(one, ()) for one in waiting)) - found
    if first in found:
        raise ConflictError(
            f"{new.key} and {new.other} would close a circle of ids that stand apart from one another, so that an event "
            "which names them all were nobody's; take one of the others back first"
        )


def _roots(same: Iterable[Statement]) -> dict[Id, Id]:
    """Id -> one id for all that are the same as it."""
    root: dict[Id, Id] = {}
    for one in same:
        kept, gone = root.setdefault(one.key, one.key), root.setdefault(one.other, one.other)
        root |= {member: kept for member, own in root.items() if own == gone}
    return root
