"""A workflow's definition as plain values, and the id that tells two readings of a workflow apart."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

import orjson

#: How spans become milestones; one more whenever that changes, so that history is read again by the new rules.
#: 2: the kind of an error and amounts that can't be read. 3: events, CloudEvents and those on spans. 4: failures reach the
#: steps that are about them, and of one time the step that is declared later has the last word. 5: an event on a span that
#: says no time has its span's.
READER = 5
_SETS = ("completes", "fails", "cancels", "reopens")


@dataclass(frozen=True, slots=True)
class Match:
    """The conditions that a span or event must all meet. ``*`` is a wildcard in a value; None means any."""

    span: str | None = None
    event: str | None = None
    service: str | None = None
    kind: str | None = None
    status: Literal["ok", "error"] | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settles:
    """The attributes that hold what a milestone settles of an instance's amount.

    ``currency`` is "" for the workflow's own; ``once_per`` a type of key of which each id is one part, "" where each
    milestone is one. What ``takes_back`` is subtracted.
    """

    amount: str
    currency: str = ""
    once_per: str = ""
    takes_back: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, the system in which it happens, what matches it, and which time of a span counts.

    An ``optional`` step may be left out, a ``repeatable`` one may happen several times, one that stands ``instead_of``
    another is as good as that one; ``after`` names the steps that come before it in the right order. What ``settles`` a part
    is reached when all parts come up to the instance's amount.
    """

    name: str
    system: str
    match: Match
    at: Literal["start", "end", "observed"] = "end"
    title: str = ""
    optional: bool = False
    repeatable: bool = False
    instead_of: str = ""
    after: tuple[str, ...] = ()
    settles: Settles | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """How one workflow is read from spans and events.

    ``keys`` maps a key type to the attribute that carries it, ``dimensions`` a dimension to its attribute;
    ``links`` likewise for ids of other objects, which relate and don't join; ``amount`` and ``currency`` name
    attributes, "" where the workflow has none. Reaching a step of ``completes``, ``fails`` or ``cancels`` ends an
    instance, one of ``reopens`` sets it going again. ``failures`` are the steps that an error reaches, too, ``settling`` what settles a part, by its name. ``reader`` are the rules of :data:`READER`. ``id`` is 16 hex digits over all that changes how events are
    read; titles do not.
    """

    workflow: str
    object: str
    keys: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    dimensions: tuple[tuple[str, str], ...] = ()
    amount: str = ""
    currency: str = ""
    completes: frozenset[str] = frozenset()
    fails: frozenset[str] = frozenset()
    cancels: frozenset[str] = frozenset()
    reopens: frozenset[str] = frozenset()
    links: tuple[tuple[str, str], ...] = ()
    title: str = ""
    reader: int = READER
    id: str = field(init=False, compare=False, repr=False)
    failures: frozenset[str] = field(init=False, compare=False, repr=False)
    settling: Mapping[str, Settles] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Take the digest once, and find the steps that failures reach and that settle: rounds of correlation ask all the time."""
        object.__setattr__(self, "id", _digest(self))
        only_errors = (step.name for step in self.steps if step.match.status == "error")
        object.__setattr__(self, "failures", self.fails.union(only_errors))
        settling = {step.name: step.settles for step in self.steps if step.settles is not None}
        object.__setattr__(self, "settling", settling)

    def goes_back(self, step: str) -> bool:
        """Whether a settling step only takes back; one that takes back and completes pays out what is owed (a credit note)."""
        return self.settling[step].takes_back and step not in self.completes

    def to_json(self) -> str:
        """All of it as JSON, keys sorted; :meth:`from_json` reads it back."""
        content = {one.name: getattr(self, one.name) for one in fields(self) if one.init}
        content["steps"] = [asdict(step) for step in self.steps]
        for step in content["steps"]:
            if step["settles"] is None:  # ids are older than it, and history is not read again for what nobody says
                del step["settles"]
            elif not step["settles"]["takes_back"]:  # likewise
                del step["settles"]["takes_back"]
        for name in _SETS:
            content[name] = sorted(content[name])
        return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()

    @classmethod
    def from_json(cls, text: str) -> Definition:
        """The definition that :meth:`to_json` wrote."""
        content = {"reader": 1} | orjson.loads(text)
        content["steps"] = tuple(map(_step, content["steps"]))
        for name in ("keys", "dimensions", "links"):
            content[name] = tuple((one, other) for one, other in content[name])
        for name in _SETS:
            content[name] = frozenset(content[name])
        return cls(**content)


def _step(said: dict[str, Any]) -> Step:
    settles = said.get("settles")
    plain = {"match": Match(**said["match"]), "after": tuple(said["after"])}
    return Step(**said | plain | {"settles": settles and Settles(**settles)})


def _digest(definition: Definition) -> str:
    content = orjson.loads(definition.to_json())
    del content["title"]
    if definition.reader == 1:  # before there was another, ids said nothing of it
        del content["reader"]
    for step in content["steps"]:
        del step["title"]
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
