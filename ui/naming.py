"""What objects, steps and systems are called on pages. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from collectors.timelines.model import Instance, Key
from collectors.workflows.definition import Definition, Step
from ui import words

_PARTICIPLES = frozenset({"paid", "sent", "done", "won", "lost", "sold", "shipped", "built", "made", "met", "put"})


def step_title(step: Step) -> str:
    """A step's title; its name in words if nobody gave it one."""
    return step.title if step.title and step.title != step.name else words.title(step.name)


def step_titles(definition: Definition) -> dict[str, str]:
    """Titles by step."""
    return {step.name: step_title(step) for step in definition.steps}


def workflow_title(definition: Definition) -> str:
    """A workflow's title."""
    return (
        definition.title
        if definition.title and definition.title != definition.workflow
        else words.title(definition.workflow)
    )


def system_titles(titles: Mapping[str, str]) -> Callable[[str], str]:
    """A function that gives a system's title, from those that are declared."""

    def title(system: str) -> str:
        known = titles.get(system, "")
        return known if known and known != system else words.title(system)

    return title


def display_key(instance: Instance, definition: Definition) -> Key:
    """The id that people know the object by: its number if it has one, else the first kind that is declared."""
    order = {kind: place for place, (kind, _) in enumerate(definition.keys)}
    numbers = [key for key in instance.keys if key.type.rpartition(".")[2] in ("number", "name")]
    return min(numbers or instance.keys, key=lambda key: (order.get(key.type, len(order)), key))


def came_to(title: str) -> str:
    """What happened to the objects that reached a step: "were posted", "reached “ERP posting”"."""
    first = title.split(" ", 1)[0].lower()
    if first in _PARTICIPLES or first.endswith("ed"):
        return f"{title[:1].lower()}{title[1:]}"
    return ""


def predicate(title: str, number: int) -> str:
    """The verb phrase for a count of objects that reached a step."""
    done = came_to(title)
    return f"{words.verb(number, 'was', 'were')} {done}" if done else f"reached “{title}”"
