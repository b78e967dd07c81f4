"""Which ids are one object: what shapes an instance, and what a form on its page means. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from collectors.timelines.abridged import joins_too_much
from collectors.timelines.chains import chain
from collectors.timelines.model import Instance, Key
from collectors.workflows.definition import Definition
from registry.crossref.check import CorrectionError, Id, Statement
from registry.crossref.models import Correction
from registry.crossref.service import statement_of
from ui import naming, urls, words

#: Ids that can be taken away by a form of their own.
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Shaping:
    """A correction that made an instance what it is."""

    told: str
    by: str
    at: datetime
    reason: str
    removal: str


@dataclass(frozen=True, slots=True)
class Own:
    """An id of an instance as the form has it, and those with which events name it."""

    key: Key
    text: str
    beside: Sequence[str]


@dataclass(frozen=True, slots=True)
class View:
    """The ids of an instance, and what people put right about them."""

    noun: str
    address: str
    keys: Sequence[Own]
    more: int
    types: Sequence[str]
    shaped: Sequence[Shaping]


def view(instance: Instance, definition: Definition, standing: Iterable[Correction]) -> View:
    """The part of an instance's page about its ids."""
    noun = words.noun(definition.object)
    address = f"{urls.timeline(instance.workflow, instance.id)}/corrections"
    own = {tuple(key) for key in instance.keys}
    rows = list(standing)
    edges = [fact.keys for fact in instance.milestones]
    edges += [(Key(*said.key), Key(*said.other)) for row in rows if (said := statement_of(row)).action == "same"]
    shaping = [
        Shaping(
            _told(said, noun) + _all_the_same(said, noun, edges),
            row.created_by,
            row.created_at,
            row.reason,
            f"{address}/{row.id}/removal",
        )
        for row in rows
        if own & {tuple((said := statement_of(row)).key), tuple(said.other)}
    ]
    return View(
        noun=noun,
        address=address,
        keys=[
            Own(key, str(Id(*key)), [str(Id(*other)) for other in sorted(_beside(instance, key))[:_SHOWN]])
            for key in instance.keys[:_SHOWN]
        ],
        more=max(0, len(instance.keys) - _SHOWN),
        types=sorted({kind for kind, _ in definition.keys}),
        shaped=shaping,
    )


def _told(said: Statement, noun: str) -> str:
    key, other = (f"{one.type} {one.value}" for one in (said.key, said.other))
    if said.action == "same":
        return f"{key} and {other} are the same {noun}"
    return f"{other} does not belong to the {noun} of {key}"


def _all_the_same(said: Statement, noun: str, edges: Sequence[Collection[Key]]) -> str:
    """That two ids which were taken apart are one object nevertheless, and by which others."""
    joined = chain(edges, Key(*said.key), Key(*said.other)) if said.action == "apart" else ()
    # What stands apart is not named together by any event that has been read anew since.
    if len(joined) <= len((said.key, said.other)):
        return ""
    between = " → ".join(f"{key.type} {key.value}" for key in joined)
    return f", but other events make them one {noun} all the same: {between}"


def _beside(instance: Instance, key: Key) -> set[Key]:
    return {other for fact in instance.milestones if key in fact.keys for other in fact.keys} - {key}


def not_here(instance: Instance, key: Id, standing: Iterable[Correction], from_: Id | None = None) -> list[Statement]:
    """That a key does not belong here: it stands apart from one id, or from every other that the instance has.

    Of an instance with very many ids those count with which an event names it.

    Raises:
        CorrectionError: the instance does not have the key, or nothing but a correction joins it.
    """
    wanted = Key(*key)
    if wanted not in instance.keys:
        raise CorrectionError(f"{key} is none of the ids here (any more); look at the timeline again")
    said = [statement_of(row) for row in standing]
    by_hand = next((one for one in said if one.action == "same" and key in (one.key, one.other)), None)
    if by_hand:
        raise CorrectionError(f"{by_hand.key} and {by_hand.other} are the same by a correction; take that back instead")
    if from_ is not None:
        return [Statement("apart", from_, key)]
    if instance.counts and wanted == joins_too_much(instance.milestones):
        raise CorrectionError(
            f"{key} stands beside too many ids to be taken apart from each; let {key.type} not join in the workflow "
            "(joins: false), so that it relates objects and makes none of them one"
        )
    beside = _beside(instance, wanted)
    if not beside:
        raise CorrectionError(f"no event names {key} together with another id, so there is nothing to take apart")
    others = {*instance.keys} - {wanted} if len(instance.keys) <= _SHOWN else beside
    known = {frozenset((one.key, one.other)) for one in said if one.action == "apart"}
    return [
        Statement("apart", Id(*other), key)
        for other in sorted(others)
        if other in beside or frozenset((Id(*other), key)) not in known
    ]


def also(instance: Instance, definition: Definition, key: Id) -> list[Statement]:
    """That another id is this object's, too."""
    return [Statement("same", Id(*naming.display_key(instance, definition)), key)]
