"""One compiled expression, and a sentence with expressions in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import cel

from registry.cel.check import ExpressionError, check_names
from registry.cel.facts import OBJECTS, Occasion, roots_on
from registry.cel.functions import OWN
from registry.cel.types import sample

Facts = Mapping[str, Any]
_PLACE = re.compile(r"<input>:(\d+):(\d+): (.*)")
_HOLE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_LONGEST = 4_000


class JudgingError(ValueError):
    """An expression that can't be answered from the facts at hand; one sentence."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was read; ``roots`` are the facts that it asks for."""

    source: str
    program: cel.Program
    roots: frozenset[str]

    def value(self, facts: Facts) -> Any:
        """What it comes to over facts (and parameters). Raises ``JudgingError``."""
        context = {name: facts[name] for name in self.roots if name in facts}
        try:
            return self.program.execute({**context, **OWN})
        except KeyError as error:
            raise JudgingError(f"nothing is known of {error.args[0]!r}") from None
        except TypeError:
            raise JudgingError(_unlike(self, facts)) from None
        except (RuntimeError, ValueError, OverflowError, IndexError, ZeroDivisionError) as error:
            raise JudgingError(str(error).split("\n", 1)[0]) from None

    def holds(self, facts: Facts) -> bool:
        """Whether it is true. Raises ``JudgingError``, also if it comes to anything but true or false."""
        value = self.value(facts)
        if not isinstance(value, bool):
            raise JudgingError(f"it comes to {_plain(value)!r}, where true or false is wanted")
        return value


@lru_cache(maxsize=1_000)
def _compiled(source: str) -> cel.Program:
    return cel.compile(source)


def read_expression(source: str, occasion: Occasion, parameters: Mapping[str, object]) -> Expression:
    """Compile an expression and check the facts that it asks for. Raises ``ExpressionError``."""
    if len(source) > _LONGEST:
        raise ExpressionError(f"it is longer than {_LONGEST:,} characters")
    try:
        program = _compiled(source)
    except ValueError as error:
        raise _syntax(source, str(error)) from None
    check_names(source, occasion, parameters)
    known = {*roots_on(occasion), "parameters"}
    return Expression(source, program, frozenset(program.variables()) & known)


def read_condition(source: str, occasion: Occasion, parameters: Mapping[str, object]) -> Expression:
    """An expression that must come to true or false; it is tried once over made-up facts. Raises ``ExpressionError``."""
    expression = read_expression(source, occasion, parameters)
    made_up = {name: sample(root.type, OBJECTS) for name, root in roots_on(occasion).items()}
    try:
        value = expression.program.execute(
            {**{name: made_up[name] for name in expression.roots if name in made_up}, "parameters": parameters, **OWN}
        )
    except KeyError:
        return expression  # a key of a map, such as an extension, which these made-up facts lack
    except TypeError:
        raise ExpressionError("it compares or combines values of types that don't go together") from None
    except (RuntimeError, ValueError, OverflowError, IndexError, ZeroDivisionError) as error:
        raise ExpressionError(str(error).split("\n", 1)[0]) from None
    if not isinstance(value, bool):
        raise ExpressionError(f"it comes to {_plain(value)!r}, where true or false is wanted")
    return expression


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words with holes for facts: ``{api.name} is still called``."""

    parts: tuple[str | Expression, ...]

    @property
    def roots(self) -> frozenset[str]:
        """The facts that it asks for."""
        return frozenset().union(*(part.roots for part in self.parts if isinstance(part, Expression)))

    def say(self, facts: Facts) -> str:
        """The sentence with its holes filled in; what is not known reads so."""
        return "".join(part if isinstance(part, str) else _said(part, facts) for part in self.parts)


def read_sentence(text: str, occasion: Occasion, parameters: Mapping[str, object]) -> Sentence:
    """A sentence; ``{{`` and ``}}`` are braces of its own. Raises ``ExpressionError``."""
    parts: list[str | Expression] = []
    position = 0
    if set(_HOLE.sub("", text)) & {"{", "}"}:
        raise ExpressionError("a brace has no other to match it; write {{ or }} for one of the sentence's own")
    for hole in _HOLE.finditer(text):
        parts.append(text[position : hole.start()])
        position = hole.end()
        if hole.group(1) is None:
            parts.append(hole.group()[0])
            continue
        try:
            parts.append(read_expression(hole.group(1).strip(), occasion, parameters))
        except ExpressionError as error:
            raise ExpressionError(f"in {hole.group()}: {error.message}", hole.start() + 1) from None
    return Sentence((*parts, text[position:]))


def _said(expression: Expression, facts: Facts) -> str:
    try:
        return _plain(expression.value(facts))
    except JudgingError:
        return "unknown"


def _plain(value: Any) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        moment = value.astimezone(UTC)
        return moment.date().isoformat() if moment.time().isoformat() == "00:00:00" else f"{moment:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or "none"
    return str(value)


def _unlike(expression: Expression, facts: Facts) -> str:
    """Which fact was null where a value was wanted, if that is what happened."""
    unknown = sorted(
        f"{root}.{name}"
        for root in expression.roots
        if isinstance(facts.get(root), dict)
        for name, value in facts[root].items()
        if value is None and re.search(rf"\b{root}\.{name}\b", expression.source)
    )
    if unknown:
        return f"{' and '.join(unknown)} {'is' if len(unknown) == 1 else 'are'} not known"
    return "it compares or combines values of types that don't go together"


def _syntax(source: str, said: str) -> ExpressionError:
    found = _PLACE.search(said)
    if found is None:
        return ExpressionError(said.split("\n", 1)[0])
    line, column, message = int(found[1]), int(found[2]), found[3]
    before = sum(len(one) + 1 for one in source.split("\n")[: line - 1])
    message = re.sub(r"^Syntax error: ", "", message)
    message = re.sub(r" expecting \{.*", "", message).replace("'<EOF>'", "the end")
    return ExpressionError(f"it can't be read: {message}", before + column)
