"""Keywords of which only the coming and going is judged: a schema that applies or no longer applies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from registry.compat.openapi.diff.document import mapping
from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place


def came_or_went(
    place: Place, keyword: str, stem: str, what: str, present: tuple[bool, bool] | None = None
) -> Iterator[Found]:
    """Name the event for one keyword; ``present`` (old, new) says who has it, else its mere presence does."""
    had, has = present or (keyword in place.old.value, keyword in place.new.value)
    if had == has:
        return
    event, preposition = ("added", "to") if has else ("removed", "from")
    old, new = place.values(keyword)
    yield Found(
        f"{place.prefix}-{stem}-{event}", f"{what} was {event} {preposition} {{}}", (keyword,), old if had else None,
        new if has else None, facts=(event,),
    )  # fmt: skip


def of_map(place: Place, keyword: str, stem: str, what: str) -> Iterator[Found]:
    """Name the event for each entry of a map of schemas that only one side has."""
    old, new = (mapping(value) for value in place.values(keyword))
    for event, preposition, table, other in (("added", "to", new, old), ("removed", "from", old, new)):
        for name in table:
            if name not in other:
                value: Any = table[name]
                yield Found(
                    f"{place.prefix}-{stem}-{event}",
                    f"{what} was {event} {preposition} {{}}: `{name}`",
                    (keyword, name),
                    value if event == "removed" else None,
                    value if event == "added" else None,
                    facts=(name,),
                )
