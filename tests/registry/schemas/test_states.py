import pytest

from registry.audit import chain
from registry.catalogue import schema_changes
from registry.catalogue.export import export
from registry.database import Database
from registry.kinds.schema import SchemaManifest
from registry.manifests.problems import ManifestError
from registry.schemas import states, subjects, versions
from registry.schemas.states import StateError
from tests.registry.schemas.test_versions import NOW, ONE, THREE, TWO, closed, refused, run, schema

BREAKING = closed(number="integer")


def set_state(
    database: Database, version: int, state: str, name: str = "erp-invoice", reason: str | None = None
) -> bool:
    with database.writing() as session:
        manifest = schema_changes.declared(session, name)
        assert isinstance(manifest, SchemaManifest)
        named = states.state_named(state)
        return schema_changes.set_state(session, manifest, version, named, actor="bo", now=NOW, reason=reason)


def standing(database: Database, name: str = "erp-invoice") -> tuple[int | None, list[str]]:
    """The version in force, and the state of each."""
    with database.reading() as session:
        row = subjects.get(session, name)
        assert row is not None
        return row.current, [versions.state(session, name, number) for number in range(1, row.versions + 1)]


def test_a_draft_is_registered_and_binds_nobody(database: Database) -> None:
    run(database, schema(TWO))
    run(database, schema(BREAKING, state="draft"))
    assert standing(database) == (1, ["active", "draft"])
    # What comes next is held to what is in force, not to the draft.
    run(database, schema(THREE))
    assert standing(database) == (3, ["active", "draft", "active"])


def test_a_draft_that_breaks_is_not_published(database: Database) -> None:
    run(database, schema(TWO))
    run(database, schema(BREAKING, state="draft"))
    (problem, *_) = refused(database, schema(BREAKING))
    assert "would break BACKWARD compatibility" in problem
    with pytest.raises(ManifestError, match="would break BACKWARD"):
        set_state(database, 2, "active")
    assert standing(database) == (1, ["active", "draft"])


def test_publishing_puts_a_draft_in_force_and_the_manifest_says_so(database: Database) -> None:
    run(database, schema(TWO))
    run(database, schema(THREE, state="draft"))
    assert set_state(database, 2, "active", reason="reviewed")
    assert standing(database) == (2, ["active", "active"])
    with database.reading() as session:
        exported = export(session)
        entries = [(entry.actor, entry.after, entry.reason) for entry in chain.entries(session, limit=2)]
    assert "draft" not in exported
    assert run(database, exported).kinds == frozenset()
    assert ("bo", {"version": 2, "state": "active"}, None) in entries
    assert not set_state(database, 2, "active")


def test_the_manifest_publishes_too(database: Database) -> None:
    run(database, schema(TWO, state="draft"))
    assert standing(database) == (None, ["draft"])
    run(database, schema(TWO))
    assert standing(database) == (1, ["active"])
    assert refused(database, schema(TWO, state="draft")) == [
        "s.yaml: line 1: this document is version 1 of erp-invoice and active; it can't be a draft again",
    ]


def test_what_is_disabled_binds_nobody_and_may_not_come_back_unasked(database: Database) -> None:
    for document in (ONE, TWO):
        run(database, schema(document, compatibility="NONE"))
    assert set_state(database, 2, "deprecated", reason="Move to version 3")
    assert standing(database) == (2, ["active", "deprecated"])
    assert set_state(database, 2, "disabled")
    assert standing(database) == (1, ["active", "disabled"])
    run(database, schema(closed(number="string", other="string")))
    assert refused(database, schema(TWO, compatibility="NONE")) == [
        "s.yaml: line 1: this document is version 2 of erp-invoice, which is disabled; enable it first",
    ]
    assert set_state(database, 2, "active")
    with database.reading() as session:
        assert chain.verify(session).holds


def test_everything_may_be_disabled(database: Database) -> None:
    run(database, schema(ONE))
    set_state(database, 1, "disabled")
    assert standing(database) == (None, ["disabled"])
    run(database, schema(BREAKING))
    assert standing(database) == (2, ["disabled", "active"])


@pytest.mark.parametrize(
    ("before", "wanted"), [("deprecated", "draft"), ("disabled", "deprecated"), ("active", "draft")]
)
def test_states_follow_one_another(database: Database, before: str, wanted: str) -> None:
    run(database, schema(ONE))
    if before != "active":
        set_state(database, 1, before)
    with pytest.raises(StateError, match=f"version 1 of erp-invoice is {before}; it can become"):
        set_state(database, 1, wanted)


def test_a_state_has_a_name() -> None:
    with pytest.raises(StateError, match="there is no state 'gone'; the states are draft, active"):
        states.state_named("gone")
