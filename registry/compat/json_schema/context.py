from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import ALL_TYPES, Node, Place, build_node, common_types, type_of
from registry.compat.json_schema.verdict import Verdict
from registry.compat.model import DocumentError

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
    good, since assuming more could not have saved it.
    """

    def __init__(self, compare: Compare, verdict: Verdict, workspace: Workspace, *, exact: bool = False) -> None:
        super().__init__(workspace)
        self._compare, self._verdict = compare, verdict
        self._strict = self if exact else Judge(compare, verdict.without_allowances(), workspace, exact=True)
        self._known: dict[object, bool] = {}
        self._open: dict[object, int] = {}
        self._assuming: dict[object, int] = {}  # pair -> the lowest open pair that its "fits" rests on
        self._lowest: list[int] = []

    def breaks(self, finding: Finding) -> bool:
        """See ``Context``."""
        return finding is BROKEN or self._verdict.breaks(finding.rule)

    def exactly(self, old: Place, new: Place) -> bool:
        """See ``Context``."""
        return self._strict.fits(old, new)

    def inside(self, old: Place, new: Place) -> Iterator[Finding]:
        """See ``Context``."""
        if not self.fits(old, new):
            yield BROKEN

    def fits(self, old: Place, new: Place) -> bool:
        """See ``Context``."""
        pair = (self.node(old).place.key, self.node(new).place.key)
        if pair in self._known:
            return self._known[pair]
        if pair in self._open:
            self._rests_on(self._open[pair])
            return True
        if pair in self._assuming:
            self._rests_on(self._assuming[pair])
            return True
        return self._explore(pair, old, new)

    def _rests_on(self, depth: int) -> None:
        if self._lowest:
            self._lowest[-1] = min(self._lowest[-1], depth)

    def _explore(self, pair: object, old: Place, new: Place) -> bool:
        self._workspace.step()
        depth, assumed_before = len(self._open), len(self._assuming)
        self._open[pair] = depth
        self._lowest.append(depth)
        try:
            fits = not any(map(self.breaks, self._compare(self, old, new)))
        finally:
            del self._open[pair]
            lowest = self._lowest.pop()
        if not fits:
            self._forget(assumed_before)
            self._known[pair] = False
            return False
        if lowest < depth:
            self._assuming[pair] = lowest
            self._rests_on(lowest)
        else:
            for proved in self._forget(assumed_before):
                self._known[proved] = True
            self._known[pair] = True
        return True

    def _forget(self, keep: int) -> list[object]:
        dropped = list(self._assuming)[keep:]
        for pair in dropped:
            del self._assuming[pair]
        return dropped


class Reporter(_Shares):
    """Collects every difference once. Pairs found on the way wait in a queue, so that depth costs no stack."""

    def __init__(self, compare: Compare, verdict: Verdict) -> None:
        super().__init__(Workspace())
        self._compare, self._verdict = compare, verdict
        self._judge = Judge(compare, verdict, self._workspace)
        self._waiting: list[tuple[Place, Place]] = []
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
        pair = (self.node(old).place.key, self.node(new).place.key)
        if pair not in self._seen:
            self._seen.add(pair)
            self._waiting.append((old, new))
        yield from ()

    def findings(self, old: Place, new: Place) -> list[Finding]:
        """Every difference, in the order of the old document's depth-first walk."""
        found: dict[Finding | str, Finding] = {}
        for _ in self.inside(old, new):
            pass
        while self._waiting:
            pair = self._waiting.pop()
            self._workspace.step()
            for finding in self._compare(self, *pair):
                found.setdefault(repr(finding), finding)
        return list(found.values())
