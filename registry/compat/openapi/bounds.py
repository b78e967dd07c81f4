"""What the checks of maximum, minLength and their kin share: their ids, and how a limit moved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import (
    LEFT_TO_SERVER,
    LOOSEN_REQUEST,
    NOT_SENT,
    REFUSED,
    STILL_ACCEPTED,
    TELL_SENDERS,
)
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, WARNING, for_places, rules
from registry.compat.rules import Rule

_SENT = ("request-body", "request-property")


def request_rules(stem: str, *, lower: bool, set_anew: bool = True) -> tuple[Rule, ...]:
    """The ids of a limit on what is sent: a tighter one refuses, a looser one is news to senders.

    Args:
        stem: the middle of the rule ids, as in ``request-body-max-length-set``.
        lower: whether it is a lower limit, so that a larger one keeps more out.
        set_anew: whether a limit where there was none, and one on what only the server writes, have ids of their own.
    """
    tighter, looser = _moves(lower=lower)
    refused, accepted = {"why": REFUSED, "migrate": LOOSEN_REQUEST}, {"why": STILL_ACCEPTED, "migrate": TELL_SENDERS}
    found = [
        *rules(BREAKING, REQUEST, "schema", *for_places(f"{stem}-{tighter}", *_SENT), **refused),
        *rules(BREAKING, REQUEST, "parameters", f"request-parameter-{stem}-{tighter}", **refused),
        *rules(INFO, REQUEST, "schema", *for_places(f"{stem}-{looser}", *_SENT), **accepted),
        *rules(INFO, REQUEST, "parameters", f"request-parameter-{stem}-{looser}", **accepted),
    ]
    if set_anew:
        unsent = {"why": NOT_SENT, "migrate": LEFT_TO_SERVER}
        found += rules(WARNING, REQUEST, "schema", *for_places(f"{stem}-set", *_SENT), **refused)
        found += rules(WARNING, REQUEST, "parameters", f"request-parameter-{stem}-set", **refused)
        found += rules(INFO, REQUEST, "schema", f"request-read-only-property-{stem}-{tighter}", **unsent)
    return tuple(found)


def examples(type_: str, keyword: str, stem: str, *, lower: bool) -> dict[str, tuple[str, str]]:
    """For each event of a limit, a schema before and after; see :func:`request_rules`."""
    tighter, looser = _moves(lower=lower)
    five, ten = (f"{{type: {type_}, {keyword}: {limit}}}" for limit in (5, 10))
    loose, tight = (five, ten) if lower else (ten, five)
    only_read = [schema.replace("}", ", readOnly: true}") for schema in (loose, tight)]
    return {
        f"{stem}-set": (f"{{type: {type_}}}", five),
        f"{stem}-{looser}": (tight, loose),
        f"{stem}-{tighter}": (loose, tight),
        f"read-only-property-{stem}-{tighter}": (only_read[0], only_read[1]),
    }


def _moves(*, lower: bool) -> tuple[str, str]:
    """What a limit does that keeps more out, and what one that keeps less out."""
    return ("increased", "decreased") if lower else ("decreased", "increased")


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
