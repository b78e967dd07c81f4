"""How a limit moved: set, unset, increased, decreased. Shared by the checks of maximum, minLength and their kin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place


def number(value: Any) -> int | float | None:
    """The value if it is a number."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def exclusive_and_inclusive(place: Place, limit: str) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """A limit's inclusive and exclusive values, each as (old, new).

    OpenAPI 3.0 says ``exclusiveMaximum: true`` beside ``maximum``; 3.1 gives it a number of its own. The older spelling
    is read as the newer one where the two sides differ in it, and left alone where both agree.
    """
    exclusive = f"exclusive{limit.capitalize()}"
    flags = [side.value.get(exclusive) is True for side in (place.old, place.new)]
    inclusive, exclusives = [], []
    for side, flag in zip((place.old, place.new), flags, strict=True):
        value = number(side.value.get(limit))
        moves = flag and flags != [True, True]
        inclusive.append(None if moves else value)
        exclusives.append(value if moves else number(side.value.get(exclusive)))
    return (inclusive[0], inclusive[1]), (exclusives[0], exclusives[1])


def moved(place: Place, stem: str, what: str, keyword: str, values: tuple[Any, Any], *, lower: bool) -> Iterator[Found]:
    """Name the event for a limit.

    Args:
        place: where it is.
        stem: the middle of the rule ids, as in ``request-body-max-length-set``.
        what: the limit's name for a person.
        keyword: the schema keyword.
        values: (old, new), None for no limit.
        lower: whether it is a lower limit, so that a larger one keeps more out.
    """
    old, new = values
    if old == new or (not place.request and place.ignored):
        return
    if old is None:
        event, said = "set", f"was set to {new}"
    elif new is None:
        event, said = "unset", f"was taken away (it was {old})"
    else:
        event = "increased" if new > old else "decreased"
        said = f"was {event} from {old} to {new}"
    narrower = event == "set" or (event == "increased") == lower
    prefix = place.prefix
    if prefix == "request-property" and place.ignored and event != "unset" and narrower:
        prefix = "request-read-only-property"
    yield Found(f"{prefix}-{stem}-{event}", f"the {what} of {{}} {said}", (keyword,), old, new)
