"""Limits on numbers, texts and counts: a tighter one breaks, a looser one doesn't."""

from __future__ import annotations

from registry.compat.json_schema.entry import Entry, entry
from registry.compat.model import Level

_B, _I = Level.BREAKING, Level.INFO

# keyword -> (rule stem, whose number, in words)
_LIMITS = {
    "maxLength": ("max-length", "characters", 20, 10),
    "minLength": ("min-length", "characters", 1, 5),
    "maximum": ("maximum", "as a value", 100, 50),
    "minimum": ("minimum", "as a value", 0, 10),
    "exclusiveMaximum": ("exclusive-maximum", "as a limit itself excluded", 100, 50),
    "exclusiveMinimum": ("exclusive-minimum", "as a limit itself excluded", 0, 10),
    "maxItems": ("max-items", "items", 20, 10),
    "minItems": ("min-items", "items", 1, 5),
    "maxProperties": ("max-properties", "properties", 20, 10),
    "minProperties": ("min-properties", "properties", 1, 5),
}
_WIDEN_FIRST = (
    "Keep the limit for this version, measure whether any data passes the stricter one, tell producers, and tighten in a "
    "new major version."
)


def _limit(keyword: str, stem: str, unit: str, loose: int, tight: int) -> list[Entry]:
    upper = "max" in keyword.lower()
    most = "at most" if upper else "at least"
    beyond = "above" if upper else "below"
    tighter, looser = ("decreased", "increased") if upper else ("increased", "decreased")
    text = f'"{keyword}"'
    return [
        entry(
            f"{stem}-added",
            _B,
            f"The new schema asks for {most} {{new}} {unit} where the old schema has no {text}: "
            f"data {beyond} it, valid until now, will be refused.",
            f"Whoever sends data {beyond} the new limit is refused.",
            _WIDEN_FIRST,
            before="{}",
            after=f'{{"{keyword}": {tight}}}',
        ),
        entry(
            f"{stem}-{tighter}",
            _B,
            f"The new schema asks for {most} {{new}} {unit}, the old schema for {{old}}: "
            f"data between the two, valid until now, will be refused.",
            "Whoever sends data between the old limit and the new one is refused.",
            _WIDEN_FIRST,
            before=f'{{"{keyword}": {loose}}}',
            after=f'{{"{keyword}": {tight}}}',
        ),
        entry(
            f"{stem}-{looser}",
            _I,
            f"The new schema asks for {most} {{new}} {unit}, the old schema for {{old}}: nothing valid is refused.",
            "All that was valid stays valid.",
            before=f'{{"{keyword}": {tight}}}',
            after=f'{{"{keyword}": {loose}}}',
        ),
        entry(
            f"{stem}-removed",
            _I,
            f"The new schema has no {text}; in the old schema it is {{old}}: nothing valid is refused.",
            "All that was valid stays valid.",
            before=f'{{"{keyword}": {tight}}}',
            after="{}",
        ),
    ]


ENTRIES = [
    *(one for keyword, facts in _LIMITS.items() for one in _limit(keyword, *facts)),
    entry(
        "multiple-of-added",
        _B,
        "The new schema takes multiples of {new} only, the old schema any number: other numbers will be refused.",
        "Whoever sends a number that is no multiple is refused.",
        _WIDEN_FIRST,
        before="{}",
        after='{"multipleOf": 5}',
    ),
    entry(
        "multiple-of-expanded",
        _B,
        "The new schema takes multiples of {new} only, the old schema multiples of {old}: those in between will be refused.",
        "A coarser step leaves out numbers that were valid.",
        _WIDEN_FIRST,
        before='{"multipleOf": 5}',
        after='{"multipleOf": 10}',
    ),
    entry(
        "multiple-of-changed",
        _B,
        "The new schema takes multiples of {new}, the old schema multiples of {old}: most of the latter will be refused.",
        "Neither step divides the other, so that most numbers that were valid are not any more.",
        _WIDEN_FIRST,
        before='{"multipleOf": 2}',
        after='{"multipleOf": 3}',
    ),
    entry(
        "multiple-of-reduced",
        _I,
        "The new schema takes multiples of {new}, which includes the old schema's multiples of {old}.",
        "Every multiple of the old step is one of the new step.",
        before='{"multipleOf": 10}',
        after='{"multipleOf": 5}',
    ),
    entry(
        "multiple-of-removed",
        _I,
        "The new schema takes any number, the old schema multiples of {old} only: nothing valid is refused.",
        "All that was valid stays valid.",
        before='{"multipleOf": 5}',
        after="{}",
    ),
    entry(
        "pattern-added",
        _B,
        'The new schema asks for the pattern "{new}", the old schema for none: texts that don\'t match will be refused.',
        "Whoever sends a text that doesn't match is refused.",
        _WIDEN_FIRST,
        before="{}",
        after='{"pattern": "^[A-Z]{2}$"}',
    ),
    entry(
        "pattern-changed",
        _B,
        'The new schema asks for the pattern "{new}", the old schema for "{old}": '
        "texts that match the one and not the other may be refused.",
        "Whether one regular expression covers another can't be told in general, so that a changed one counts as breaking.",
        "If it covers all that was valid, waive this change and say why; else offer a new property beside this one.",
        before='{"pattern": "^[A-Z]{2}$"}',
        after='{"pattern": "^[A-Z]{3}$"}',
    ),
    entry(
        "pattern-removed",
        _I,
        'The new schema asks for no pattern, the old schema for "{old}": nothing valid is refused.',
        "All that was valid stays valid.",
        before='{"pattern": "^[A-Z]{2}$"}',
        after="{}",
    ),
    entry(
        "format-changed",
        Level.WARNING,
        "The new schema names the format {new}, the old schema {old}: validators that enforce formats may refuse data "
        "that was valid.",
        "By the standard a format only informs, but many validators can be told to enforce it.",
        "Find out whether anyone who reads this data enforces formats; if so, treat it as breaking.",
        before='{"type": "string"}',
        after='{"type": "string", "format": "date"}',
    ),
    entry(
        "format-removed",
        _I,
        "The new schema names no format, the old schema {old}: nothing valid is refused.",
        "All that was valid stays valid.",
        before='{"type": "string", "format": "date"}',
        after='{"type": "string"}',
    ),
]
