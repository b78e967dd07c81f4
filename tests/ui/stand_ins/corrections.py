"""What people put right, in a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from registry.access.roles import Principal
from registry.crossref.check import CorrectionError, Statement, check, check_reason
from registry.crossref.models import Correction
from registry.crossref.service import statement_of
from tests.ui.stand_ins.company import WORKFLOW
from ui.services import Crossref


class Corrections:
    """Corrections in a list, said by anyone."""

    def __init__(self) -> None:
        self.rows: list[Correction] = []

    @property
    def gateway(self) -> Crossref:
        return Crossref(standing=lambda _: self.rows, say=self.say, take_back=self.take_back)

    def say(self, who: Principal, workflow: str, said: Sequence[Statement], reason: str) -> None:
        told = check_reason(reason)
        for one in said:
            check(workflow, {kind: True for kind, _ in WORKFLOW.keys}, one, [statement_of(row) for row in self.rows])
            number = len(self.rows) + 1
            self.rows.append(
                Correction(
                    id=f"c{number}", workflow=workflow, action=one.action, key_type=one.key.type, key_value=one.key.value,
                    other_type=one.other.type, other_value=one.other.value, reason=told, created_by=who.name,
                    created_at=datetime(2026, 3, 31, 9, number, tzinfo=UTC),
                )
            )  # fmt: skip

    def take_back(self, _who: Principal, workflow: str, ident: str) -> None:
        kept = [row for row in self.rows if row.id != ident]
        if len(kept) == len(self.rows):
            raise CorrectionError(f"workflow {workflow!r} has no correction {ident!r} (any more)")
        self.rows = kept
