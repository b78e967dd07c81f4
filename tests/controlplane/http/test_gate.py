"""The gate as a pipeline asks it: policies, several documents, what is kept."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from controlplane.http.rest.policies import Evaluation, Evaluations
from tests.controlplane.http.conftest import Clock, assert_problem
from tests.registry.schemas.test_versions import ONE, TWO, closed, schema

ASK = "/api/v1/policy/evaluations"
Bearer = Callable[[str], dict[str, str]]
API = """
---
apiVersion: controlplane/v1
kind: System
metadata: {name: erp}
spec: {category: erp}
---
apiVersion: controlplane/v1
kind: System
metadata: {name: shop}
spec: {category: internal}
---
apiVersion: controlplane/v1
kind: API
metadata: {name: invoices, owner: finance}
spec:
  system: erp
  protocol: rest
  versions: [{version: v1, lifecycle: retired, dates: {deprecated: 2025-01-01}, schema: erp-invoice}]
  consumers: [{system: shop, purpose: shows invoices}]
"""
BROKEN = closed(number="integer")


def policy(name: str, more: str, message: str = "said so", on: str = "schema-change") -> str:
    head = f"---\napiVersion: controlplane/v1\nkind: Policy\nmetadata: {{name: {name}}}\nspec:\n  on: {on}\n"
    return f"{head}  message: '{message}'\n" + "".join(f"  {line}\n" for line in more.splitlines())


@pytest.fixture
def apply(client: TestClient, admin: dict[str, str]) -> Callable[[str], Any]:
    def send(manifests: str, status: int = 200) -> Any:
        answer = client.post("/api/v1/apply", content=manifests, headers=admin)
        assert answer.status_code == status, answer.text
        return answer.json()

    return send


@pytest.fixture
def subject(apply: Callable[[str], Any]) -> str:
    apply(schema(ONE) + API)
    return "erp-invoice"


def ask(client: TestClient, headers: dict[str, str], **question: Any) -> Any:
    answer = client.post(ASK, json=question, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def said(answer: Any) -> list[tuple[str, str, str]]:
    return [(one["policy"], one["level"], one["message"]) for one in answer["findings"]]


def test_a_policy_denies_with_its_facts_filled_in(
    client: TestClient, admin: dict[str, str], apply: Callable[[str], Any], subject: str
) -> None:
    apply(policy("no-retired", "deny: \"api.lifecycle == 'retired'\"", "{api.name} {api.version} is {api.lifecycle}"))
    answer = ask(client, admin, subject=subject, document=TWO)
    assert answer["verdict"] == "deny"
    assert said(answer) == [("no-retired", "deny", "invoices v1 is retired")]
    assert len(answer["findings"][0]["fingerprint"]) == 16


def test_what_nobody_was_seen_calling_is_unknown_and_no_pass(
    client: TestClient, admin: dict[str, str], apply: Callable[[str], Any], subject: str
) -> None:
    apply(policy("called", "deny: \"api.lifecycle == 'retired' && usage.calls_30d > 0\""))
    answer = ask(client, admin, subject=subject, document=TWO)
    assert answer["verdict"] == "warn"
    ((_, level, message),) = said(answer)
    assert level == "warn"
    assert message.startswith("could not be judged: usage.calls_30d is not known; no call was seen")
    (consumer,) = answer["impact"]["consumers"]
    assert (consumer["name"], consumer["declared"], consumer["status"], consumer["calls_30d"]) == (
        "shop",
        True,
        "unknown",
        None,
    )
    assert "unknown" in answer["impact"]["notes"][0]
    apply(policy("called", "deny: \"api.lifecycle == 'retired' && usage.known && usage.calls_30d > 0\""))
    assert ask(client, admin, subject=subject, document=TWO)["verdict"] == "allow"


def test_a_policy_that_fails_for_another_reason_keeps_its_level(
    client: TestClient, admin: dict[str, str], apply: Callable[[str], Any], subject: str
) -> None:
    apply(policy("broken", "deny: \"context['ticket'] == ''\""))
    answer = ask(client, admin, subject=subject, document=TWO)
    assert said(answer) == [("broken", "deny", "could not be judged: nothing is known of 'ticket'")]
    assert ask(client, admin, subject=subject, document=TWO, context={"ticket": "X-1"})["verdict"] == "allow"


def test_a_policy_is_judged_once_for_each_change_and_field(
    client: TestClient, admin: dict[str, str], apply: Callable[[str], Any], subject: str
) -> None:
    apply(
        policy("names", "warn: \"field.added && field.name.matches('[A-Z]')\"", "{field.name} at {field.path}")
        + policy("strict", "deny: \"change.level == 'breaking'\"", "{change.rule}")
    )
    new = closed(number="integer", dueDate="string", netTotal="string")
    answer = ask(client, admin, subject=subject, document=new)
    assert [one for one in said(answer) if one[0] != "compatibility"] == [
        ("strict", "deny", "type-changed"),
        ("names", "warn", "dueDate at /properties/dueDate"),
        ("names", "warn", "netTotal at /properties/netTotal"),
    ]
    lines = [one["line"] for one in answer["findings"] if one["policy"] == "names"]
    assert all(isinstance(line, int) for line in lines)


def test_a_rollout_records_then_warns_then_denies(
    client: TestClient, admin: dict[str, str], apply: Callable[[str], Any], subject: str, clock: Clock
) -> None:
    days = "rollout: {audit: 2026-03-02, warn: 2026-03-03, deny: 2026-03-04}"
    apply(policy("slow", f"deny: 'true'\n{days}"))
    found = []
    for _ in range(4):
        answer = ask(client, admin, subject=subject, document=TWO)
        found.append((answer["verdict"], [(one["level"], one["stage"]) for one in answer["findings"]]))
        clock.forward(days=1)
    assert found == [
        ("allow", []),
        ("allow", [("allow", "audit")]),
        ("warn", [("warn", None)]),
        ("deny", [("deny", None)]),
    ]


@pytest.mark.parametrize(
    ("scope", "hit"),
    [
        ("{kinds: [Schema]}", True),
        ("{kinds: [API]}", False),
        ("{names: ['erp-*']}", True),
        ("{systems: [erp]}", True),
        ("{systems: [shop]}", False),
        ("{formats: [avro]}", False),
        ("{labels: {tier: one}}", False),
        ("{owners: [finance]}", False),
    ],
)
def test_a_scope_says_what_a_policy_is_for(
    client: TestClient, admin: dict[str, str], apply: Callable[[str], Any], subject: str, scope: str, hit: bool
) -> None:
    apply(policy("scoped", f"warn: 'true'\nscope: {scope}"))
    assert ask(client, admin, subject=subject, document=TWO)["verdict"] == ("warn" if hit else "allow")


def test_several_documents_are_one_call_with_the_worst_verdict(
    client: TestClient, admin: dict[str, str], apply: Callable[[str], Any], subject: str
) -> None:
    apply(schema(ONE, name="other"))
    documents = [{"subject": subject, "document": TWO}, {"subject": "other", "document": BROKEN}]
    answer = ask(client, admin, documents=documents, context={"commit": "abc"})
    assert answer["verdict"] == "deny"
    assert [one["verdict"] for one in answer["evaluations"]] == ["allow", "deny"]
    listed = client.get(ASK, params={"batch": answer["id"]}, headers=admin).json()["items"]
    assert {one["subject"] for one in listed} == {subject, "other"}
    wrong = client.post(ASK, json={"documents": documents, "subject": subject}, headers=admin)
    assert_problem(wrong, 422, "give subject and document, or a list of documents")


def test_equal_questions_have_one_id_and_the_latest_answer(
    client: TestClient, admin: dict[str, str], apply: Callable[[str], Any], subject: str, clock: Clock
) -> None:
    question = {"subject": subject, "document": TWO, "context": {"commit": "abc"}}
    first = ask(client, admin, **question)
    assert ask(client, admin, **question)["id"] == first["id"]
    assert ask(client, admin, **question | {"context": {"commit": "abd"}})["id"] != first["id"]
    assert ask(client, admin, **question | {"document": ONE})["id"] != first["id"]
    clock.forward(days=2)
    apply(policy("late", "deny: 'true'"))
    ask(client, admin, **question)
    kept = client.get(f"{ASK}/{first['id']}", headers=admin).json()
    assert (kept["verdict"], kept["asked"], kept["context"]) == ("deny", 3, {"commit": "abc"})
    assert [turn["verdict"] for turn in kept["history"]] == ["allow", "deny"]
    assert kept["url"].endswith(f"/reviews/evaluations/{first['id']}")


def test_evaluations_are_listed_in_pages_and_forgotten_in_time(
    client: TestClient, admin: dict[str, str], subject: str, clock: Clock
) -> None:
    for number in range(5):
        ask(client, admin, subject=subject, document=TWO, context={"n": number})
        clock.forward(minutes=1)
    page = client.get(ASK, params={"limit": 3}, headers=admin).json()
    rest = client.get(ASK, params={"limit": 3, "cursor": page["next_cursor"]}, headers=admin).json()
    assert [one["context"]["n"] for one in page["items"] + rest["items"]] == [4, 3, 2, 1, 0]
    assert_problem(client.get(f"{ASK}/nothing", headers=admin), 404, "its time of keeping is over")
    clock.forward(days=100)
    ask(client, admin, subject=subject, document=TWO, context={"n": 5})
    assert len(client.get(ASK, headers=admin).json()["items"]) == 6
    clock.forward(days=100)
    ask(client, admin, subject=subject, document=TWO, context={"n": 6})
    assert [one["context"]["n"] for one in client.get(ASK, headers=admin).json()["items"]] == [6, 5]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("deny: \"api.lifecyle == 'x'\"", "at character 5: api has no 'lifecyle'; did you mean lifecycle?"),
        ('deny: "usages.known"', "there is no fact 'usages'; did you mean usage?"),
        ('deny: "mapping.fields > 0"', "mapping is a fact of mapping-change, not of schema-change"),
        ('deny: "api.name =="', "it can't be read"),
        ('deny: "api.name"', "where true or false is wanted"),
        ("deny: \"usage.known > 'x'\"", "types that don't go together"),
        ('deny: "field.required && change.level == api.name"', "judged one by one"),
        ("description: nothing", "needs a condition"),
        ("deny: 'true'\ntests: [{name: a, expect: allow}]", "expected allow, but the policy says deny: said so"),
        ("deny: 'true'\nrollout: {warn: 2026-03-02, deny: 2026-03-01}", "before warn on 2026-03-02"),
        ('deny: "size(changes) > parameters.most"', "there is no parameter 'most'"),
    ],
)
def test_a_policy_that_can_not_work_is_refused_when_saved(apply: Any, more: str, words: str) -> None:
    answer = apply(policy("wrong", more), 422)
    assert any(words in error["message"] for error in answer["errors"]), answer


def test_the_answer_has_the_shape_that_is_described(
    client: TestClient, admin: dict[str, str], apply: Callable[[str], Any], subject: str
) -> None:
    apply(
        policy("names", "warn: \"field.name.matches('[A-Z]')\"")
        + policy("slow", "warn: 'true'\nrollout: {audit: 2026-01-01}")
    )
    answer = ask(client, admin, subject=subject, document=closed(number="integer", dueDate="string"))
    told = Evaluation.model_validate(answer)
    assert told.model_dump(mode="json", by_alias=True) == answer
    both = ask(client, admin, documents=[{"subject": subject, "document": TWO}, {"subject": subject, "document": ONE}])
    assert Evaluations.model_validate(both).model_dump(mode="json", by_alias=True) == both
