from __future__ import annotations

from collections.abc import Iterator

from registry.compat.json_schema.context import Compare, Shares, Workspace
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.judge import Judge
from registry.compat.json_schema.node import Place, same
from registry.compat.json_schema.verdict import Verdict
from registry.compat.model import Level


class Reporter(Shares):
    """Collects every difference once. Pairs found on the way wait in a queue, so that depth costs no stack."""

    def __init__(self, compare: Compare, verdict: Verdict, workspace: Workspace) -> None:
        super().__init__(workspace)
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
        if same(old, new):
            return
        pair = (self.node(old).place.key, self.node(new).place.key)
        if pair not in self._seen and (pair, quiet) not in self._seen:
            self._seen.add((pair, quiet) if quiet else pair)
            self._waiting.append((old, new, quiet))

    def findings(self, old: Place, new: Place) -> list[tuple[Finding, Place, Place]]:
        """Every difference once, each beside the two schemas that it was found in; none that was told before."""
        found: dict[tuple[str, str, str, str], tuple[Finding, Place, Place]] = {}
        self._workspace.start()
        self._enqueue(old, new, quiet=False)
        while self._waiting:
            one, other, self._quiet = self._waiting.pop()
            self._workspace.step()
            for finding in self._compare(self, one, other):
                if not self._quiet or self._verdict.level(finding.rule) is Level.WARNING:
                    facts = (finding.rule, finding.old_path, finding.new_path, finding.subject)
                    found.setdefault(facts, (finding, self.node(one).place, self.node(other).place))
        return list(found.values())
