"""A proposed version goes its way: proposed, discussed, decided, published."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from fastapi.testclient import TestClient

from controlplane.state import AppState
from registry.access import tokens
from tests.controlplane.http.conftest import Clock, assert_problem
from tests.controlplane.http.test_gate import BROKEN, apply, policy  # noqa: F401  apply is a fixture
from tests.registry.schemas.test_versions import ONE, TWO, closed, schema

REVIEWS = "/api/v1/reviews"
HEAD = "---\napiVersion: controlplane/v1\n"
TEAMS = f"\n{HEAD}".join(
    (
        "",
        "kind: Team\nmetadata: {name: finance}\nspec: {members: [Fay, Finn, Ada]}",
        "kind: Team\nmetadata: {name: shop}\nspec: {members: [Sam]}",
        "kind: System\nmetadata: {name: erp}\nspec: {category: erp}",
        "kind: System\nmetadata: {name: shop, owner: shop}\nspec: {category: internal}",
    )
)
API = f"""
{HEAD}kind: API
metadata: {{name: invoices, owner: finance}}
spec:
  system: erp
  protocol: rest
  versions: [{{version: v1, schema: erp-invoice}}]
  consumers: [{{system: shop, purpose: shows invoices}}]
"""
Person = Callable[..., dict[str, str]]


@pytest.fixture
def person(state: AppState, clock: Clock) -> Person:
    """Headers of somebody by name."""

    def make(name: str, role: str = "operator") -> dict[str, str]:
        with state.database.writing() as session:
            _, text = tokens.create(session, name=name, role=role, actor="test", now=clock())
        return {"Authorization": f"Bearer {text}"}

    return make


def owned(text: str, **spec: Any) -> str:
    """The schema as finance's."""
    return schema(text, **spec).replace('"name": "erp-invoice"', '"name": "erp-invoice", "owner": "finance"')


@pytest.fixture
def house(apply: Any) -> None:  # noqa: F811
    """A schema of finance whose API shop consumes."""
    apply(owned(ONE) + TEAMS + API)


def call(client: TestClient, method: str, path: str, who: dict[str, str], status: int = 200, **body: Any) -> Any:
    answer = client.request(method, f"{REVIEWS}{path}", json=body or None, headers=who)
    assert answer.status_code == status, answer.text
    return answer.json()


def propose(client: TestClient, who: dict[str, str], document: Any = BROKEN, **more: Any) -> Any:
    body = {"subject": "erp-invoice", "title": "Numbers are figures", "document": document} | more
    return call(client, "POST", "", who, 201, **body)


def vote(
    client: TestClient, who: dict[str, str], ident: int, decision: str = "approve", revision: int = 1, **more: Any
) -> Any:
    return client.post(
        f"{REVIEWS}/{ident}/votes", json={"decision": decision, "revision": revision} | more, headers=who
    )


def waive(client: TestClient, asker: dict[str, str], other: dict[str, str], review: Any) -> None:
    marks = [one["fingerprint"] for one in review["answer"]["findings"] if one["level"] == "deny"]
    wish = {"subject": "erp-invoice", "fingerprints": marks, "reason": "agreed", "expires": "2026-03-20"}
    made = client.post("/api/v1/waivers", json=wish, headers=asker)
    assert made.status_code == 201, made.text
    answer = client.post(f"/api/v1/waivers/{made.json()['name']}/approval", headers=other)
    assert answer.status_code == 200, answer.text


