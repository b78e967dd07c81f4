"""What goes, what holds it, and what stays of it."""

from dataclasses import replace

import pytest

from registry.audit import chain
from registry.catalogue import read
from registry.catalogue.apply import Plan, apply, plan
from registry.catalogue.conflict import ConflictError
from registry.catalogue.editing import put, take_out
from registry.catalogue.export import export
from registry.catalogue.removal import Scope
from registry.database import Database
from registry.manifests.parse import Located, parse_manifests
from registry.manifests.problems import ManifestError
from registry.manifests.reader import SourceText
from tests.registry.catalogue.test_apply import COMPANY, NOW, run


def located(text: str) -> list[Located]:
    return parse_manifests([SourceText("c.yaml", text.encode())])


def without(kind: str, name: str) -> str:
    parts = [part for part in COMPANY.split("---\n") if f"kind: {kind}\nmetadata: {{name: {name}" not in part]
    assert len(parts) == len(COMPANY.split("---\n")) - 1
    return "---\n".join(parts)


def prune(database: Database, text: str, scope: Scope) -> Plan:
    with database.writing() as session:
        return apply(session, located(text), actor="ada", now=NOW, reason="gone", prune=scope)


def gone(done: Plan) -> list[tuple[str, str]]:
    return [(removal.kind, removal.name) for removal in done.removed]


def test_what_the_files_no_longer_have_goes_and_its_history_stays(database: Database) -> None:
    run(database, COMPANY)
    done = prune(database, without("SLA", "invoice-posting"), Scope(kinds=frozenset({"SLA"})))
    assert gone(done) == [("SLA", "invoice-posting")]
    assert done.kinds == {"SLA"}
    with database.reading() as session:
        assert read.get(session, "SLA", "invoice-posting") is None
        newest, first = read.revisions(session, "SLA", "invoice-posting")
        assert (newest.revision, newest.document, newest.by) == (2, None, "ada")
        assert first.document is not None
        entry = chain.entries(session, limit=1)[0]
        assert (entry.action, entry.kind, entry.name, entry.reason) == ("delete", "SLA", "invoice-posting", "gone")
        assert entry.before == first.document
        assert entry.after is None
        assert chain.verify(session).holds
    run(database, COMPANY)
    with database.reading() as session:
        back = read.resource(session, "SLA", "invoice-posting")
        assert back is not None
        assert back.revision == 3


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(kinds=frozenset({"Workflow", "SLA"}), labels={"tier": "1"}), {("Workflow", "invoice-to-cash")}),
        (Scope(owners=frozenset({"nobody"})), set()),
        (Scope(kinds=frozenset({"System"})), {("System", "netsuite"), ("System", "stripe")}),
        (Scope(kinds=frozenset({"System"}), owners=frozenset({"finance-systems"})), {("System", "stripe")}),
    ],
)
def test_a_scope_is_all_that_is_pruned(database: Database, scope: Scope, expected: set[tuple[str, str]]) -> None:
    run(database, COMPANY)
    team = COMPANY.split("---\n")[-1]
    try:
        with database.reading() as session:
            found = gone(plan(session, located(team), today=NOW.date(), prune=scope))
    except ManifestError as error:
        named = {(str(one).split(" ")[0], str(one).split("'")[1]) for one in error.problems}
        assert named == expected
    else:
        assert set(found) == expected


def test_a_scope_names_something() -> None:
    with pytest.raises(ValueError, match="a kind, an owner or a label"):
        Scope()


def test_what_something_names_does_not_go(database: Database) -> None:
    run(database, COMPANY)
    with pytest.raises(ManifestError, match="can't be removed: SLA 'invoice-posting' names it"):
        prune(database, COMPANY.split("---\n")[-1], Scope(kinds=frozenset({"Workflow"})))
    with pytest.raises(ManifestError, match=r"line 9: System .netsuite. can.t be removed: Workflow"):
        prune(database, COMPANY.split("---\n")[1], Scope(kinds=frozenset({"System"})))
    with database.writing() as session, pytest.raises(ManifestError) as caught:
        take_out(session, "Team", "finance-systems", revision=None, actor="ada", now=NOW)
    assert [str(one).split(": ")[1].split(" names")[0] for one in caught.value.problems] == [
        "SLA 'invoice-posting'",
        "System 'stripe'",
        "Workflow 'invoice-to-cash'",
    ]


