"""A company's business objects, apart from any language, and their next version with twenty changes."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace

KINDS = ("text", "whole", "number", "flag", "choice")
_FIELDS = (
    "amount", "status", "currency", "created", "description", "reference", "reason", "country", "email", "period_start",
    "period_end", "quantity", "rate", "statement_text", "url", "version", "note", "discount", "tax", "total",
)  # fmt: skip
_CHANGES = 5  # of each of the four kinds


@dataclass(frozen=True, slots=True)
class Field:
    """``kind`` is one of KINDS, or the name of an object that stands before the field's own."""

    kind: str
    number: int
    required: bool


Model = Mapping[str, Mapping[str, Field]]


def model(objects: int, *, seed: int = 7) -> Model:
    """So many objects of sixteen fields, and up to two that refer to objects before."""
    chance = random.Random(seed)
    found: dict[str, Mapping[str, Field]] = {}
    for index in range(objects):
        names = chance.sample(_FIELDS, 16)
        fields = {
            name: Field(chance.choice(KINDS), number, required=number <= 3)
            for number, name in enumerate(names, start=1)
        }
        for number, other in enumerate(chance.sample(sorted(found), min(2, len(found))), start=17):
            fields[f"of_{other.lower()}"] = Field(other, number, required=False)
        found[f"Object{index}"] = fields
    return found


def next_version(old: Model, *, seed: int = 8) -> Model:
    """The objects after some months: fields that came, went, changed their kind, or may be left out."""
    chance = random.Random(seed)
    new = {name: dict(fields) for name, fields in old.items()}
    chosen = chance.sample(sorted(new), 4 * _CHANGES)
    for index, name in enumerate(chosen):
        fields = new[name]
        plain = [key for key, field in fields.items() if field.kind in KINDS and not field.required]
        field = chance.choice(plain)
        if index % 4 == 0:
            del fields[field]
        elif index % 4 == 1:
            fields["added_lately"] = Field("text", 40, required=False)
        elif index % 4 == 2:
            fields[field] = replace(fields[field], kind="flag" if fields[field].kind != "flag" else "text")
        else:
            first = next(iter(fields))
            fields[first] = replace(fields[first], required=False)
    return new