@pytest.mark.usefixtures("house")
def test_a_change_goes_from_proposal_to_publication(client: TestClient, admin: dict[str, str], person: Person) -> None:
    bo, fay, sam, architect = person("Bo"), person("Fay", "finance"), person("Sam"), person("Arch", "architect")
    made = propose(client, bo, why="The ERP counts them.")
    assert (made["id"], made["state"], made["verdict"], made["base"]) == (1, "open", "deny", 1)
    assert (made["due"], made["overdue"]) == ("2026-03-08", False)
    assert [(one["team"], one["because"]) for one in made["needs"]] == [
        ("finance", ["owns the schema erp-invoice"]),
        ("shop", ["owns shop, which is declared as a consumer of invoices"]),
    ]
    assert made["answer"]["impact"]["consumers"][0]["status"] == "unknown"
    call(client, "POST", "/1/comments", sam, 201, text="We parse it.\nGive us a week.")
    assert vote(client, fay, 1).json()["state"] == "open"
    publication: Any = {"json": {"revision": 1}, "headers": architect}
    refused = client.post(f"{REVIEWS}/1/publication", **publication)
    assert_problem(refused, 409, "review 1 is open, so it can't be published; the word of shop is missing")
    assert vote(client, sam, 1).json()["state"] == "approved"
    # What the schema's mode denies is not published because people agree: that takes a waiver of two.
    assert_problem(client.post(f"{REVIEWS}/1/publication", **publication), 409, "would break BACKWARD compatibility")
    assert call(client, "GET", "/1", bo)["state"] == "approved"
    waive(client, bo, architect, made)
    assert_problem(client.post(f"{REVIEWS}/1/publication", json={"revision": 1}, headers=bo), 403, "catalogue:write")
    published = client.post(f"{REVIEWS}/1/publication", **publication).json()
    assert (published["state"], published["published"], published["verdict"]) == ("published", 2, "allow")
    version = client.get("/api/v1/schemas/erp-invoice/versions/2", headers=bo).json()
    assert (version["state"]["state"], version["definition"]) == ("active", BROKEN)
    assert_problem(client.post(f"{REVIEWS}/1/publication", **publication), 409, "review 1 is published")
    assert_problem(vote(client, sam, 1, "refuse", reason="no"), 409, "review 1 is published, so it can't be voted on")
    items = client.get("/api/v1/audit", params={"kind": "Review"}, headers=admin).json()["items"]
    assert [
        (one["action"], one["actor"], (one["before"] or {}).get("state"), one["after"]["state"]) for one in items
    ] == [
        ("publish", "Arch", "approved", "published"),
        ("assess", "Arch", "approved", "approved"),
        ("approve", "Sam", "open", "approved"),
        ("approve", "Fay", "open", "open"),
        ("comment", "Sam", "open", "open"),
        ("open", "Bo", None, "open"),
    ]
    assert items[0]["after"]["version"] == 2
    assert items[-1]["after"]["needs"] == ["finance", "shop"]
    applied = client.get("/api/v1/audit", params={"kind": "Schema", "limit": 1}, headers=admin).json()["items"]
    assert applied[0]["reason"] == "review 1: Numbers are figures"
    assert client.get("/api/v1/audit/verification", headers=admin).json()["holds"] is True


@pytest.mark.usefixtures("house")
def test_the_author_alone_never_suffices(client: TestClient, person: Person) -> None:
    ada, finn = person("Ada", "architect"), person("Finn")
    made = propose(client, ada, TWO)
    assert [one["team"] for one in made["needs"]] == ["finance"]
    own = vote(client, ada, 1).json()
    assert (own["state"], own["needs_another_person"]) == ("open", True)
    assert_problem(
        client.post(f"{REVIEWS}/1/publication", json={"revision": 1}, headers=ada),
        409,
        "nobody but those who proposed it agreed yet",
    )
    waiting = client.get(REVIEWS, params={"mine": "waiting"}, headers=finn).json()["items"]
    assert [one["id"] for one in waiting] == [1]
    assert client.get(REVIEWS, params={"mine": "waiting"}, headers=ada).json()["items"] == []
    assert vote(client, finn, 1).json()["state"] == "approved"


@pytest.mark.usefixtures("house")
def test_an_architect_stands_in_with_a_reason_and_never_for_their_own(client: TestClient, person: Person) -> None:
    ada, architect = person("Ada", "architect"), person("Arch", "architect")
    propose(client, ada)
    assert_problem(vote(client, ada, 1, team="shop", reason="they agreed"), 409, "Ada proposed this, so somebody else")
    assert_problem(vote(client, architect, 1), 409, "name the one to stand in for, and say why")
    assert_problem(vote(client, architect, 1, team="shop"), 409, "to stand in for it, say why")
    assert_problem(vote(client, architect, 1, team="sales", reason="x"), 409, "sales is not asked here")
    assert_problem(vote(client, person("Vic"), 1, team="shop", reason="x"), 409, "Vic is no member of shop")
    assert_problem(vote(client, person("Eve", "viewer"), 1), 403, "reviews:write")
    said = vote(client, architect, 1, team="shop", reason="they are on leave").json()
    assert said["remarks"][-1] == said["remarks"][-1] | {
        "team": "shop",
        "standing_in": True,
        "text": "they are on leave",
    }
    assert_problem(vote(client, architect, 1, team="shop", reason="again"), 409, "approved review 1 for shop already")
    assert vote(client, ada, 1).json()["state"] == "approved"


