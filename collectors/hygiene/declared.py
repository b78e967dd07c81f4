"""Where rules about attributes take from a workflow what it reads of spans and events. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from collectors.hygiene.rules import Rule, Rules, Where
from collectors.workflows.definition import Definition

#: Where a workflow reads attributes.
_READ: tuple[Where, ...] = ("span", "resource", "event")
_DATA = "data."


def conflicts(rules: Rules, definitions: Iterable[Definition]) -> list[str]:
    """A sentence for each attribute that a workflow reads and a rule drops, or hashes although its value matters.

    Only rules that go by the name are told: of the others nobody knows before what values they will meet.
    """
    if not rules.rules:
        return []
    return list(dict.fromkeys(said for one in definitions for said in _of(rules, one)))


def _of(rules: Rules, definition: Definition) -> Iterator[str]:
    for what, attribute, then, plain in _read(definition):
        rule = _deciding(rules, attribute)
        if rule is not None and (rule.action == "drop" or (rule.action == "hash" and plain)):
            yield f"workflow {definition.workflow} reads {what} from {attribute}, but a rule says {rule.words}: {then}"


def _read(definition: Definition) -> Iterator[tuple[str, str, str, bool]]:
    """What is read, from which attribute, what comes of it without, and whether a hash will not do."""
    for kind, attribute in definition.keys:
        yield f"the key {kind}", attribute, "nothing joins by it", False
    for kind, attribute in definition.links:
        yield f"the id {kind}", attribute, "nothing is related by it", False
    for name, attribute in definition.dimensions:
        yield f"the dimension {name}", attribute, "it stays empty", False
    for name, attribute in (("the amount", definition.amount), ("the currency", definition.currency)):
        if attribute:
            yield name, attribute, "no sum counts it", True
    for name, part in definition.settling.items():
        for attribute in filter(None, (part.amount, part.currency)):
            yield f"what the step {name} settles", attribute, "it is not added up", True
    for step in definition.steps:
        for attribute in sorted(step.match.attributes):
            yield f"the step {step.name}", attribute, "nothing reaches it", step.match.attributes[attribute] != "*"


def _deciding(rules: Rules, attribute: str) -> Rule | None:
    """The rule that decides by an attribute's name alone, the worst if places differ."""
    names = (attribute, attribute.removeprefix(_DATA))
    found = [
        next((one for one in rules.rules if one.test is None and where in one.where and one.means(name)), None)
        for where in _READ
        for name in names
    ]
    worst = sorted(
        (one for one in found if one is not None), key=lambda one: ("drop", "hash", "keep").index(one.action)
    )
    return worst[0] if worst else None
