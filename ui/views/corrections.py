"""Which ids are one object: what shapes an instance, and what a form on its page means. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from collectors.timelines.abridged import joins_too_much
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
class View:
    """The ids of an instance, each with its text for the form, and what people put right about them."""

    noun: str
    address: str
    keys: Sequence[tuple[Key, str]]
    more: int
    types: Sequence[str]
    shaped: Sequence[Shaping]


def view(instance: Instance, definition: Definition, standing: Iterable[Correction]) -> View:
    """The part of an instance's page about its ids."""
    noun = words.noun(definition.object)
    address = f"{urls.timeline(instance.workflow, instance.id)}/corrections"
    own = {tuple(key) for key in instance.keys}
    shaping = [
        Shaping(
            _told(statement_of(row), noun), row.created_by, row.created_at, row.reason, f"{address}/{row.id}/removal"
        )
        for row in standing
        if own & {tuple(statement_of(row).key), tuple(statement_of(row).other)}
    ]
    return View(
        noun=noun,
        address=address,
        keys=[(key, str(Id(*key))) for key in instance.keys[:_SHOWN]],
        more=max(0, len(instance.keys) - _SHOWN),
        types=sorted({kind for kind, _ in definition.keys}),
        shaped=shaping,
    )


def _told(said: Statement, noun: str) -> str:
    key, other = (f"{one.type} {one.value}" for one in (said.key, said.other))
    if said.action == "same":
        return f"{key} and {other} are the same {noun}"
    return f"{other} does not belong to the {noun} of {key}"


def not_here(instance: Instance, key: Id, standing: Iterable[Correction]) -> list[Statement]:
    """That a key does not belong here: it stands apart from every id with which an event names it.

    Raises:
        CorrectionError: the instance does not have the key, or nothing but a correction joins it.
    """
    wanted = Key(*key)
    if wanted not in instance.keys:
        raise CorrectionError(f"{key} is none of the ids here (any more); look at the timeline again")
    by_hand = [
        said for row in standing if (said := statement_of(row)).action == "same" and key in (said.key, said.other)
    ]
    if by_hand:
        said = by_hand[0]
        raise CorrectionError(f"{said.key} and {said.other} are the same by a correction; take that back instead")
    if instance.counts and wanted == joins_too_much(instance.milestones):
        raise CorrectionError(
            f"{key} stands beside too many ids to be taken apart from each; let {key.type} not join in the workflow "
            "(joins: false), so that it relates objects and makes none of them one"
        )
    beside = {other for fact in instance.milestones if wanted in fact.keys for other in fact.keys} - {wanted}
    if not beside:
        raise CorrectionError(f"no event names {key} together with another id, so there is nothing to take apart")
    return [Statement("apart", Id(*other), key) for other in sorted(beside)]


def also(instance: Instance, definition: Definition, key: Id) -> list[Statement]:
    """That another id is this object's, too."""
    return [Statement("same", Id(*naming.display_key(instance, definition)), key)]