@pytest.mark.usefixtures("house")
def test_a_refusal_blocks_until_it_is_taken_back_or_the_document_changes(client: TestClient, person: Person) -> None:
    bo, fay, sam = person("Bo"), person("Fay"), person("Sam")
    propose(client, bo)
    assert_problem(vote(client, sam, 1, "refuse"), 409, "a refusal needs a reason")
    assert vote(client, sam, 1, "refuse", reason="we parse text").json()["state"] == "refused"
    assert vote(client, fay, 1).json()["state"] == "refused"
    assert vote(client, sam, 1, "take-back").json()["state"] == "open"
    assert_problem(vote(client, sam, 1, "take-back"), 409, "Sam has no vote on revision 1 of review 1 to take back")
    vote(client, sam, 1, "refuse", reason="still")
    second = closed(number="string", amount="string", note="string")
    assert_problem(
        client.post(f"{REVIEWS}/1/revisions", json={"revision": 1, "document": second}, headers=sam), 409, "only Bo"
    )
    revised = call(client, "POST", "/1/revisions", bo, 201, revision=1, document=second, note="text after all")
    assert (revised["state"], revised["revision"], [one["team"] for one in revised["needs"]]) == (
        "open",
        2,
        ["finance"],
    )
    assert revised["needs"][0]["approved_by"] == []
    assert [(one["person"], one["decision"], one["revision"]) for one in revised["remarks"]] == [
        ("Sam", "refuse", 1),
        ("Fay", "approve", 1),
        ("Sam", "take-back", 1),
        ("Sam", "refuse", 1),
    ]
    assert_problem(vote(client, fay, 1, revision=1), 409, "review 1 was changed meanwhile; look at it again")
    assert vote(client, fay, 1, revision=2).json()["state"] == "approved"
    again = client.post(f"{REVIEWS}/1/revisions", json={"revision": 2, "document": second}, headers=bo)
    assert_problem(again, 409, "revision 2 of review 1 is this very document")


@pytest.mark.usefixtures("house")
def test_what_came_into_force_meanwhile_supersedes_it(client: TestClient, person: Person, apply: Any) -> None:  # noqa: F811
    bo, fay, architect = person("Bo"), person("Fay"), person("Arch", "architect")
    for title in ("one", "other", "third"):
        propose(client, bo, closed(number="string", **{title: "string"}), title=title)
    for ident in (1, 2):
        vote(client, fay, ident)
    call(client, "POST", "/1/publication", architect, revision=1)
    assert [call(client, "GET", f"/{ident}", bo)["state"] for ident in (1, 2, 3)] == [
        "published",
        "superseded",
        "superseded",
    ]
    assert_problem(
        client.post(f"{REVIEWS}/2/publication", json={"revision": 1}, headers=architect), 409, "review 2 is superseded"
    )
    assert_problem(vote(client, fay, 3), 409, "revise it on top of the version that came into force meanwhile")
    both = closed(number="string", one="string", other="string")
    assert call(client, "POST", "/2/revisions", bo, 201, revision=1, document=both)["base"] == 2
    vote(client, fay, 2, revision=2)
    apply(owned(closed(number="string", one="string", by="string")))
    stale = client.post(f"{REVIEWS}/2/publication", json={"revision": 2}, headers=architect)
    assert_problem(stale, 409, "review 2 is superseded")


