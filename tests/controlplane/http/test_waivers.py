"""Waivers take two, end, and are seen by every door."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.controlplane.http.conftest import Clock, assert_problem
from tests.controlplane.http.test_gate import ASK, BROKEN, Bearer, apply, policy  # noqa: F401  apply is a fixture
from tests.registry.schemas.test_versions import ONE, TWO, schema

WAIVERS = "/api/v1/waivers"


@pytest.fixture
def denied(client: TestClient, admin: dict[str, str], apply: Any) -> dict[str, Any]:  # noqa: F811
    """A wish to let a breaking change pass."""
    apply(schema(ONE))
    answer = client.post(ASK, json={"subject": "erp-invoice", "document": BROKEN}, headers=admin).json()
    (finding,) = answer["findings"]
    fingerprints = [finding["fingerprint"]]
    return {"subject": "erp-invoice", "fingerprints": fingerprints, "reason": "agreed", "expires": "2026-03-20"}


def verdict(client: TestClient, headers: dict[str, str]) -> Any:
    return client.post(ASK, json={"subject": "erp-invoice", "document": BROKEN}, headers=headers).json()


def make(client: TestClient, headers: dict[str, str], wish: dict[str, Any], **other: Any) -> Any:
    answer = client.post(WAIVERS, json=wish | other, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_what_would_be_denied_passes_once_a_second_person_agrees(
    client: TestClient, bearer: Bearer, denied: dict[str, Any]
) -> None:
    one, other = bearer("architect"), bearer("admin")
    made = make(client, one, denied)
    assert (made["state"], made["requested_by"]) == ("requested", "the architect")
    waiting = verdict(client, one)
    assert waiting["verdict"] == "deny"
    assert "waits for a second person" in waiting["findings"][0]["message"]
    assert "waits for a second person" in waiting["notices"][0]
    approval = f"{WAIVERS}/{made['name']}/approval"
    assert_problem(client.post(approval, headers=one), 409, "so somebody else has to approve it")
    assert_problem(client.post(approval, headers=bearer("operator")), 403, "waivers:write")
    assert client.post(approval, json={"comment": "fine"}, headers=other).json()["state"] == "approved"
    assert_problem(client.post(approval, headers=other), 409, "already")
    passed = verdict(client, one)
    assert passed["verdict"] == "allow"
    (finding,) = passed["findings"]
    assert (finding["level"], finding["would_be"]) == ("allow", "deny")
    assert finding["waiver"].startswith("waived until 2026-03-20 by")
    assert "approved by the admin: agreed" in finding["waiver"]
    assert passed["changes"][0]["waived"] == f"breaking {finding['waiver']}"
    assert [used["name"] for used in passed["waivers"]] == [made["name"]]


def test_a_changed_waiver_is_open_again(client: TestClient, bearer: Bearer, denied: dict[str, Any]) -> None:
    one, other = bearer("architect"), bearer("admin")
    name = make(client, one, denied)["name"]
    client.post(f"{WAIVERS}/{name}/approval", headers=other)
    assert make(client, one, denied)["state"] == "approved"
    assert make(client, one, denied, expires="2026-06-20")["state"] == "requested"
    assert verdict(client, one)["verdict"] == "deny"


def test_what_would_only_be_warned_of_passes_at_once(
    client: TestClient,
    bearer: Bearer,
    apply: Any,  # noqa: F811
    denied: dict[str, Any],
) -> None:
    apply(policy("look", "warn: 'true'"))
    headers = bearer("ci")
    question = {"subject": "erp-invoice", "document": TWO}
    (finding,) = client.post(ASK, json=question, headers=headers).json()["findings"]
    make(client, headers, denied, fingerprints=[finding["fingerprint"]])
    assert client.post(ASK, json=question, headers=headers).json()["verdict"] == "allow"


@pytest.mark.parametrize("how", ["expiry", "withdrawal", "refusal"])
def test_it_counts_no_more_once_it_is_over(
    client: TestClient, bearer: Bearer, denied: dict[str, Any], clock: Clock, how: str
) -> None:
    one, other = bearer("architect"), bearer("admin")
    name = make(client, one, denied)["name"]
    if how != "refusal":
        client.post(f"{WAIVERS}/{name}/approval", headers=other)
        assert verdict(client, one)["verdict"] == "allow"
    if how == "expiry":
        clock.forward(days=19)
        one = bearer("architect")
        assert verdict(client, one)["verdict"] == "allow"  # the last day counts
        assert verdict(client, one)["notices"] == [f"waiver {name} ends in 0 days, on 2026-03-20"]
        clock.forward(days=1)
        words = "expired on 2026-03-20"
    else:
        assert client.post(f"{WAIVERS}/{name}/{how}", headers=other).status_code == 200
        words = f"was {'withdrawn' if how == 'withdrawal' else 'refused'} by the admin"
    one = bearer("architect")
    answer = verdict(client, one)
    assert answer["verdict"] == "deny"
    assert words in answer["findings"][0]["message"]
    state = client.get(f"{WAIVERS}/{name}", headers=one).json()["state"]
    assert state == {"expiry": "expired", "withdrawal": "withdrawn", "refusal": "refused"}[how]


def test_its_end_is_announced_ahead(client: TestClient, bearer: Bearer, denied: dict[str, Any], clock: Clock) -> None:
    one = bearer("architect")
    name = make(client, one, denied)["name"]
    client.post(f"{WAIVERS}/{name}/approval", headers=bearer("admin"))
    assert verdict(client, one)["notices"] == []
    clock.forward(days=6)
    one = bearer("architect")
    answer = verdict(client, one)
    assert answer["notices"] == [f"waiver {name} ends in 13 days, on 2026-03-20"]
    assert "until 2026-03-20 (in 13 days)" in answer["findings"][0]["waiver"]
    assert client.get(f"{WAIVERS}/{name}", headers=one).json()["ends_soon"] is True


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"expires": "2026-02-28"}, "which is over"),
        ({"expires": "2028-01-01"}, "366 days at most: until 2027-03-02"),
        ({"expires": "soon"}, "must be a date"),
        ({"fingerprints": ["nope"]}, "sixteen hex digits"),
        ({"reason": ""}, "reason"),
    ],
)
def test_a_waiver_without_a_sensible_end_reason_or_key_is_refused(
    client: TestClient, admin: dict[str, str], denied: dict[str, Any], other: dict[str, Any], words: str
) -> None:
    answer = client.post(WAIVERS, json=denied | other, headers=admin)
    assert_problem(answer, 422, words)


def test_decisions_are_in_the_audit_log(
    client: TestClient, admin: dict[str, str], bearer: Bearer, denied: dict[str, Any]
) -> None:
    name = make(client, bearer("ci"), denied)["name"]
    client.post(f"{WAIVERS}/{name}/approval", json={"comment": "seen it"}, headers=bearer("architect"))
    items = client.get("/api/v1/audit", params={"kind": "Waiver"}, headers=admin).json()["items"]
    assert [(one["action"], one["actor"], one["reason"]) for one in items] == [
        ("approve", "the architect", "seen it"),
        ("create", "the ci", "agreed"),
    ]
    assert client.get("/api/v1/audit/verification", headers=admin).json()["holds"] is True


def test_waivers_are_listed_what_waits_first(client: TestClient, bearer: Bearer, denied: dict[str, Any]) -> None:
    one = bearer("architect")
    for number in range(3):
        make(client, one, denied, name=f"w{number}", expires=f"2026-04-{10 + number}")
    client.post(f"{WAIVERS}/w0/approval", headers=bearer("admin"))
    page = client.get(WAIVERS, params={"limit": 2}, headers=one).json()
    rest = client.get(WAIVERS, params={"limit": 2, "cursor": page["next_cursor"]}, headers=one).json()
    assert [item["name"] for item in page["items"] + rest["items"]] == ["w1", "w2", "w0"]
    assert [
        item["name"] for item in client.get(WAIVERS, params={"state": "approved"}, headers=one).json()["items"]
    ] == ["w0"]
    assert_problem(client.get(f"{WAIVERS}/w9", headers=one), 404, "there is no waiver 'w9'")
