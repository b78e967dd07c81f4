from registry.catalogue.derived import described_apis
from registry.catalogue.export import export
from registry.database import Database
from tests.registry.schemas.test_operations import EVENTS, HTTP
from tests.registry.schemas.test_versions import run, schema

DECLARED = """\
apiVersion: controlplane/v1
kind: System
metadata: {name: stripe}
spec: {category: billing}
---
apiVersion: controlplane/v1
kind: API
metadata: {name: billing}
spec: {system: stripe, protocol: rest, versions: [{version: v2, schema: billing-api}]}
"""


def test_documents_tell_their_apis_until_somebody_declares_them(database: Database) -> None:
    run(database, schema(HTTP, name="billing-api", form="openapi"))
    run(database, schema(EVENTS, name="events", form="asyncapi"))
    run(database, schema('{"type": "object"}', name="plain"))
    with database.reading() as session:
        billing, events = described_apis(session)
        exported = export(session)
    assert (billing.schema, billing.title, billing.version, billing.protocol) == (
        "billing-api",
        "Billing",
        "2.1.0",
        "rest",
    )
    assert (billing.operations, billing.deprecated) == (3, 1)
    assert (events.protocol, events.operations) == ("event", 1)
    assert "kind: API" not in exported
    assert run(database, exported).kinds == frozenset()
    run(database, DECLARED)
    with database.reading() as session:
        assert [one.schema for one in described_apis(session)] == ["events"]


def test_a_draft_describes_nothing_yet(database: Database) -> None:
    run(database, schema(HTTP, name="billing-api", form="openapi", state="draft"))
    with database.reading() as session:
        assert described_apis(session) == []
