from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from collectors.workflows.definition import Definition, Settles
from controlplane.readings import definition
from policies.gate.impact import readers
from registry.kinds.base import Finding, Manifest
from registry.kinds.find import manifest_kinds
from registry.kinds.sla import SLAManifest
from registry.kinds.team import TeamManifest
from registry.kinds.workflow import WorkflowManifest

WORKFLOW: dict[str, Any] = {
    "object": "invoice",
    "keys": [{"type": "stripe.invoice", "attribute": "stripe.invoice.id"}, {"type": "number", "attribute": "number"}],
    "dimensions": {"entity": "business.entity"},
    "amount": {"value": "invoice.amount", "currency": "invoice.currency"},
    "steps": [
        {"name": "finalized", "system": "stripe", "match": {"span": "stripe.invoice.finalized"}},
        {"name": "paid", "system": "stripe", "match": {"event": "invoice.paid"}},
    ],
    "completes": ["paid"],
}
SLA: dict[str, Any] = {"workflow": "invoice-to-cash", "from": "finalized", "to": "paid", "within": "PT15M"}


def build(kind: str, spec: dict[str, Any], **metadata: Any) -> Manifest:
    document = {"apiVersion": "controlplane/v1", "kind": kind, "metadata": {"name": "it", **metadata}, "spec": spec}
    return manifest_kinds()[kind].model_validate(document, by_alias=True, by_name=False)


