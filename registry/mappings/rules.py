"""What can be found in a mapping: each finding's id, how bad it is, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from registry.kinds.base import Path as Place

#: An error refuses the manifest, a warning is shown, a note stands on the mapping's page.
Level = Literal["error", "warning", "note"]
LEVELS: tuple[Level, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Rule:
    """How bad a finding is, and what it means."""

    level: Level
    means: str


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding: its rule, the place in the manifest, one sentence."""

    rule: str
    place: Place
    message: str

    @property
    def level(self) -> Level:
        """How bad it is."""
        return RULES[self.rule].level


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "array-mismatch": Rule("error", "the lists that a field goes through on both sides don't belong together"),
        "back-required-unmapped": Rule("warning", "the way back leaves out what the source's schema requires"),
        "cel-invalid": Rule("error", "an expression can't be read"),
        "cel-name": Rule("error", "an expression asks for a name that the field does not give it"),
        "currency-case": Rule("error", "the schema spells currencies otherwise than the transform says"),
        "enum-extra": Rule("warning", "a table has a value that the schema does not have"),
        "enum-lossy": Rule("note", "several values become one, so that the way back can't tell them apart"),
        "enum-open": Rule("note", "the schema does not list its values, so nobody can say whether the table has all"),
        "enum-uncovered": Rule("error", "a value of the schema has neither a target nor a stated default"),
        "example-fails": Rule(
            "warning", "an example of the source's schema can't be mapped, or the result is not valid"
        ),
        "format-mismatch": Rule("error", "a time or day does not arrive in the form that the target's schema asks for"),
        "format-unverified": Rule("warning", "the target's schema asks for a form of text that nothing promises"),
        "length-unbounded": Rule("note", "the target's schema bounds a text that the source's leaves unbounded"),
        "may-be-missing": Rule(
            "warning", "the target's schema requires what the source may leave out, and no default is said"
        ),
        "money-unnamed": Rule("error", "money needs its currency and its scale: minor_units or money says both"),
        "not-canonical": Rule(
            "error", "a mapping has a canonical object on one side and a system's schema on the other"
        ),
        "path-open": Rule("note", "the schema says nothing of what stands there, so it can't be checked"),
        "path-unknown": Rule("error", "a schema has no such path"),
        "required-unmapped": Rule("error", "no field fills what the target's schema requires"),
        "reverse-missing": Rule("error", "a mapping in both directions does not say how a field goes back"),
        "schema-unreadable": Rule("error", "a schema can't be read, or its format is none that mappings know"),
        "table-unknown": Rule("error", "the mapping has no table of that name"),
        "target-twice": Rule("error", "two fields fill the same place, or one of them a part of it"),
        "too-long": Rule("warning", "a text may be longer than the target allows; truncate cuts it, and says so"),
        "type-mismatch": Rule("error", "a value is of a type that can't stand there"),
        "type-uncertain": Rule("warning", "a value may be of a type that can't stand there"),
        "unit-mismatch": Rule("error", "a number arrives in another unit than the schema says"),
        "unit-unnamed": Rule("error", "one side names a unit and the other does not, and no transform says it"),
        "unit-unverified": Rule("note", "a transform says the unit, and the schema neither confirms nor denies it"),
        "value-not-allowed": Rule("error", "a value arrives that the target's schema does not list"),
        "value-uncertain": Rule("warning", "the target's schema lists its values, and others may arrive"),
        "version-unknown": Rule("error", "the schema has no such version"),
    }
)