@pytest.mark.usefixtures("house")
def test_a_policy_that_denies_is_not_voted_away(client: TestClient, person: Person, apply: Any) -> None:  # noqa: F811
    bo, fay, architect = person("Bo"), person("Fay"), person("Arch", "architect")
    propose(client, bo, TWO)
    vote(client, fay, 1)
    apply(policy("no-amounts", "deny: \"field.name == 'amount'\"", "no amounts here"))
    answer = client.post(f"{REVIEWS}/1/publication", json={"revision": 1}, headers=architect)
    assert_problem(answer, 409, "policy no-amounts: no amounts here")
    found = call(client, "GET", "/1", bo)
    assert (found["state"], found["verdict"]) == ("approved", "deny")
    waive(client, bo, architect, found)
    assert call(client, "POST", "/1/publication", architect, revision=1)["published"] == 2


@pytest.mark.usefixtures("house")
def test_whom_it_hurts_is_asked_anew_before_it_counts(client: TestClient, person: Person, apply: Any) -> None:  # noqa: F811
    bo, fay, architect = person("Bo"), person("Fay"), person("Arch", "architect")
    made = propose(client, bo, BROKEN)
    apply(TEAMS.replace("metadata: {name: shop, owner: shop}", "metadata: {name: shop, owner: finance}"))
    waive(client, bo, architect, made)
    assert [one["team"] for one in call(client, "GET", "/1", bo)["needs"]] == ["finance", "shop"]
    said = vote(client, fay, 1).json()
    assert (said["state"], [one["team"] for one in said["needs"]]) == ("approved", ["finance"])
    apply(TEAMS)
    refused = client.post(f"{REVIEWS}/1/publication", json={"revision": 1}, headers=architect)
    assert_problem(refused, 409, "the word of shop is missing")
    assert call(client, "POST", "/1/assessment", architect)["state"] == "open"


@pytest.mark.usefixtures("house")
def test_a_draft_or_what_the_gate_was_asked_can_be_proposed(client: TestClient, person: Person, apply: Any) -> None:  # noqa: F811
    bo, fay, architect = person("Bo"), person("Fay"), person("Arch", "architect")
    apply(owned(TWO, state="draft"))
    made = propose(client, bo, None, version=2)
    assert made["document"] == TWO
    evaluation = made["revisions"][0]["evaluation"]
    other = propose(client, bo, None, evaluation=evaluation)
    assert other["document"] == TWO
    for wrong, words in (
        ({"version": 9}, "has no version 9"),
        ({"evaluation": "abc"}, "there is no evaluation"),
        ({}, "say what is proposed"),
        ({"version": 2, "evaluation": evaluation}, "say what is proposed"),
    ):
        body = {"subject": "erp-invoice", "title": "x"} | wrong
        assert_problem(client.post(REVIEWS, json=body, headers=bo), 422, words)
    for ident in (1, 2):
        vote(client, fay, ident)
    published = call(client, "POST", f"/{made['id']}/publication", architect, revision=1)
    assert published["published"] == 2
    state = client.get("/api/v1/schemas/erp-invoice/versions/2", headers=bo).json()["state"]["state"]
    assert state == "active"


@pytest.mark.usefixtures("house")
def test_lists_know_what_is_due_and_whose(client: TestClient, person: Person, clock: Clock) -> None:
    bo, fay = person("Bo"), person("Fay")
    for number, due in enumerate(("2026-03-20", "2026-03-03", "2026-03-03")):
        propose(client, bo, closed(number="string", **{f"f{number}": "string"}), due=due)

    def idents(who: dict[str, str] = bo, **params: Any) -> list[int]:
        answer = client.get(REVIEWS, params=params, headers=who)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["items"]]

    assert idents() == [2, 3, 1]
    first = client.get(REVIEWS, params={"limit": 2}, headers=bo).json()
    assert idents(limit=2, cursor=first["next_cursor"]) == [1]
    assert idents(due="soon") == [2, 3]
    clock.forward(days=3)
    bo, fay = person("Bo"), person("Fay")
    assert idents(bo, due="overdue") == [2, 3]
    assert client.get(f"{REVIEWS}/2", headers=bo).json()["overdue"] is True
    call(client, "PUT", "/2/due", bo, due="2026-03-30")
    assert idents(bo, due="overdue") == [3]
    assert idents(fay, mine="waiting", due="overdue") == [3]
    assert idents(fay, mine="waiting", limit=1) == [3]
    assert idents(fay, mine="proposed") == []
    assert idents(bo, mine="proposed", state="open") == [3, 1, 2]
    call(client, "POST", "/3/withdrawal", bo, reason="not needed")
    assert idents(bo, due="overdue") == []
    assert idents(bo, state="withdrawn") == [3]
    assert idents(bo, subject="nothing") == []
    assert idents(bo, subject="Ünknown") == []
    assert_problem(client.get(REVIEWS, params={"cursor": first["next_cursor"][:-3]}, headers=bo), 400, "cursor")


