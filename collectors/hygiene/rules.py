"""Rules about attributes, read from a plain document; the first that fits an attribute decides. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, get_args

from collectors.hygiene import patterns
from registry.nearest import nearest

Where = Literal["span", "resource", "event", "link", "status"]
Action = Literal["drop", "hash", "keep"]
EVERYWHERE: tuple[Where, ...] = get_args(Where)
_ACTIONS: tuple[Action, ...] = get_args(Action)
#: Where a rule holds, as sentences have it.
_PLACES: Mapping[Where, str] = {
    "span": "spans", "resource": "resources", "event": "events", "link": "links", "status": "status messages",
}  # fmt: skip
_FIELDS = ("attribute", "value", "pattern", "where", "action")
#: Names that are remembered with the rules that may fit them.
_MOST_NAMES = 10_000


class RulesError(ValueError):
    """Rules that can't be used; one line that says which and why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens to an attribute whose name fits and whose value passes the test, where there is one."""

    attribute: str
    action: Action
    where: tuple[Where, ...] = EVERYWHERE
    value: str = ""
    pattern: str = ""

    @property
    def test(self) -> patterns.Test | None:
        """The test of the value, None if the name alone decides."""
        if self.value:
            return patterns.KNOWN[self.value]
        return patterns.expression(self.pattern) if self.pattern else None

    def means(self, name: str) -> bool:
        """Whether it is about attributes of this name; ``*`` stands for anything, every other character for itself."""
        return re.fullmatch(".*".join(map(re.escape, self.attribute.split("*"))), name, re.DOTALL) is not None

    @property
    def words(self) -> str:
        """The rule as a sentence for people: "drop customer.email* of spans and events"."""
        that = {"email": " that hold a mail address", "card-number": " that hold a card number"}.get(self.value, "")
        that = f" that match {self.pattern}" if self.pattern else that
        name = "all attributes" if self.attribute == "*" else self.attribute
        places = "" if self.where == EVERYWHERE else " of " + " and ".join(_PLACES[one] for one in self.where)
        return f"{self.action} {name}{that}{places}"


class Fitting(NamedTuple):
    """What rules may mean for an attribute of one name.

    Attributes:
        actions: in the rules' order, each with what the value must pass.
        deep: whether a rule names something within it, if it is a map.
    """

    actions: tuple[tuple[Action, patterns.Test | None], ...]
    deep: bool


@dataclass(slots=True)
class Rules:
    """Rules in their order; what they mean for a name is remembered, since names repeat."""

    rules: tuple[Rule, ...] = ()
    _known: dict[Where, dict[str, Fitting | None]] = field(default_factory=lambda: {one: {} for one in EVERYWHERE})

    def known(self, where: Where) -> dict[str, Fitting | None]:
        """What is remembered: None for a name that no rule means."""
        return self._known[where]

    def fitting(self, where: Where, name: str) -> Fitting | None:
        """What rules mean for a name."""
        known = self._known[where]
        return known[name] if name in known else self.learn(where, name)

    def learn(self, where: Where, name: str) -> Fitting | None:
        """Find out what rules mean for a name, and remember it."""
        known = self._known[where]
        if len(known) >= _MOST_NAMES:
            known.clear()
        here = [one for one in self.rules if where in one.where]
        actions = tuple((one.action, one.test) for one in here if one.means(name))
        deep = any(_reaches_into(one.attribute, name) for one in here if one.attribute != "*")
        known[name] = Fitting(actions, deep) if actions or deep else None
        return known[name]

    def about(self, text: str) -> str:
        """Why a text that quotes some attribute is not kept; "" if no rule by values fits it."""
        for one in self.rules:
            if one.action != "keep" and one.test is not None and one.test(text):
                return f"(left out: a rule says {one.words})"
        return ""

    @property
    def hashes(self) -> bool:
        """Whether a key is needed."""
        return any(one.action == "hash" for one in self.rules)


def _reaches_into(attribute: str, name: str) -> bool:
    """Whether a rule's attribute may be the path of something within a map of that name."""
    fixed = attribute.split("*", 1)[0]
    return fixed.startswith(f"{name}.") or ("*" in attribute and f"{name}.".startswith(fixed))


def read(document: object) -> Rules:
    """The rules of ``{"rules": [{"attribute", "value" or "pattern", "where", "action"}, ...]}``.

    Raises:
        RulesError: it is no such document.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("rules"), list):
        raise RulesError("there must be a list `rules`")
    return Rules(tuple(_rule(one, f"rules[{place}]") for place, one in enumerate(document["rules"])))


def _rule(given: Any, path: str) -> Rule:
    if not isinstance(given, Mapping):
        raise RulesError(f"{path} must be an object with an action")
    for name in given:
        if name not in _FIELDS:
            guess = nearest(str(name), _FIELDS)
            raise RulesError(
                f"{path} has no field {name!r}; " + (f"did you mean {guess}?" if guess else _listed(_FIELDS))
            )
    action = given.get("action")
    if action not in _ACTIONS:
        raise RulesError(f"{path}.action must be {_listed(_ACTIONS)}, but is {action!r}")
    value, pattern = _value(given, path)
    name = given.get("attribute", "*")
    if not isinstance(name, str) or not name:
        raise RulesError(f"{path}.attribute must be a name, in which * stands for anything")
    if name == "*" and not value and not pattern:
        raise RulesError(f"{path} fits every attribute there is; say which by attribute, value or pattern")
    return Rule(name, action, _where(given.get("where"), path), value, pattern)


def _value(given: Mapping[str, Any], path: str) -> tuple[str, str]:
    value, pattern = given.get("value", ""), given.get("pattern", "")
    if value and value not in patterns.KNOWN:
        said = f"must be {_listed(patterns.KNOWN)}, but is {value!r}; `pattern` takes an expression"
        raise RulesError(f"{path}.value {said}")
    if value and pattern:
        raise RulesError(f"{path} has both value and pattern; write two rules")
    if not isinstance(pattern, str):
        raise RulesError(f"{path}.pattern must be a text")
    try:
        patterns.expression(pattern)
    except re.error as error:
        raise RulesError(f"{path}.pattern is no regular expression: {error}") from error
    return value, pattern


def _where(given: Any, path: str) -> tuple[Where, ...]:
    if given is None:
        return EVERYWHERE
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list) or not listed or any(one not in EVERYWHERE for one in listed):
        raise RulesError(f"{path}.where must be a list of {_listed(EVERYWHERE)}")
    return tuple(one for one in EVERYWHERE if one in listed)


def _listed(names: Any) -> str:
    return ", ".join(names)
