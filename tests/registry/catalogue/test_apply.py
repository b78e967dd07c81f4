import threading
from datetime import UTC, datetime, timedelta

import pytest

from registry.audit import chain
from registry.catalogue import read
from registry.catalogue.apply import Plan, apply, plan
from registry.catalogue.export import export
from registry.database import Database
from registry.manifests.parse import parse_manifests
from registry.manifests.problems import ManifestError
from registry.manifests.reader import SourceText

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

COMPANY = """\
apiVersion: controlplane/v1
kind: SLA
metadata: {name: invoice-posting, owner: finance-systems}
spec: {workflow: invoice-to-cash, from: finalized, to: posted, within: PT15M, objective: 0.99, window: P30D}
---
apiVersion: controlplane/v1
kind: Workflow
metadata: {name: invoice-to-cash, title: Invoice to cash, owner: finance-systems, labels: {tier: "1"}}
spec:
  object: invoice
  keys: [{type: stripe.invoice, attribute: stripe.invoice.id}]
  steps:
    - {name: finalized, system: stripe, match: {span: stripe.invoice.finalized}}
    - {name: posted, system: netsuite, match: {span: netsuite.invoice.post, status: ok}}
  completes: [posted]
---
apiVersion: controlplane/v1
kind: System
metadata: {name: stripe, owner: finance-systems}
spec: {category: billing, vendor: Stripe}
---
apiVersion: controlplane/v1
kind: System
metadata: {name: netsuite}
spec: {category: erp}
---
apiVersion: controlplane/v1
kind: Team
metadata: {name: finance-systems}
"""


def run(database: Database, text: str, *, minutes: int = 0, actor: str = "ada") -> Plan:
    with database.writing() as session:
        at = NOW + timedelta(minutes=minutes)
        return apply(session, parse_manifests([SourceText("c.yaml", text.encode())]), actor=actor, now=at, reason="why")


def refused(database: Database, text: str) -> list[str]:
    with pytest.raises(ManifestError) as caught:
        run(database, text)
    return [str(problem) for problem in caught.value.problems]


def names(changes: Plan) -> tuple[list[str], list[str], list[str]]:
    created, changed, unchanged = (
        [f"{change.manifest.kind}/{change.manifest.name}" for change in part]
        for part in (changes.created, changes.changed, changes.unchanged)
    )
    return created, changed, unchanged


ALL = ["SLA/invoice-posting", "Workflow/invoice-to-cash", "System/stripe", "System/netsuite", "Team/finance-systems"]


def test_a_company_in_any_order_at_once(database: Database) -> None:
    done = run(database, COMPANY)
    assert names(done) == (ALL, [], [])
    assert done.kinds == {"SLA", "Workflow", "System", "Team"}
    with database.reading() as session:
        assert [workflow.title for workflow in read.workflows(session)] == ["Invoice to cash"]
        assert [system.name for system in read.systems(session)] == ["netsuite", "stripe"]
        assert [team.name for team in read.teams(session)] == ["finance-systems"]
        assert [sla.spec.within for sla in read.slas(session, "invoice-to-cash")] == [timedelta(minutes=15)]
        assert read.slas(session, "order") == []
        assert read.get(session, "System", "stripe") is not None
        assert read.get(session, "System", "zuora") is None


def test_the_second_time_nothing_happens(database: Database) -> None:
    run(database, COMPANY)
    again = run(database, COMPANY, minutes=5, actor="bob")
    assert names(again) == ([], [], ALL)
    assert again.kinds == frozenset()
    with database.reading() as session:
        row = read.resource(session, "System", "stripe")
        assert row is not None
        assert (row.revision, row.updated_by, row.updated_at) == (1, "ada", NOW)
        assert chain.verify(session).entries == 5


def test_a_change_makes_a_revision_and_an_audit_entry(database: Database) -> None:
    run(database, COMPANY)
    text = COMPANY.replace("category: erp", "category: erp, vendor: Oracle NetSuite")
    assert names(run(database, text, minutes=5, actor="bob"))[1] == ["System/netsuite"]
    with database.reading() as session:
        newest, first = read.revisions(session, "System", "netsuite")
        assert (newest.revision, newest.by, newest.at) == (2, "bob", NOW + timedelta(minutes=5))
        assert first.document is not None
        assert first.document["spec"] == {"category": "erp"}
        (entry,) = chain.entries(session, limit=1)
        assert (entry.actor, entry.action, entry.kind, entry.name) == ("bob", "update", "System", "netsuite")
        assert entry.reason == "why"
        assert entry.before is not None
        assert entry.after is not None
        assert entry.before["spec"] == {"category": "erp"}
        assert entry.after["spec"] == {"category": "erp", "vendor": "Oracle NetSuite"}
        assert chain.verify(session).holds