@pytest.mark.usefixtures("house")
def test_nothing_is_overwritten_by_who_looked_at_something_else(client: TestClient, person: Person) -> None:
    bo, fay = person("Bo"), person("Fay")
    propose(client, bo, TWO)
    looked = client.get(f"{REVIEWS}/1", headers=fay).headers["etag"]
    call(client, "POST", "/1/comments", bo, 201, text="one more thing")
    late = client.post(
        f"{REVIEWS}/1/votes", json={"decision": "approve", "revision": 1}, headers=fay | {"If-Match": looked}
    )
    assert_problem(late, 412, "review 1 was changed meanwhile")
    done = client.post(
        f"{REVIEWS}/1/votes",
        json={"decision": "approve", "revision": 1},
        headers=fay | {"If-Match": late.headers["etag"]},
    )
    assert done.status_code == 201
    assert_problem(
        client.post(f"{REVIEWS}/1/votes", json={"decision": "approve", "revision": 1}, headers=fay | {"If-Match": "x"}),
        400,
        "If-Match",
    )


@pytest.mark.usefixtures("house")
def test_of_two_who_publish_at_once_one_does(client: TestClient, person: Person) -> None:
    bo, fay, architect = person("Bo"), person("Fay"), person("Arch", "architect")
    propose(client, bo, TWO)
    vote(client, fay, 1)
    statuses: list[int] = []

    def publish() -> None:
        answer = client.post(f"{REVIEWS}/1/publication", json={"revision": 1}, headers=architect)
        statuses.append(answer.status_code)

    racing = [Thread(target=publish) for _ in range(4)]
    for one in racing:
        one.start()
    for one in racing:
        one.join()
    assert sorted(statuses) == [200, 409, 409, 409]
    versions = client.get("/api/v1/schemas/erp-invoice/versions", headers=bo).json()["items"]
    assert [one["version"] for one in versions] == [2, 1]


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"document": "{nope"}, 422, "the document can't be used"),
        ({"document": ONE}, 409, "this is version 1 of erp-invoice as it is in force"),
        ({"subject": "erp-invoce"}, 404, "did you mean erp-invoice?"),
        ({"subject": "\x00"}, 404, "there is no schema"),
        ({"title": " \n "}, 422, "the title is missing"),
        ({"title": "a\x00b"}, 422, "printable"),
        ({"title": "t" * 201}, 422, "at most 200"),
        ({"why": "a\x00b"}, 422, "characters that can't be shown"),
        ({"why": "w" * 5_000}, 422, "at most 4,000"),
        ({"due": "2026-02-28"}, 422, "which is over"),
        ({"due": "2028-02-28"}, 422, "within 366 days"),
        ({"due": "soon"}, 422, "does not fit"),
        ({"more": 1}, 422, "does not fit"),
    ],
)
def test_what_can_not_be_proposed_is_told(
    client: TestClient, person: Person, body: dict[str, Any], status: int, words: str
) -> None:
    wish = {"subject": "erp-invoice", "title": "x", "document": TWO} | body
    assert_problem(client.post(REVIEWS, json=wish, headers=person("Bo")), status, words)
    assert client.get(REVIEWS, headers=person("Bo")).json()["items"] == []


def test_a_review_that_is_not_there_is_not_found(client: TestClient, person: Person) -> None:
    bo = person("Bo")
    assert_problem(client.get(f"{REVIEWS}/7", headers=bo), 404, "there is no review 7")
    assert_problem(vote(client, bo, 7), 404, "there is no review 7")
    assert_problem(client.post(f"{REVIEWS}/7/comments", json={"text": "x"}, headers=bo), 404, "no review 7")
    assert_problem(client.get(f"{REVIEWS}/{2**40}", headers=bo), 422)


