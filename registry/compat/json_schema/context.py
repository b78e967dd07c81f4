from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import ALL_TYPES, Node, Place, build_node, common_types, type_of
from registry.compat.json_schema.verdict import Verdict
from registry.compat.model import DocumentError, Level

MAX_STEPS = 60_000
BROKEN = Finding("broken", "", "")


class Context(Protocol):
    """What one keyword's comparison may ask of the whole."""

    def node(self, place: Place) -> Node:
        """The place's keywords, sorted out."""
        ...

    def types(self, place: Place) -> frozenset[str]:
        """The types that valid data can have, its combinators considered (too many rather than too few)."""
        ...

    def inside(self, old: Place, new: Place) -> Iterator[Finding]:
        """The differences of two schemas within the two at hand, if they matter here."""
        ...

    def on_trust(self, old: Place, new: Place) -> Iterator[Finding]:
        """Of two schemas that fit and stand in different places of the documents: only what leaves a doubt."""
        ...

    def fits(self, old: Place, new: Place) -> bool:
        """Whether all that the old schema takes, the new one takes too."""
        ...

    def exactly(self, old: Place, new: Place) -> bool:
        """The same with no allowance at all (content models, defaults): for use below ``not`` and ``if``."""
        ...

    def breaks(self, finding: Finding) -> bool:
        """Whether a finding alone makes the schemas incompatible."""
        ...


Compare = Callable[[Context, Place, Place], Iterator[Finding]]


class Workspace:
    """What all contexts of one comparison share: sorted nodes and a count of steps."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[str, str, str, str], Node] = {}
        self._steps = 0
        self._types: dict[tuple[str, str, str, str], frozenset[str]] = {}

    def node(self, place: Place) -> Node:
        """The place's keywords, sorted out once."""
        node = self._nodes.get(place.key)
        if node is None:
            node = self._nodes[place.key] = build_node(place)
        return node

    def types(self, place: Place) -> frozenset[str]:
        """The types that valid data can have; a schema that leads back to itself is taken to allow all there."""
        node = self.node(place)
        key = node.place.key
        if key not in self._types:
            self._types[key] = ALL_TYPES
            types = node.types
            if node.values is not None:
                types = frozenset(map(type_of, node.values))
            for part in node.all_of:
                types = common_types(types, self.types(part))
            for _, branches in node.sums:
                types = common_types(types, frozenset().union(*map(self.types, branches)))
            self._types[key] = types - {"integer"} if "number" in types else types
        return self._types[key]

    def step(self) -> None:
        """Count one pair of schemas.

        Raises:
            DocumentError: the bound on pairs is passed.
        """
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise DocumentError(
                f"gave up after comparing {MAX_STEPS:,} pairs of schemas: anyOf, oneOf and allOf are nested in one another "
                "with too many branches. Name the shared parts in $defs, or compare the parts one by one"
            )