def test_planning_changes_nothing(database: Database) -> None:
    with database.reading() as session:
        planned = plan(session, parse_manifests([SourceText("", COMPANY.encode())]), today=NOW.date())
        assert names(planned)[0] == ALL
        assert read.page(session) == []


def test_all_or_nothing_with_every_problem_at_its_line(database: Database) -> None:
    text = COMPANY.replace("to: posted", "to: postd").replace("from: finalized", "from: finalised")
    assert refused(database, text) == [
        "c.yaml: line 4: workflow 'invoice-to-cash' has no step 'finalised'; it has finalized, posted",
        "c.yaml: line 4: workflow 'invoice-to-cash' has no step 'postd'; it has finalized, posted",
    ]
    with database.reading() as session:
        assert read.page(session) == []
        assert chain.verify(session).entries == 0


def test_owners_and_systems_that_nobody_declared_are_warnings(database: Database) -> None:
    text = COMPANY.replace("name: netsuite}", "name: netsuit}").replace(
        "name: stripe, owner: finance-systems", "name: stripe, owner: nobody"
    )
    assert [str(warning) for warning in run(database, text).warnings] == [
        "c.yaml: line 14: there is no System 'netsuite'; did you mean netsuit?",
        "c.yaml: line 19: there is no Team 'nobody'; declare it too",
    ]


def test_an_sla_needs_its_workflow(database: Database) -> None:
    sla = COMPANY.split("---\n", maxsplit=1)[0]
    assert refused(database, sla) == ["c.yaml: line 4: there is no Workflow 'invoice-to-cash'; declare it too"]


def test_a_step_that_an_sla_needs_can_not_go(database: Database) -> None:
    run(database, COMPANY)
    workflow = COMPANY.split("---\n")[1].replace("posted", "booked")
    (sentence,) = refused(database, workflow)
    assert sentence.startswith("c.yaml: line 3: SLA 'invoice-posting' would no longer fit: workflow 'invoice-to-cash'")
    assert sentence.endswith("has no step 'posted'; it has finalized, booked")
    sla = COMPANY.split("---\n", maxsplit=1)[0].replace("posted", "booked")
    assert names(run(database, f"{workflow}---\n{sla}"))[1] == ["Workflow/invoice-to-cash", "SLA/invoice-posting"]


def test_a_team_may_change_under_what_it_owns(database: Database) -> None:
    run(database, COMPANY)
    team = COMPANY.split("---\n")[4].replace("}", ", title: Finance}")
    assert names(run(database, team))[1] == ["Team/finance-systems"]


def test_what_is_exported_is_taken_and_changes_nothing(database: Database) -> None:
    assert run(database, COMPANY).created
    with database.reading() as session:
        text = export(session)
        assert export(session, "System").count("kind: System") == 2
        assert "kind: Team" not in export(session, "System")
        assert export(session, "Waiver") == ""
    assert len(names(run(database, text))[2]) == 5
    with database.reading() as session:
        assert export(session) == text


def test_two_at_once_make_one_revision_each(database: Database) -> None:
    run(database, COMPANY)
    text = COMPANY.split("---\n")[3]

    def change(number: int) -> None:
        run(database, text.replace("category: erp", f"category: erp, vendor: V{number}"))

    threads = [threading.Thread(target=change, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert [revision.revision for revision in read.revisions(session, "System", "netsuite")] == [
            7,
            6,
            5,
            4,
            3,
            2,
            1,
        ]
        assert chain.verify(session).entries == 11
        assert chain.verify(session).holds


def test_pages_follow_one_another(database: Database) -> None:
    run(database, COMPANY)
    with database.reading() as session:
        first = read.page(session, limit=3)
        last = read.page(session, limit=3, after=(first[-1].kind, first[-1].name))
        assert [(row.kind, row.name) for row in [*first, *last]] == [
            ("SLA", "invoice-posting"),
            ("System", "netsuite"),
            ("System", "stripe"),
            ("Team", "finance-systems"),
            ("Workflow", "invoice-to-cash"),
        ]
        assert [row.name for row in read.page(session, kind="System", owner="finance-systems")] == ["stripe"]
