"""Policies judge what is applied, by whatever door it comes."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.controlplane.http.test_gate import API, Bearer, apply, policy  # noqa: F401  apply is a fixture
from tests.registry.schemas.test_versions import ONE, closed, schema

Apply = Callable[..., Any]
OWNED = policy("owned", "deny: '!owner.exists'", "{api.name} has no owner", on="lifecycle-change")
RETIRED = policy(
    "quiet-first",
    "warn: \"lifecycle.to == 'retired' && lifecycle.from == 'deprecated' && !lifecycle.replaced\"",
    "{lifecycle.version} goes without a replacement",
    on="lifecycle-change",
)
ACTIVE = API.replace("retired, dates: {deprecated: 2025-01-01}", "deprecated").replace(", schema: erp-invoice", "")


@pytest.mark.usefixtures("admin")
def test_a_policy_that_denies_refuses_the_apply_and_says_what_a_waiver_needs(apply: Apply) -> None:  # noqa: F811
    apply(OWNED)
    answer = apply(API.replace(", schema: erp-invoice", ""), 422)
    (error,) = answer["errors"]
    assert error["message"].startswith("API 'invoices': policy owned: invoices has no owner (fingerprint ")
    apply(ACTIVE + "---\napiVersion: controlplane/v1\nkind: Team\nmetadata: {name: finance}\nspec: {}\n")


def test_a_policy_that_warns_is_a_warning_of_the_apply(apply: Apply) -> None:  # noqa: F811
    apply(RETIRED)
    apply(ACTIVE)
    answer = apply(ACTIVE.replace("lifecycle: deprecated", "lifecycle: retired"))
    assert any(
        "'invoices' at v1: policy quiet-first: v1 goes without a replacement" in one["message"]
        for one in answer["warnings"]
    )


def test_a_dry_run_says_the_same(client: TestClient, admin: dict[str, str], apply: Apply) -> None:  # noqa: F811
    apply(OWNED)
    sent = client.post("/api/v1/apply?dry_run=true", content=API.replace(", schema: erp-invoice", ""), headers=admin)
    assert sent.status_code == 422
    assert "policy owned" in sent.json()["detail"]


def test_documents_are_judged_when_applied_new_and_changed(apply: Apply) -> None:  # noqa: F811
    apply(policy("names", "deny: \"field.name.matches('[A-Z]')\"", "{field.name} is no snake"))
    assert "netTotal is no snake" in apply(schema(closed(netTotal="string")), 422)["detail"]
    apply(schema(ONE))
    assert "netTotal is no snake" in apply(schema(closed(number="string", netTotal="string")), 422)["detail"]
    apply(schema(ONE, compatibility="FULL"))


def test_a_waiver_of_two_lets_an_apply_pass(
    client: TestClient,
    admin: dict[str, str],
    bearer: Bearer,
    apply: Apply,  # noqa: F811
) -> None:
    apply(schema(ONE))
    apply(policy("owned", "deny: '!owner.exists'", "nobody owns it"))
    broken = schema(closed(number="integer"))
    question = {"subject": "erp-invoice", "document": closed(number="integer")}
    ci = bearer("ci")
    denied = client.post("/api/v1/policy/evaluations", json=question, headers=ci).json()
    assert {one["policy"] for one in denied["findings"]} == {"compatibility", "owned"}
    wish = {
        "subject": "erp-invoice",
        "fingerprints": [one["fingerprint"] for one in denied["findings"]],
        "reason": "agreed with the warehouse",
        "expires": "2026-03-10",
    }
    made = client.post("/api/v1/waivers", json=wish, headers=ci).json()
    assert apply(broken, 422)["errors"]
    approved = client.post(f"/api/v1/waivers/{made['name']}/approval", headers=bearer("architect"))
    assert approved.status_code == 200, approved.text
    answer = apply(broken)
    assert any("waived until 2026-03-10 (in 9 days)" in one["message"] for one in answer["warnings"])