class _Shares:
    """The part of a context that looks at one schema at a time."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def node(self, place: Place) -> Node:
        """See ``Context``."""
        return self._workspace.node(place)

    def types(self, place: Place) -> frozenset[str]:
        """See ``Context``."""
        return self._workspace.types(place)


class Judge(_Shares):
    """Answers yes or no, remembers, and copes with recursion: a pair that is still open is taken to fit.

    What was found to fit only under that assumption is forgotten again if the assumption fails; what fails, fails for
    good, since assuming more could not have saved it. Pairs that must fit for a pair to fit wait in its queue; only
    combinators, which ask and go on either way, recurse.
    """

    def __init__(self, compare: Compare, verdict: Verdict, workspace: Workspace, *, exact: bool = False) -> None:
        super().__init__(workspace)
        self._compare, self._verdict = compare, verdict
        self._strict = self if exact else Judge(compare, verdict.without_allowances(), workspace, exact=True)
        self._known: dict[object, bool] = {}
        self._open: dict[object, int] = {}  # pair -> how deep the question stands that it is part of
        self._assuming: dict[object, int] = {}  # pair -> the least deep question that its "fits" rests on
        self._questions: list[_Question] = []

    def breaks(self, finding: Finding) -> bool:
        """See ``Context``."""
        return finding is BROKEN or self._verdict.breaks(finding.rule)

    def exactly(self, old: Place, new: Place) -> bool:
        """See ``Context``."""
        return self._strict.fits(old, new)

    def inside(self, old: Place, new: Place) -> Iterator[Finding]:
        """See ``Context``."""
        pair = self._pair(old, new)
        known = self._look_up(pair)
        if known is None:
            self._questions[-1].waiting.append((pair, old, new))
            self._open[pair] = len(self._questions) - 1
        elif not known:
            yield BROKEN

    def on_trust(self, old: Place, new: Place) -> Iterator[Finding]:
        """See ``Context``."""
        yield from self.inside(old, new)

    def fits(self, old: Place, new: Place) -> bool:
        """See ``Context``."""
        pair = self._pair(old, new)
        known = self._look_up(pair)
        return self._explore(pair, old, new) if known is None else known

    def _pair(self, old: Place, new: Place) -> object:
        return self.node(old).place.key, self.node(new).place.key

    def _look_up(self, pair: object) -> bool | None:
        """What is known, or assumed for now; None if the pair has yet to be looked at."""
        if pair in self._known:
            return self._known[pair]
        rests_on = self._open.get(pair, self._assuming.get(pair))
        if rests_on is None:
            return None
        if self._questions:
            self._questions[-1].rests_on(rests_on)
        return True

    def _explore(self, pair: object, old: Place, new: Place) -> bool:
        depth, assumed_before = len(self._questions), len(self._assuming)
        question = _Question([(pair, old, new)], depth)
        self._questions.append(question)
        self._open[pair] = depth
        try:
            failed = self._first_failure(question)
        finally:
            self._questions.pop()
            for one in [one for one, at in self._open.items() if at == depth]:
                del self._open[one]
        if failed is not None:
            self._forget(assumed_before)
            self._known[failed] = self._known[pair] = False
            return False
        if question.lowest < depth:
            self._assuming.update(dict.fromkeys(question.looked_at, question.lowest))
            self._questions[-1].rests_on(question.lowest)
        else:
            proved = [*self._forget(assumed_before), *question.looked_at]
            self._known.update(dict.fromkeys(proved, True))
        return True

    def _first_failure(self, question: _Question) -> object | None:
        while question.waiting:
            pair, old, new = question.waiting.pop()
            self._workspace.step()
            question.looked_at.append(pair)
            if any(map(self.breaks, self._compare(self, old, new))):
                return pair
        return None

    def _forget(self, keep: int) -> list[object]:
        dropped = list(itertools.islice(self._assuming, keep, None))
        for pair in dropped:
            del self._assuming[pair]
        return dropped


@dataclass(slots=True)
class _Question:
    """One pair that is asked about, and those that must fit with it."""

    waiting: list[tuple[object, Place, Place]]
    lowest: int
    looked_at: list[object] = field(default_factory=list)

    def rests_on(self, depth: int) -> None:
        """Note that an open question was taken to be answered with yes."""
        self.lowest = min(self.lowest, depth)


class Reporter(_Shares):
    """Collects every difference once. Pairs found on the way wait in a queue, so that depth costs no stack."""

    def __init__(self, compare: Compare, verdict: Verdict) -> None:
        super().__init__(Workspace())
        self._compare, self._verdict = compare, verdict
        self._judge = Judge(compare, verdict, self._workspace)
        self._waiting: list[tuple[Place, Place, bool]] = []
        self._quiet = False
        self._seen: set[object] = set()

    def breaks(self, finding: Finding) -> bool:
        """See ``Context``."""
        return self._verdict.breaks(finding.rule)

    def exactly(self, old: Place, new: Place) -> bool:
        """See ``Context``."""
        return self._judge.exactly(old, new)

    def fits(self, old: Place, new: Place) -> bool:
        """See ``Context``."""
        return self._judge.fits(old, new)

    def inside(self, old: Place, new: Place) -> Iterator[Finding]:
        """See ``Context``."""
        self._enqueue(old, new, quiet=self._quiet)
        yield from ()

    def on_trust(self, old: Place, new: Place) -> Iterator[Finding]:
        """See ``Context``."""
        self._enqueue(old, new, quiet=True)
        yield from ()

    def _enqueue(self, old: Place, new: Place, *, quiet: bool) -> None:
        pair = (self.node(old).place.key, self.node(new).place.key)
        if pair not in self._seen and (pair, quiet) not in self._seen:
            self._seen.add((pair, quiet) if quiet else pair)
            self._waiting.append((old, new, quiet))

    def findings(self, old: Place, new: Place) -> list[tuple[Finding, Place, Place]]:
        """Every difference once, each beside the two schemas that it was found in."""
        found: dict[tuple[str, str, str, str], tuple[Finding, Place, Place]] = {}
        self._enqueue(old, new, quiet=False)
        while self._waiting:
            one, other, self._quiet = self._waiting.pop()
            self._workspace.step()
            for finding in self._compare(self, one, other):
                if not self._quiet or self._verdict.level(finding.rule) is Level.WARNING:
                    facts = (finding.rule, finding.old_path, finding.new_path, finding.subject)
                    found.setdefault(facts, (finding, self.node(one).place, self.node(other).place))
        return list(found.values())