def findings(kind: str, spec: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        build(kind, spec)
    (error,) = caught.value.errors()
    found: tuple[Finding, ...] = error["ctx"]["findings"]
    return [(".".join(map(str, finding.path)), finding.message) for finding in found]


def test_every_kind_is_found_by_its_place() -> None:
    kinds = manifest_kinds()
    assert {"SLA", "System", "Team", "Workflow"} <= kinds.keys()
    assert kinds["Workflow"] is WorkflowManifest
    assert list(kinds) == sorted(kinds)


def test_a_workflow_reads_and_says_itself_again() -> None:
    manifest = build("Workflow", WORKFLOW, owner="finance")
    assert isinstance(manifest, WorkflowManifest)
    assert manifest.spec.step_names == ("finalized", "paid")
    assert manifest.as_document()["spec"] == WORKFLOW
    assert [(r.kind, r.name) for r in manifest.references()] == [
        ("Team", "finance"),
        ("System", "stripe"),
        ("System", "stripe"),
    ]


def test_attribute_values_are_compared_as_text() -> None:
    step = {"name": "x", "system": "s", "match": {"attributes": {"code": 200, "retry": True, "why": "a*"}}}
    manifest = build("Workflow", WORKFLOW | {"steps": [step], "completes": []})
    assert isinstance(manifest, WorkflowManifest)
    assert manifest.spec.steps[0].match.attributes == {"code": "200", "retry": "true", "why": "a*"}


def _step(name: str, **match: Any) -> dict[str, Any]:
    return {"name": name, "system": "s", "match": match}


_SETTLED = [_step("finalized", span="f"), _step("paid", span="a") | {"settles": {"amount": "payment.amount"}}]


def test_a_workflow_says_which_attributes_hold_parts() -> None:
    settles = {"amount": "payment.amount", "currency": "payment.currency", "once_per": "number"}
    spec = WORKFLOW | {"steps": [_SETTLED[0], _SETTLED[1] | {"settles": settles}]}
    manifest = build("Workflow", spec)
    assert isinstance(manifest, WorkflowManifest)
    assert manifest.as_document()["spec"]["steps"][1]["settles"] == settles
    finalized, paid = definition(manifest).steps
    assert (finalized.settles, finalized.repeatable) == (None, False)
    assert (paid.settles, paid.repeatable) == (Settles("payment.amount", "payment.currency", "number"), True)
    assert [use.attribute for _, use in readers(["payment", "amount"], [manifest])] == ["payment.amount"]


def test_what_takes_back_is_never_waited_for() -> None:
    back = _step("refunded", span="r") | {"settles": {"amount": "refund.amount", "takes_back": True}}
    manifest = build("Workflow", WORKFLOW | {"steps": [*_SETTLED, back]})
    assert isinstance(manifest, WorkflowManifest)
    assert manifest.as_document()["spec"]["steps"][2]["settles"] == back["settles"]
    _, paid, refunded = definition(manifest).steps
    assert (paid.optional, refunded.optional) == (False, True)
    assert refunded.settles == Settles("refund.amount", takes_back=True)
    pays_out = build("Workflow", WORKFLOW | {"steps": [*_SETTLED, back], "completes": ["refunded"]})
    assert isinstance(pays_out, WorkflowManifest)
    assert not definition(pays_out).steps[2].optional, "a credit note waits for it"
    assert Definition.from_json(definition(manifest).to_json()) == definition(manifest)
    assert "takes_back" not in replace(definition(manifest), steps=(paid,)).to_json()


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        (
            {"keys": [WORKFLOW["keys"][0]] * 2},
            "keys.1.type",
            "key stripe.invoice from stripe.invoice.id is declared twice",
        ),
        ({"steps": [_step("paid", span="a")] * 2}, "steps.1.name", "'paid' is declared twice"),
        ({"steps": [_step("paid")]}, "steps.0.match", "matches everything"),
        ({"steps": [_step("paid", span="a", event="b")]}, "steps.0.match", "a span and an event at once"),
        ({"steps": [_step("paid", kind="server", event="b")]}, "steps.0.match", "events have no kind"),
        ({"completes": ["payed"]}, "completes.0", "'payed' is not a step of this workflow; it has finalized, paid"),
        ({"fails": ["lost"]}, "fails.0", "'lost' is not a step"),
        ({"fails": ["paid"]}, "fails.0", "can't be in both completes and fails"),
        ({"cancels": ["paid"]}, "cancels.0", "can't be in both completes and cancels"),
        ({"reopens": ["lost"]}, "reopens.0", "'lost' is not a step"),
        ({"keys": [{**WORKFLOW["keys"][0], "joins": False}]}, "keys", "no key joins"),
        (
            {"keys": [WORKFLOW["keys"][0], {"type": "stripe.invoice", "attribute": "a", "joins": False}]},
            "keys.1.joins",
            "can't do both",
        ),
        ({"steps": [_step("paid", span="a") | {"after": ["lost"]}]}, "steps.0.after", "'lost' is not a step"),
        ({"steps": [_step("paid", span="a") | {"instead_of": "paid"}]}, "steps.0.instead_of", "can't refer to itself"),
        ({"dimensions": {"state": "a"}}, "dimensions.state", "query parameter"),
        (
            {"steps": [_step("paid", span="a", status="error")]},
            "completes.0",
            "step 'paid' matches errors only, and what failed never completes anything",
        ),
        (
            {"steps": [_step("paid", span="a") | {"after": ["b"]}, _step("b", span="b") | {"after": ["paid"]}]},
            "steps.0.after",
            "step 'paid' comes after 'b', which comes after 'paid'; one of them must give way",
        ),
        (
            {"steps": [_step("paid", span="a") | {"instead_of": "b"}, _step("b", span="b") | {"instead_of": "paid"}]},
            "steps.0.instead_of",
            "step 'paid' stands in for 'b', which stands in for 'paid'; one of them must stand for itself",
        ),
        ({"steps": _SETTLED, "amount": None}, "steps.1.settles", "settles an amount, but the workflow has none"),
        ({"steps": _SETTLED[1:]}, "steps.0.settles", "none can state the whole amount"),
        (
            {"steps": [*_SETTLED[:1], _SETTLED[1] | {"match": {"span": "a", "status": "error"}}], "completes": []},
            "steps.1.settles",
            "step 'paid' matches errors only, and what failed settles nothing",
        ),
        (
            {"steps": [*_SETTLED[:1], _SETTLED[1] | {"settles": {"amount": "a", "once_per": "payment"}}]},
            "steps.1.settles.once_per",
            "'payment' is not a key type of this workflow; it has stripe.invoice, number",
        ),
        (
            {
                "keys": [WORKFLOW["keys"][0]],
                "steps": [*_SETTLED[:1], _SETTLED[1] | {"settles": {"amount": "a", "once_per": "stripe.invoice"}}],
            },
            "steps.1.settles.once_per",
            "all of an object's parts have the same 'stripe.invoice', which joins them, so only the first would count",
        ),
        *(
            ({"steps": _SETTLED, "completes": [], field: ["paid"]}, f"{field}.0", f"it can't be in {field}")
            for field in ("fails", "cancels", "reopens")
        ),
        (
            {"steps": [_step("paid", span="a"), _step("b", span="b") | {"instead_of": "paid", "after": ["paid"]}]},
            "steps.1.after",
            "step 'b' can't come after 'paid': one stands in for the other",
        ),
    ],
)
def test_a_workflow_that_does_not_fit_together(change: dict[str, Any], path: str, words: str) -> None:
    ((where, message),) = findings("Workflow", WORKFLOW | change)
    assert where == path
    assert words in message


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        ({"within": "PT0S"}, "within", "longer than zero"),
        ({"window": "P0D"}, "window", "longer than zero"),
        ({"to": "finalized"}, "to", "between two steps"),
    ],
)
def test_an_sla_that_does_not_fit_together(change: dict[str, Any], path: str, words: str) -> None:
    ((where, message),) = findings("SLA", SLA | change)
    assert where == path
    assert words in message


