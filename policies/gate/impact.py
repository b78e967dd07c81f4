"""Which workflows a change may touch.

A workflow knows attributes (``netsuite.invoice.internal_id``), a change knows a place in a document
(``/properties/internalId``), and nothing declares that the two are the same. So they are compared by name: the property
names on the way to the change and the attribute are taken apart into words (at dots, hyphens, underscores and capitals),
and the shorter of the two must be the end of the longer. ``/properties/customer/properties/id`` touches ``customer.id``
and ``id`` but not ``invoice.id``. It is a hint for people: a property that a collector renames is missed, one that bears
another object's name is reported, and what lies below a changed property is not looked for.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from registry.compat.model import Change, DocumentError, Level
from registry.compat.source_map import read_document, unescape
from registry.kinds.workflow import WorkflowManifest

Words = tuple[str, ...]
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# Lists whose items say their own name.
_NAMED = frozenset({"fields", "parameters"})


@dataclass(frozen=True, slots=True)
class Use:
    """What a workflow reads an attribute for: ``key``, ``dimension``, ``amount``, ``currency`` or ``step``, and its name."""

    what: str
    name: str
    attribute: str

    @property
    def words(self) -> str:
        """As in a sentence: ``key stripe.invoice``."""
        return f"{self.what} {self.name}".rstrip()


@dataclass(frozen=True, slots=True)
class Touched:
    """A workflow that reads what changes: each use, and the change that it may feel."""

    workflow: WorkflowManifest
    uses: tuple[tuple[Use, Change], ...]

    @property
    def because(self) -> tuple[str, ...]:
        """A sentence for each use."""
        return tuple(
            f"{use.words} reads {use.attribute}, which {change.rule} at {change.path or 'the root'} may change"
            for use, change in self.uses
        )

    def named(self, what: str) -> list[str]:
        """The names of the keys or steps that are touched, each once."""
        return list(dict.fromkeys(use.name for use, _ in self.uses if use.what == what))


def touched(
    changes: Iterable[Change], old_text: str, new_text: str, workflows: Iterable[WorkflowManifest]
) -> list[Touched]:
    """The workflows that breaking changes and warnings touch, in the order in which they come."""
    serious = [change for change in changes if change.level is not Level.INFO]
    if not serious:
        return []
    old, new = _value(old_text), _value(new_text)
    places = [(change, set(_places(change, old, new))) for change in serious]
    found = ((workflow, tuple(_uses(workflow, places))) for workflow in workflows)
    return [Touched(workflow, uses) for workflow, uses in found if uses]


def readers(names: Iterable[str], workflows: Iterable[WorkflowManifest]) -> Iterator[tuple[WorkflowManifest, Use]]:
    """The workflows that read an attribute which ends like the names of a field, outermost first, or the other way."""
    wanted = _words(names)
    for workflow in workflows:
        for use in dict.fromkeys(_attributes(workflow)):
            if _same(_words([use.attribute]), wanted):
                yield workflow, use


def _value(text: str) -> Any:
    """The document as plain values; nothing for languages of their own, whose paths are made of names."""
    try:
        return read_document(text, "new").value
    except DocumentError:
        return None


def _places(change: Change, old: Any, new: Any) -> Iterator[Words]:
    for path, value in ((change.old_path, old), (change.new_path, new), (change.path, new)):
        if path and (words := _words(property_names(path, value))):
            yield words


def property_names(path: str, value: Any) -> list[str]:
    """The names of the properties, fields and parameters on the way to a place, outermost first.

    Of a dotted path (``Invoice.lines``) only the last name counts, since those before it are names of types.
    """
    if not path.startswith("/"):
        return path.split(".")[1:][-1:]
    names: list[str] = []
    before = ""
    for part in map(unescape, path[1:].split("/")):
        name, value = _step(value, part)
        if before == "properties":
            names.append(part)
            before = ""
            continue
        if (before in _NAMED and name) or (before == "required" and isinstance(value, str)):
            names.append(name or value)
        before = part
    return names


def _step(value: Any, part: str) -> tuple[str | None, Any]:
    """What stands below a key or index, and the name that it gives itself."""
    below: Any = None
    if isinstance(value, dict):
        below = value.get(part)
    elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
        below = value[int(part)]
    name = below.get("name") if isinstance(below, dict) else None
    return (name if isinstance(name, str) else None), below


def _words(names: Iterable[str]) -> Words:
    return tuple(word.lower() for name in names for word in _WORD.findall(name))


def _uses(workflow: WorkflowManifest, places: Sequence[tuple[Change, set[Words]]]) -> Iterator[tuple[Use, Change]]:
    for use in dict.fromkeys(_attributes(workflow)):
        words = _words([use.attribute])
        hit = next((change for change, found in places if any(_same(words, place) for place in found)), None)
        if hit is not None:
            yield use, hit


def _same(one: Words, other: Words) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return bool(shorter) and longer[-len(shorter) :] == shorter


def _attributes(workflow: WorkflowManifest) -> Iterator[Use]:
    """Every attribute that a workflow reads, and what for."""
    spec = workflow.spec
    yield from (Use("key", key.type, key.attribute) for key in spec.keys)
    yield from (Use("dimension", name, attribute) for name, attribute in spec.dimensions.items())
    if spec.amount is not None:
        yield Use("amount", "", spec.amount.value)
        yield Use("currency", "", spec.amount.currency)
    for step in spec.steps:
        yield from (Use("step", step.name, name) for name in step.match.attributes)
        if step.settles is not None:
            yield from (Use("step", step.name, name) for name in (step.settles.amount, step.settles.currency) if name)
