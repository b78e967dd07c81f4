"""What depends on what, over a small company."""

from collections.abc import Mapping, Sequence

import pytest

from collectors.usage.hops import Hop
from policies.impact.graph import Edge, Node, Reached, reached
from policies.impact.reading import read_graph
from registry.catalogue.apply import apply
from registry.database import Database
from registry.kinds.api import APISpec
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText
from registry.mappings.paths import PathError
from tests.registry.catalogue.test_apply import COMPANY, NOW

MORE = """---
apiVersion: controlplane/v1
kind: Schema
metadata: {name: netsuite-invoice, owner: finance-systems}
spec:
  format: json-schema
  definition:
    type: object
    properties:
      stripe: {type: object, properties: {invoice: {type: object, properties: {id: {type: string}}}}}
      amount: {type: string}
---
apiVersion: controlplane/v1
kind: API
metadata: {name: ledger, title: Ledger, owner: finance-systems}
spec:
  system: netsuite
  protocol: rest
  versions: [{version: v1, schema: netsuite-invoice, calls: [{host: ns.example}]}]
  consumers: [{system: stripe, versions: [v1], purpose: Posting}]
"""
LAST = 1_772_000_000 * 10**9
HOPS = (
    Hop("poster", "", "ns.example", "", "ledger", "v1", 12, 0, LAST),
    Hop("stripe", "", "ns.example", "", "ledger", "v1", 1, 0, LAST),
    Hop("stripe", "netsuite", "", "erp.invoices", "", "", 3, 0, LAST),
    Hop("", "netsuite", "", "", "", "", 9, 0, LAST),
)


def found(database: Database, node: Node, hops: Sequence[Hop] | None = HOPS) -> dict[tuple[str, str], Reached]:
    def hops_of(apis: Mapping[str, APISpec]) -> Sequence[Hop] | None:
        assert list(apis) == ["ledger"]
        return hops

    with database.writing() as session:
        apply(session, parse_manifests([SourceText("", (COMPANY + MORE).encode())]), actor="ada", now=NOW)
        graph = read_graph(session, hops_of, node)
    return {(one.node.kind, one.node.name): one for one in reached(graph.edges, node)}


def told(one: Reached) -> tuple[str, int, str]:
    return one.edge.why, one.hops, one.provenance


def test_from_a_schema_to_whoever_calls_what_it_describes(database: Database) -> None:
    seen = found(database, Node("Schema", "netsuite-invoice"))
    assert told(seen["API", "ledger"]) == ("version v1 is described by it", 1, "declared")
    assert told(seen["System", "stripe"]) == ("is declared as a consumer of v1: Posting", 2, "declared")
    assert told(seen["service", "poster"]) == ("called it v1 12 times in 30 days", 2, "observed")
    assert told(seen["Workflow", "invoice-to-cash"]) == ("step finalized happens in it", 3, "declared")
    assert told(seen["SLA", "invoice-posting"]) == ("is a deadline of it", 4, "declared")


def test_messages_make_the_reader_depend_on_the_sender(database: Database) -> None:
    seen = found(database, Node("System", "stripe"))
    assert told(seen["System", "netsuite"]) == (
        "read its messages from erp.invoices 3 times in 30 days", 1, "observed",
    )  # fmt: skip
    assert told(seen["API", "ledger"]) == ("is offered by it", 2, "observed")


def test_from_a_team_to_all_that_it_owns(database: Database) -> None:
    owned = {key for key, one in found(database, Node("Team", "finance-systems")).items() if one.hops == 1}
    assert owned == {
        ("API", "ledger"), ("SLA", "invoice-posting"), ("Schema", "netsuite-invoice"), ("System", "stripe"),
        ("Workflow", "invoice-to-cash"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("place", "by_name"),
    [
        ("/properties/stripe/properties/invoice/properties/id", True),
        ("stripe.invoice.id", True),
        ("/stripe/invoice/id", True),
        ("/properties/amount", False),
        ("amount", False),
    ],
)
def test_a_field_reaches_the_workflow_that_reads_an_attribute_of_its_name(
    database: Database, place: str, by_name: bool
) -> None:
    seen = found(database, Node("Schema", "netsuite-invoice", place))
    workflow = seen["Workflow", "invoice-to-cash"]
    assert (told(workflow) == ("key stripe.invoice reads stripe.invoice.id", 1, "inferred")) == by_name
    assert told(seen["API", "ledger"]) == ("version v1 is described by it", 2, "declared")


def test_a_path_that_is_none_is_said(database: Database) -> None:
    with pytest.raises(PathError):
        found(database, Node("Schema", "netsuite-invoice", "a..b["))


def test_where_nothing_is_observed_that_is_said(database: Database) -> None:
    found(database, Node("System", "stripe"), ())
    with database.reading() as session:
        assert read_graph(session, lambda _: None).notes == ("calls are unknown: this server reads no traces",)
        assert "does not say that there was none" in read_graph(session, lambda _: ()).notes[0]


def test_a_way_is_as_sure_as_its_least_sure_step_and_circles_end() -> None:
    a, b, c = (Node("System", name) for name in "abc")
    edges = [Edge(b, a, "x", "inferred"), Edge(b, a, "y", "declared"), Edge(c, b, "z", "observed"), Edge(a, c, "w")]
    assert [(one.node.name, one.hops, one.provenance, one.edge.why) for one in reached(edges, a)] == [
        ("b", 1, "declared", "y"),
        ("c", 2, "observed", "z"),
    ]


def test_a_mapping_tells_which_side_it_depends_on(database: Database) -> None:
    mapping = """---
apiVersion: controlplane/v1
kind: Schema
metadata: {name: invoice, owner: finance-systems, labels: {canon: invoice}}
spec: {format: json-schema, definition: {type: object, properties: {amount: {type: string}}}}
---
apiVersion: controlplane/v1
kind: Mapping
metadata: {name: from-erp, owner: finance-systems}
spec:
  source: {system: netsuite, schema: netsuite-invoice}
  target: {schema: invoice}
  fields: [{from: amount, to: amount}]
"""
    with database.writing() as session:
        apply(session, parse_manifests([SourceText("", (COMPANY + MORE + mapping).encode())]), actor="ada", now=NOW)
        edges = read_graph(session, lambda _: ()).edges
    told_of = {
        (edge.on.kind, edge.on.name): edge.why for edge in edges if edge.dependent == Node("Mapping", "from-erp")
    }
    assert told_of == {
        ("Team", "finance-systems"): "is owned by it",
        ("System", "netsuite"): "maps what it sends",
        ("Schema", "netsuite-invoice"): "reads it",
        ("Schema", "invoice"): "fills it",
    }