@pytest.mark.parametrize("objective", [-0.01, 1.01, True, "0.9", float("nan")])
def test_an_objective_is_a_share(objective: object) -> None:
    with pytest.raises(ValidationError):
        build("SLA", SLA | {"objective": objective})


class Shelf:
    def __init__(self, *manifests: Manifest) -> None:
        self.held = {(manifest.kind, manifest.name): manifest for manifest in manifests}

    def get(self, kind: str, name: str) -> Manifest | None:
        return self.held.get((kind, name))

    def version(self, schema: str, number: int) -> str | None:
        return None


def test_an_sla_names_steps_that_its_workflow_has() -> None:
    workflow = build("Workflow", WORKFLOW)
    good, bad = build("SLA", SLA | {"workflow": "it"}), build("SLA", SLA | {"workflow": "it", "to": "posted"})
    assert list(good.disagreements(Shelf(workflow))) == []
    assert list(bad.disagreements(Shelf(workflow))) == [
        Finding(("spec", "to"), "workflow 'it' has no step 'posted'; it has finalized, paid"),
    ]
    assert list(bad.disagreements(Shelf())) == []


def test_an_sla_has_python_names_and_manifest_names() -> None:
    manifest = build("SLA", SLA)
    assert isinstance(manifest, SLAManifest)
    assert manifest.spec.from_ == "finalized"
    assert manifest.as_document()["spec"]["from"] == "finalized"
    with pytest.raises(ValidationError):
        build("SLA", {**SLA, "from_": "finalized"})


def test_a_team_may_say_nothing_but_its_name() -> None:
    manifest = TeamManifest.model_validate({"metadata": {"name": "finance-systems"}})
    assert manifest.title == "finance-systems"
    assert manifest.spec.contacts == ()
    assert findings("Team", {"contacts": [{"name": "Ada"}]}) == [
        ("contacts.0", "a contact needs an email, phone, chat or url"),
    ]


def test_a_team_names_each_of_its_members_once() -> None:
    assert findings("Team", {"members": ["Ada", "Bo", "Ada"]}) == [("members.2", "'Ada' is named twice; keep one")]


@pytest.mark.parametrize("name", ["", "Invoice", "a_b", "a--b", "-a", "a ", "ä", "a" * 101, "a\n"])
def test_names_are_kebab_case(name: str) -> None:
    with pytest.raises(ValidationError):
        build("Team", {}, name=name)
