"""The map of a small company: who calls what, by which interface, and what of it is shown."""

from collectors.usage.hops import Hop
from policies.impact.graph import Node
from policies.impact.landscape import Choice, Flow, Landscape, landscape, narrowed
from registry.kinds.api import APIManifest
from registry.kinds.system import SystemManifest
from registry.kinds.workflow import WorkflowManifest
from tests.registry.kinds.test_kinds import WORKFLOW, build

CRM, HUB, ERP = (
    build("System", {"category": category, "services": services}, name=name, owner=owner)
    for name, category, services, owner in (
        ("crm", "crm", ["crm-*"], "sales"),
        ("hub", "middleware", [], "platform"),
        ("erp", "erp", [], "finance"),
    )
)
RECORDS = build(
    "API",
    {"system": "erp", "protocol": "rest", "versions": [{"version": "v1"}], "consumers": [{"system": "crm"}]},
    name="records",
)
QUEUE = build("API", {"system": "hub", "protocol": "event", "versions": [{"version": "1"}]}, name="queue")
FLOW = build(
    "Workflow",
    WORKFLOW
    | {
        "steps": [{"name": n, "system": s, "match": {"span": n}} for n, s in (("a", "crm"), ("b", "hub"))],
        "completes": [],
    },
    name="deals",
)
HOPS = (
    Hop("hub", "", "erp.example", "", "records", "v1", 90, 9, 5),
    Hop("hub", "", "erp.example", "", "records", "v1", 10, 0, 7),
    Hop("hub", "crm-1", "", "erp.x", "queue", "1", 4, 0, 5),
    Hop("crm-1", "hub", "", "deals", "", "", 3, 0, 5),
    Hop("crm-1", "", "weather.example", "", "", "", 2, 0, 5),
    Hop("crm-1", "crm-2", "", "", "", "", 2, 0, 5),
    Hop("", "hub", "", "", "", "", 2, 0, 5),
)


def whole(workflow: bool = False) -> Landscape:
    systems = [one for one in (CRM, HUB, ERP) if isinstance(one, SystemManifest)]
    apis = [one for one in (RECORDS, QUEUE) if isinstance(one, APIManifest)]
    flows = [FLOW] if workflow and isinstance(FLOW, WorkflowManifest) else []
    return landscape(systems, apis, flows, HOPS)


def told(found: Landscape) -> list[tuple[str, str, str, str, int, int]]:
    return [
        (flow.source.name, flow.target.name, flow.what, flow.label, flow.calls, flow.errors) for flow in found.flows
    ]


def names(found: Landscape) -> set[str]:
    return {site.node.name for site in found.sites}


def test_calls_go_through_interfaces_and_messages_come_out_of_them() -> None:
    found = whole()
    assert told(found) == [
        ("queue", "crm", "messages", "erp.x", 4, 0),
        ("records", "erp", "offers", "", 0, 0),
        ("crm", "records", "declared", "", 0, 0),
        ("crm", "hub", "messages", "deals", 3, 0),
        ("crm", "weather.example", "calls", "", 2, 0),
        ("hub", "queue", "offers", "", 0, 0),
        ("hub", "records", "calls", "v1", 100, 9),
    ]
    assert next(flow for flow in found.flows if flow.calls == 100).last_at == 7
    assert {site.node: site.note for site in found.sites}[Node("host", "weather.example")] == "host, not declared"


def test_what_is_declared_and_seen_is_shown_once() -> None:
    seen = Hop("crm-1", "", "erp.example", "", "records", "v1", 1, 0, 5)
    apis = [one for one in (RECORDS,) if isinstance(one, APIManifest)]
    systems = [one for one in (CRM,) if isinstance(one, SystemManifest)]
    assert [one[2] for one in told(landscape(systems, apis, [], [seen]))] == ["offers", "calls"]


def test_a_choice_shows_what_was_chosen_with_its_neighbours() -> None:
    assert names(narrowed(whole(), Choice(system="erp"))) == {"erp", "records", "crm", "hub"}
    assert names(narrowed(whole(), Choice(owner="sales"))) == {
        "crm",
        "records",
        "erp",
        "hub",
        "queue",
        "weather.example",
    }
    assert names(narrowed(whole(), Choice(q="weather"))) == {"weather.example", "crm"}
    assert names(narrowed(whole(), Choice(q="nothing"))) == set()
    assert narrowed(whole(), Choice()) == whole()


def test_a_workflow_shows_its_systems_and_its_hops() -> None:
    found = narrowed(whole(workflow=True), Choice(workflow="deals"))
    assert Flow(Node("System", "crm"), Node("System", "hub"), "workflow", "a to b") in found.flows
    assert {"crm", "hub"} <= names(found)
