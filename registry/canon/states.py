"""States and transitions of a canonical object: ``x-states`` beside the ``enum`` of a field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.mappings.paths import Path
from registry.mappings.schema.view import SchemaView


@dataclass(frozen=True, slots=True)
class Machine:
    """The states of one field: where an object may begin, where it ends, and what may follow what."""

    path: Path
    initial: Sequence[str]
    final: Sequence[str]
    transitions: Mapping[str, Sequence[str]]

    @property
    def states(self) -> list[str]:
        """All states, in the order of the schema."""
        return list(self.transitions)


def machines(schema: SchemaView) -> list[Machine]:
    """The states that a schema declares, field by field."""
    found = []
    for leaf in schema.leaves:
        said = next(
            (part["x-states"] for node in schema.nodes(leaf.path) for part in node.parts if "x-states" in part), None
        )
        if isinstance(said, dict):
            found.append(Machine(leaf.path, _words(said.get("initial")), _words(said.get("final")), _transitions(said)))
    return found


def faults(schema: SchemaView) -> Iterator[str]:
    """What is wrong with the states that a schema declares."""
    for one in machines(schema):
        shape = schema.shape(one.path)
        declared = list(shape.values or ()) if shape else []
        if set(declared) != set(one.states):
            odd = ", ".join(sorted({*map(str, declared)} ^ {*one.states}))
            yield f"{one.path}: enum and x-states don't have the same states ({odd})"
        yield from (f"{one.path}: {sentence}" for sentence in _machine_faults(one))


def _machine_faults(one: Machine) -> Iterator[str]:
    if not one.initial:
        yield "no state is initial, so nothing can begin"
    named = [*one.initial, *one.final, *(after for following in one.transitions.values() for after in following)]
    for state in dict.fromkeys(named):
        if state not in one.transitions:
            yield f"{state} is named and is no state"
    reached, todo = set(one.initial), list(one.initial)
    while todo:
        for after in one.transitions.get(todo.pop(), ()):
            if after not in reached:
                reached.add(after)
                todo.append(after)
    for state in one.states:
        if state not in reached:
            yield f"{state} can't be reached"
        if not one.transitions[state] and state not in one.final:
            yield f"{state} leads nowhere and is not final"


def _words(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _transitions(said: Mapping[str, Any]) -> dict[str, list[str]]:
    table = said.get("transitions")
    return {str(state): _words(after) for state, after in table.items()} if isinstance(table, dict) else {}