def test_what_goes_together_may_name_one_another(database: Database) -> None:
    run(database, COMPANY)
    scope = Scope(kinds=frozenset({"Workflow", "SLA", "System"}))
    assert len(prune(database, COMPANY.split("---\n")[-1], scope).removed) == 4
    with database.reading() as session:
        assert export(session).count("kind:") == 1


def test_the_plan_that_was_agreed_to_is_the_one_that_is_carried_out(database: Database) -> None:
    run(database, COMPANY)
    changed = COMPANY.replace("vendor: Stripe", "vendor: Stripe Inc")
    with database.reading() as session:
        agreed = plan(session, located(changed), today=NOW.date())
    run(database, COMPANY.replace("vendor: Stripe", "vendor: Other"))
    with database.writing() as session, pytest.raises(ConflictError, match="someone else changed the catalogue"):
        apply(session, located(changed), actor="ada", now=NOW, expected=agreed.token)
    with database.writing() as session:
        again = plan(session, located(changed), today=NOW.date())
        assert again.token != agreed.token
        assert len(apply(session, located(changed), actor="ada", now=NOW, expected=again.token).changed) == 1


STRIPE = "apiVersion: controlplane/v1\nkind: System\nmetadata: {name: stripe}\nspec: {category: billing}\n"


def test_the_second_of_two_who_edit_one_thing_gets_a_conflict_and_overwrites_nothing(database: Database) -> None:
    run(database, COMPANY)
    (mine,) = located(STRIPE)
    (theirs,) = located(STRIPE.replace("billing", "erp"))
    with database.writing() as session:
        put(session, theirs, revision=1, actor="bo", now=NOW)
    with database.writing() as session, pytest.raises(ConflictError, match="bo changed System 'stripe'") as caught:
        put(session, mine, revision=1, actor="ada", now=NOW)
    assert caught.value.revision == 2
    with database.writing() as session, pytest.raises(ConflictError):
        take_out(session, "System", "stripe", revision=1, actor="ada", now=NOW)
    with database.reading() as session:
        row = read.resource(session, "System", "stripe")
        assert row is not None
        assert row.spec == {"category": "erp"}


def test_who_declares_something_new_does_not_overwrite_what_came_before(database: Database) -> None:
    (mine,) = located(STRIPE)
    other = replace(mine, manifest=mine.manifest.model_copy())
    with database.writing() as session:
        put(session, mine, revision=0, actor="ada", now=NOW)
    with database.writing() as session, pytest.raises(ConflictError, match="exists by now: ada declared it"):
        put(session, other, revision=0, actor="bo", now=NOW)
    with database.writing() as session:
        assert take_out(session, "System", "stripe", revision=1, actor="bo", now=NOW)
        assert not take_out(session, "System", "stripe", revision=1, actor="bo", now=NOW)
    with database.writing() as session, pytest.raises(ConflictError, match="was removed meanwhile"):
        put(session, other, revision=1, actor="bo", now=NOW)


COMMENTED = """\
# Who bills
apiVersion: controlplane/v1
kind: System
metadata: {name: stripe}
spec:
  category: billing  # since 2024
  # the legal name
  vendor: Stripe Payments
"""


def test_comments_are_kept_exported_and_carried_on(database: Database) -> None:
    run(database, COMMENTED)
    with database.reading() as session:
        text = export(session)
    assert text == COMMENTED.replace("metadata: {name: stripe}", "metadata:\n  name: stripe")
    assert [len(part) for part in (run(database, text).created, run(database, COMMENTED).changed)] == [0, 0]
    as_json = '{"apiVersion": "controlplane/v1", "kind": "System", "metadata": {"name": "stripe"}, "spec": {"category": "erp"}}'
    run(database, as_json)
    with database.reading() as session:
        assert "category: erp  # since 2024\n" in export(session)
        assert "# the legal name\n" in export(session)


def test_a_comment_alone_is_a_change_and_so_is_taking_it_away(database: Database) -> None:
    run(database, STRIPE)
    assert len(run(database, f"# new\n{STRIPE}").changed) == 1
    assert len(run(database, f"# new\n{STRIPE}").unchanged) == 1
    with database.reading() as session:
        assert chain.entries(session, limit=1)[0].action == "comment"
        assert read.revisions(session, "System", "stripe")[0].text == "# new\n" + STRIPE.replace(
            "metadata: {name: stripe}\nspec: {category: billing}",
            "metadata:\n  name: stripe\nspec:\n  category: billing",
        )
    assert len(run(database, STRIPE).changed) == 1
    with database.reading() as session:
        assert "#" not in export(session)
