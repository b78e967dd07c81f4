"""The corrections that are taken into account, and the keys that have still to be joined anew because of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from collectors.correlation.corrections import NOTHING, Corrections
from collectors.correlation.round import rejoin
from collectors.store.client import Store
from collectors.workflows.definition import Definition


@dataclass(slots=True)
class Applied:
    """Corrections by workflow."""

    _standing: Mapping[str, Corrections] = field(default_factory=dict)
    _unjoined: defaultdict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))

    def of(self, workflow: str) -> Corrections:
        """What people put right in a workflow, as far as it is taken into account."""
        return self._standing.get(workflow, NOTHING)

    def doubt(self, taken_back: Mapping[str, Corrections]) -> None:
        """What was taken back at some time may not be undone yet, by whoever ended just then."""
        for workflow, corrections in taken_back.items():
            self._unjoined[workflow] |= corrections.touched(NOTHING)

    def change(self, store: Store, definitions: Iterable[Definition], corrections: Mapping[str, Corrections]) -> None:
        """Take changed corrections into account, and join anew what they touch; if that fails it is due again."""
        before, self._standing = self._standing, dict(corrections)
        for workflow in {*before, *corrections}:
            self._unjoined[workflow] |= self.of(workflow).touched(before.get(workflow, NOTHING))
        for definition in definitions:
            if touched := self._unjoined.get(definition.workflow):
                rejoin(store, definition, touched, self.of(definition.workflow))
        self._unjoined.clear()
