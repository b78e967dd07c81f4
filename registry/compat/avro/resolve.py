"""Avro's schema resolution as one question: can everything written with one schema be read with another?

Two records that hold one another make the question circular. The answer is the greatest fixed point: a pair of
records is readable unless some pair that it rests on is shown not to be, and then the doubt spreads to all that rest
on it. (Remembering a verdict reached while a pair was still open, as is often done, can leave a wrong "yes" behind.)
"""

from __future__ import annotations

from collections import deque
from typing import Final

from registry.compat.avro.schema import Array, Enum, Field, Fixed, Map, Named, Record, Schema, Union

Pair = tuple[Record, Record]

PROMOTIONS: Final = {
    "int": frozenset({"long", "float", "double"}),
    "long": frozenset({"float", "double"}),
    "float": frozenset({"double"}),
    "string": frozenset({"bytes"}),
    "bytes": frozenset({"string"}),
}


def promotes(writer: str, reader: str) -> bool:
    """Whether values of one primitive type are read as another (int as long, text as bytes, ...)."""
    return reader in PROMOTIONS.get(writer, ())


def names_match(reader: Named, writer: Named) -> bool:
    """Same name without namespace, or the writer's full name is one of the reader's aliases."""
    return reader.name == writer.name or writer.full_name in reader.aliases


def writer_fields(reader: Field, writer: Record) -> list[Field]:
    """The writer's fields that a reader's field stands for, by its name and its aliases: more than one is ambiguous."""
    names = dict.fromkeys((reader.name, *reader.aliases))
    return [writer.by_name[name] for name in names if name in writer.by_name]


def missing_symbols(reader: Enum, writer: Enum) -> list[str]:
    """Symbols that may be in the data and that the reader doesn't know, in the writer's order."""
    known = set(reader.symbols)
    return [symbol for symbol in writer.symbols if symbol not in known]


class Resolution:
    """Answers for one pair of documents; what was found out about a pair of records is kept."""

    def __init__(self) -> None:
        self._askers: dict[Pair, set[Pair]] = {}
        self._unreadable: set[Pair] = set()
        self._open: deque[Pair] = deque()

    def reads(self, reader: Schema, writer: Schema) -> bool:
        """Whether every value of ``writer`` can be read as ``reader``."""
        while True:
            answer = self._probe(reader, writer, None)
            if not self._open:
                return answer
            self._settle()

    def _settle(self) -> None:
        """Judge the pairs that nobody has judged yet, and again those that rested on one found unreadable."""
        while self._open:
            pair = self._open.popleft()
            if pair not in self._unreadable and not self._fields_match(pair):
                self._unreadable.add(pair)
                self._open.extend(self._askers[pair])

    def _probe(self, reader: Schema, writer: Schema, asker: Pair | None) -> bool:
        """The answer as far as it is known: a "no" is final, a "yes" is asked again if what it rests on falls."""
        if isinstance(writer, Union):
            return all(self._probe(reader, branch, asker) for branch in writer.branches)
        if isinstance(reader, Union):
            return any(self._probe(branch, writer, asker) for branch in reader.branches)
        if isinstance(reader, Named) and isinstance(writer, Named):
            return names_match(reader, writer) and self._same_inside(reader, writer, asker)
        match reader, writer:
            case (Array(), Array()):
                return self._probe(reader.items, writer.items, asker)
            case (Map(), Map()):
                return self._probe(reader.values, writer.values, asker)
            case _:
                return reader.kind == writer.kind or promotes(writer.kind, reader.kind)

    def _same_inside(self, reader: Named, writer: Named, asker: Pair | None) -> bool:
        match reader, writer:
            case (Record(), Record()):
                return self._pair((reader, writer), asker)
            case (Enum(), Enum()):
                return reader.default is not None or not missing_symbols(reader, writer)
            case (Fixed(), Fixed()):
                return reader.size == writer.size
            case _:
                return False

    def _pair(self, pair: Pair, asker: Pair | None) -> bool:
        if pair not in self._askers:
            self._askers[pair] = set()
            self._open.append(pair)
        if asker is not None:
            self._askers[pair].add(asker)
        return pair not in self._unreadable

    def _fields_match(self, pair: Pair) -> bool:
        reader, writer = pair
        return all(self._field_matches(field, writer, pair) for field in reader.fields)

    def _field_matches(self, field: Field, writer: Record, pair: Pair) -> bool:
        found = writer_fields(field, writer)
        if not found:
            return field.has_default
        return len(found) == 1 and self._probe(field.type, found[0].type, pair)
