"""Which media types belong to each other in two documents, by name."""

from __future__ import annotations

from collections.abc import Iterable

Parsed = tuple[str, str, str, frozenset[str]]


def parse(name: str) -> Parsed:
    """``application/problem+json; charset=utf-8`` as (type, subtype, suffix, parameters), all in lower case."""
    essence, *parameters = (part.strip().lower() for part in name.split(";"))
    kind, _, subtype = essence.partition("/")
    base, plus, suffix = subtype.rpartition("+")
    return kind, base if plus else subtype, suffix if plus else "", frozenset(filter(None, parameters))


def contains(wide: str, narrow: str) -> bool:
    """Whether whatever has the narrow name has the wide one too.

    ``application/*`` contains ``application/json``, which contains ``application/problem+json`` and
    ``application/json; charset=utf-8``.
    """
    kind, subtype, suffix, parameters = parse(wide)
    other_kind, other_subtype, other_suffix, other_parameters = parse(narrow)
    if kind not in ("*", other_kind) or not parameters <= other_parameters:
        return False
    if subtype == "*" or (subtype, suffix) == (other_subtype, other_suffix):
        return True
    return not suffix and subtype == other_suffix


def is_typed(name: str) -> bool:
    """Whether readers take values by their type: in JSON, and in XML, which is bound by its schema. Elsewhere all is text."""
    _, subtype, suffix, _ = parse(name)
    return bool({subtype, suffix} & {"json", "xml"})


def partners(old: Iterable[str], new: Iterable[str]) -> dict[str, str]:
    """New names by old name: equal ones first, then those that differ in parameters or of which one contains the other."""
    found = {name: name for name in old if name in set(new)}
    free = [name for name in new if name not in found]
    for name in old:
        if name in found:
            continue
        for other in free:
            alike = parse(name)[:3] == parse(other)[:3]
            if alike or contains(name, other) or contains(other, name):
                found[name] = other
                free.remove(other)
                break
    return found
