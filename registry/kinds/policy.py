"""Policy: a rule of the house about changes, in CEL over documented facts."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from registry.cel.check import ExpressionError
from registry.cel.condition import Expression, Sentence, read_condition, read_expression, read_sentence
from registry.cel.policy import EACH_ROOTS, LISTS, Compiled, Level
from registry.cel.trying import given_facts
from registry.kinds.base import Finding, Manifest, Name, Part, Reference, Shape, Spec, Text
from registry.kinds.dates import Day

Expr = Annotated[str, StringConstraints(min_length=1, max_length=4_000, strip_whitespace=True)]
Sentences = Annotated[str, StringConstraints(min_length=1, max_length=2_000, strip_whitespace=True)]
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_PARAMETER = Shape(r"[a-z][a-z0-9_]*", "must be lower-case letters, digits and underscores, such as days")
ParameterName = Annotated[str, StringConstraints(max_length=60), AfterValidator(_PARAMETER)]
_STAGES = ("audit", "warn", "deny")


class Scope(Part):
    """What a policy is for. All that is named must hold; of a list, any; ``*`` in a name is any run of characters."""

    kinds: tuple[Literal["API", "Schema", "Mapping"], ...] = ()
    names: tuple[Pattern, ...] = ()
    labels: dict[str, str] = Field(default_factory=dict)
    systems: tuple[Name, ...] = ()
    owners: tuple[Name, ...] = ()
    formats: tuple[str, ...] = ()


class Rollout(Part):
    """From which day a policy is recorded only, warns, and denies; before the first of them it is off."""

    audit: Day | None = None
    warn: Day | None = None
    deny: Day | None = None

    def stage(self, today: date) -> Level | None:
        """How far a finding may go on a day: ``allow`` is recorded only; None before it begins."""
        levels: tuple[tuple[date | None, Level], ...] = (
            (self.deny, "deny"),
            (self.warn, "warn"),
            (self.audit, "allow"),
        )
        return next((level for day, level in levels if day is not None and day <= today), None)


class Example(Part):
    """A case that the policy must judge so: facts (what is left out is empty) and what it says of them."""

    name: Text
    given: dict[str, Any] = Field(default_factory=dict)
    expect: Level


class PolicySpec(Spec):
    """``deny`` and ``warn`` are conditions under which a change is refused or remarked on; ``message`` says why.

    ``tests`` are tried whenever the manifest is read: a policy that fails its own cases is not taken.
    """

    on: Literal["schema-change", "lifecycle-change", "mapping-change"]
    deny: Expr | None = None
    warn: Expr | None = None
    message: Sentences
    remedy: Sentences | None = None
    description: Sentences | None = None
    scope: Scope = Field(default_factory=Scope)
    rollout: Rollout | None = None
    parameters: dict[ParameterName, bool | int | float | str | list[str]] = Field(default_factory=dict)
    identity: tuple[Expr, ...] = ()
    tests: tuple[Example, ...] = ()

    @cached_property
    def compiled(self) -> Compiled:
        """Its expressions, read; the name is the manifest's to give."""
        return Compiled(
            "",
            self.condition("deny"),
            self.condition("warn"),
            self.sentence,
            dict(self.parameters),
            tuple(read_expression(one, self.on, self.parameters) for one in self.identity),
        )

    @property
    def sentence(self) -> Sentence:
        """The message. Raises ``ExpressionError``."""
        return read_sentence(self.message, self.on, self.parameters)

    def condition(self, level: Literal["deny", "warn"]) -> Expression | None:
        """One of the two conditions. Raises ``ExpressionError``."""
        source = self.deny if level == "deny" else self.warn
        return None if source is None else read_condition(source, self.on, self.parameters)

    def inconsistencies(self) -> Iterator[Finding]:
        """Expressions that can't be read or ask for what there is not, a roll-out out of order, cases that fail."""
        if self.deny is None and self.warn is None:
            yield Finding((), "a policy needs a condition: deny, warn or both")
            return
        wrong = list(self._unreadable())
        yield from wrong
        yield from self._rollout_trouble()
        if not wrong:
            yield from self._example_trouble()

    def _unreadable(self) -> Iterator[Finding]:
        for level in ("deny", "warn"):
            try:
                self.condition(level)
            except ExpressionError as error:
                yield Finding((level,), str(error))
        try:
            message = self.sentence
        except ExpressionError as error:
            yield Finding(("message",), str(error))
        else:
            yield from self._stray(message.roots)
        for at, source in enumerate(self.identity):
            try:
                read_expression(source, self.on, self.parameters)
            except ExpressionError as error:
                yield Finding(("identity", at), str(error))

    def _stray(self, in_message: frozenset[str]) -> Iterator[Finding]:
        """More than one fact that is judged one by one, or one that only the message asks for."""
        conditions = [one for one in (self._read("deny"), self._read("warn")) if one is not None]
        asked = frozenset().union(*(one.roots for one in conditions)) & EACH_ROOTS
        if len(asked) > 1:
            lists = ", ".join(LISTS[name] for name in sorted(asked))
            sentence = f"{' and '.join(sorted(asked))} are each judged one by one; ask for one of them, or for {lists}"
            yield Finding((), sentence)
        for name in sorted((in_message & EACH_ROOTS) - asked):
            yield Finding(("message",), f"{name} is judged one by one, but no condition asks for it")

    def _read(self, level: Literal["deny", "warn"]) -> Expression | None:
        try:
            return self.condition(level)
        except ExpressionError:
            return None

    def _rollout_trouble(self) -> Iterator[Finding]:
        if self.rollout is None:
            return
        days = [(name, day) for name in _STAGES if (day := getattr(self.rollout, name)) is not None]
        if not days:
            yield Finding(("rollout",), "a roll-out needs at least one of its days: audit, warn, deny")
        for (earlier, first), (later, then) in pairwise(days):
            if then < first:
                yield Finding(("rollout", later), f"{later} can't begin on {then}, before {earlier} on {first}")

    def _example_trouble(self) -> Iterator[Finding]:
        for at, example in enumerate(self.tests):
            try:
                facts = given_facts(example.given, self.on)
            except ValueError as error:
                yield Finding(("tests", at, "given"), str(error))
                continue
            said = list(self.compiled.judge(facts))
            levels: set[Level] = {one.level for one in said}
            got: Level = "deny" if "deny" in levels else "warn" if "warn" in levels else "allow"
            if got != example.expect:
                why = f": {said[0].message}" if said else ""
                yield Finding(("tests", at, "expect"), f"expected {example.expect}, but the policy says {got}{why}")


class PolicyManifest(Manifest):
    """A rule of the house."""

    kind: Literal["Policy"] = "Policy"
    spec: PolicySpec

    def references(self) -> Iterator[Reference]:
        """The owner, and what its scope names."""
        yield from super().references()
        for field, kind, names in (
            ("systems", "System", self.spec.scope.systems),
            ("owners", "Team", self.spec.scope.owners),
        ):
            for at, name in enumerate(names):
                yield Reference(("spec", "scope", field, at), kind, name, required=False)