@pytest.mark.usefixtures("house")
def test_a_schema_that_is_gone_leaves_its_reviews_readable(
    client: TestClient,
    admin: dict[str, str],
    person: Person,
    apply: Any,  # noqa: F811
) -> None:
    bo, fay = person("Bo"), person("Fay")
    propose(client, bo, TWO)
    apply(API.replace(", schema: erp-invoice", ""))
    gone = client.delete("/api/v1/catalogue/Schema/erp-invoice", headers=admin | {"If-Match": '"1"'})
    assert gone.status_code == 204, gone.text
    assert_problem(vote(client, fay, 1), 409, "the schema erp-invoice is not declared any more")
    assert call(client, "GET", "/1", bo)["document"] == TWO
    assert call(client, "POST", "/1/withdrawal", bo)["state"] == "withdrawn"


@pytest.mark.usefixtures("house")
def test_the_graph_tells_what_rest_tells(client: TestClient, person: Person) -> None:
    bo, sam = person("Bo"), person("Sam")
    propose(client, bo, why="The ERP counts them.")
    call(client, "POST", "/1/comments", sam, 201, text="We parse it.")
    vote(client, sam, 1, "refuse", reason="not yet")

    def ask(query: str, who: dict[str, str] = bo) -> Any:
        answer = client.post("/graphql", json={"query": query}, headers=who).json()
        assert "errors" not in answer, answer
        return answer["data"]

    rest = call(client, "GET", "/1", bo)
    (told,) = ask(
        "{ reviews(states: [refused]) { id state title due overdue base verdict needs { team because refusedBy }"
        " why document answer revisions { number evaluation by } remarks { person decision team text } } }"
    )["reviews"]
    assert told["answer"] == rest["answer"]
    assert (told["state"], told["why"], told["document"]) == ("refused", "The ERP counts them.", BROKEN)
    assert [(one["team"], one["refusedBy"]) for one in told["needs"]] == [("finance", []), ("shop", ["Sam"])]
    assert [(one["person"], one["decision"], one["text"]) for one in told["remarks"]] == [
        ("Sam", None, "We parse it."),
        ("Sam", "refuse", "not yet"),
    ]
    assert ask("{ reviews(mine: waiting) { id } }", sam)["reviews"] == []
    assert ask("{ reviews(mine: proposed) { id } }")["reviews"] == [{"id": 1}]
    assert ask('{ reviews(afterDue: "2026-03-08", afterId: 1) { id } }')["reviews"] == []
    assert ask("{ review(id: 7) { id } }")["review"] is None
    assert ask("{ review(id: 1) { subject } }")["review"] == {"subject": "erp-invoice"}
    wrong = client.post("/graphql", json={"query": "{ reviews(limit: 0) { id } }"}, headers=bo).json()
    assert "limit must be from 1" in wrong["errors"][0]["message"]


@pytest.mark.usefixtures("house")
def test_nobody_is_two_by_a_token_that_they_made(client: TestClient, person: Person) -> None:
    ann, architect = person("Ann", "admin"), person("Arch", "architect")

    def let_in(name: str, role: str) -> dict[str, str]:
        made = client.post("/api/v1/tokens", json={"name": name, "role": role}, headers=ann)
        assert made.status_code == 201, made.text
        return {"Authorization": f"Bearer {made.json()['token']}"}

    fay, other = let_in("Fay", "finance"), let_in("Other", "architect")
    propose(client, ann, TWO)
    said = vote(client, fay, 1).json()
    assert (said["state"], said["needs_another_person"]) == ("open", True)
    assert client.get(REVIEWS, params={"mine": "waiting"}, headers=fay).json()["items"] == []
    refused = vote(client, other, 1, team="finance", reason="they agreed")
    assert_problem(refused, 409, "Ann proposed review 1, and Other was let in by Ann")
    assert vote(client, architect, 1, team="finance", reason="looked at it myself").json()["state"] == "approved"
