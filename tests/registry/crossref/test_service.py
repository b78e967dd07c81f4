from datetime import UTC, datetime

import pytest

from registry.audit import chain
from registry.catalogue.apply import apply
from registry.crossref import service
from registry.crossref.check import ConflictError, CorrectionError, Id, Statement
from registry.crossref.models import Correction
from registry.database import Database
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORKFLOW = b"""\
apiVersion: controlplane/v1
kind: Workflow
metadata: {name: invoice-to-cash}
spec:
  object: invoice
  keys:
    - {type: stripe.invoice, attribute: stripe.invoice.id}
    - {type: netsuite.invoice, attribute: netsuite.invoice.id}
    - {type: stripe.subscription, attribute: stripe.subscription.id, joins: false}
  steps: [{name: finalized, system: stripe, match: {span: finalized}}]
"""
A, B, C = Id("stripe.invoice", "in_1"), Id("netsuite.invoice", "9"), Id("stripe.invoice", "in_2")


@pytest.fixture
def declared(database: Database) -> Database:
    with database.writing() as session:
        apply(session, parse_manifests([SourceText("w.yaml", WORKFLOW)]), actor="ada", now=NOW, reason="")
    return database


def add(database: Database, *new: Statement, workflow: str = "invoice-to-cash") -> list[Correction]:
    with database.writing() as session:
        return service.add(session, workflow, new, reason=" it is ", actor="grace", now=NOW)


def test_a_correction_is_kept_taken_back_and_both_are_in_the_audit_log(declared: Database) -> None:
    (made,) = add(declared, Statement("same", A, B))
    with declared.reading() as session:
        (kept,) = service.standing(session, "invoice-to-cash")
        assert service.standing(session, "other") == []
        assert service.taken_back(session) == []
        assert service.statement_of(kept) == Statement("same", A, B)
        assert (kept.reason, kept.created_by, kept.created_at) == ("it is", "grace", NOW)
    with declared.writing() as session:
        service.remove(session, "invoice-to-cash", made.id, actor="alan", now=NOW)
    with declared.reading() as session:
        assert service.standing(session) == []
        assert [row.id for row in service.taken_back(session)] == [made.id]
        entries = [
            (entry.actor, entry.action, entry.name, entry.before or entry.after)
            for entry in chain.entries(session, kind="Correction")
        ]
        assert chain.verify(session).holds
    said = {"workflow": "invoice-to-cash", "action": "same", "key": str(A), "other": str(B)}
    assert entries == [("alan", "delete", made.id, said), ("grace", "create", made.id, said)]
    assert len(add(declared, Statement("apart", A, B))) == 1


def test_several_statements_are_made_together_or_not_at_all(declared: Database) -> None:
    with pytest.raises(ConflictError):
        add(declared, Statement("same", A, B), Statement("apart", A, B))
    with declared.reading() as session:
        assert service.standing(session) == []
    assert len(add(declared, Statement("apart", A, B), Statement("apart", C, B))) == 2


@pytest.mark.parametrize(
    ("workflow", "said"),
    [("invoice-to-cas", "did you mean invoice-to-cash"), ("x", "there is no workflow 'x'$")],
)
def test_a_workflow_that_is_not_there_is_named(declared: Database, workflow: str, said: str) -> None:
    with pytest.raises(CorrectionError, match=said):
        add(declared, Statement("same", A, B), workflow=workflow)


def test_what_is_not_there_can_not_be_taken_back(declared: Database) -> None:
    (made,) = add(declared, Statement("same", A, B))
    for workflow, ident in (("invoice-to-cash", "none"), ("other", made.id)):
        with declared.writing() as session, pytest.raises(CorrectionError, match="has no correction"):
            service.remove(session, workflow, ident, actor="alan", now=NOW)
