from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from registry.compat.json_schema.context import BROKEN, Compare, Shares, Workspace
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import Place, same
from registry.compat.json_schema.verdict import Verdict


class Judge(Shares):
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
        if same(old, new):
            return
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
        if same(old, new):
            return True
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
