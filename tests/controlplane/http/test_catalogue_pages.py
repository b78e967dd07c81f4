"""Editing in the browser: problems with lines, the difference first, and the second of two who edit at once."""

import html
import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from controlplane.state import AppState
from tests.controlplane.http.conftest import BOOTSTRAP
from tests.controlplane.http.test_catalogue import COMPANY, send

HTML = {"Accept": "text/html", "Origin": "http://testserver"}
PAGE = "/catalogue/System/stripe"


@pytest.fixture
def person(client: TestClient, admin: dict[str, str]) -> TestClient:
    """Someone who is signed in, over a company that is declared with a comment."""
    send(
        client,
        COMPANY.replace("kind: System\nmetadata: {name: stripe", "# bills\nkind: System\nmetadata: {name: stripe"),
        admin,
    )
    client.post("/login", data={"secret": BOOTSTRAP}, headers=HTML)
    return client


def form(page: str) -> dict[str, str]:
    """What the page's form would send."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert text
    return fields | {"text": html.unescape(text.group(1))}


def sent(person: TestClient, fields: dict[str, str], action: str, **more: str) -> tuple[int, str]:
    # A browser ends lines with both characters.
    body = fields | {"action": action, "text": fields["text"].replace("\n", "\r\n")} | more
    answer = person.post("/catalogue/edit", data=body, headers=HTML)
    return answer.status_code, answer.headers.get("location") or answer.text


def test_the_difference_is_shown_before_it_is_stored(
    person: TestClient, state: AppState, admin: dict[str, str]
) -> None:
    told: list[frozenset[str]] = []
    state.on_apply.append(told.append)
    fields = form(person.get(f"{PAGE}/edit", headers=HTML).text)
    assert fields["text"].startswith("# bills\n") or "# bills" in fields["text"]
    fields["text"] = fields["text"].replace("billing", "tax  # for now")
    status, page = sent(person, fields, "check")
    assert status == 200
    assert 'class="removed">-   category: billing' in page
    assert 'class="added">+   category: tax  # for now' in page
    assert told == []
    assert sent(person, form(page), "save", reason="moved") == (303, PAGE)
    assert told == [frozenset({"System"})]
    exported = person.get("/api/v1/export?kind=System", headers=admin).text
    assert "# bills" in exported
    assert "category: tax  # for now" in exported
    assert "moved" in person.get("/audit", headers=HTML).text
    history = person.get(f"{PAGE}/history", headers=HTML).text
    assert "Revision 2 changed" in history


def test_problems_come_with_their_lines_and_the_text_stays(person: TestClient) -> None:
    fields = form(person.get(f"{PAGE}/edit", headers=HTML).text)
    fields["text"] = fields["text"].replace("category", "categry")
    status, page = sent(person, fields, "check")
    assert status == 422
    assert "is not a key of System; did you mean category?" in page
    assert re.search(r"line \d+: spec", page)
    assert form(page)["text"] == fields["text"]
    for text, words in (("", "there is no manifest here"), (COMPANY, "edit one at a time"), ("a: [", "not YAML")):
        status, page = sent(person, fields | {"text": text}, "check")
        assert (status, words in page) == (422, True), page
    other = fields["text"].replace("categry", "category").replace("name: stripe", "name: other")
    assert "kind and name stay System stripe" in sent(person, fields | {"text": other}, "save")[1]


@pytest.mark.parametrize("action", ["check", "save"])
def test_the_second_of_two_keeps_their_text_and_sees_what_the_other_changed(
    person: TestClient, admin: dict[str, str], action: str
) -> None:
    mine = form(person.get(f"{PAGE}/edit", headers=HTML).text)
    theirs = dict(mine)
    theirs["text"] = theirs["text"].replace("billing", "erp")
    assert sent(person, theirs, "save")[0] == 303
    mine["text"] = mine["text"].replace("billing", "tax")
    status, page = sent(person, mine, action)
    assert status == 409
    assert "Nothing was stored" in page
    assert 'class="added">+   category: erp' in page.split("Take over")[0]
    again = form(page)
    assert again["text"] == mine["text"]
    assert again["revision"] == "2"
    stored = "/api/v1/catalogue/System/stripe"
    assert person.get(stored, headers=admin).json()["manifest"]["spec"] == {"category": "erp"}
    assert sent(person, again, "save")[0] == 303
    assert person.get(stored, headers=admin).json()["manifest"]["spec"] == {"category": "tax"}


def test_something_new_is_declared_from_an_example(person: TestClient) -> None:
    page = person.get("/catalogue/new?kind=Team", headers=HTML).text
    fields = form(page)
    assert fields["text"].startswith("apiVersion: controlplane/v1\nkind: Team\n")
    fields["text"] = fields["text"].replace("NAME", "sales")
    assert sent(person, fields, "save") == (303, "/catalogue/Team/sales")
    assert sent(person, fields, "save")[0] == 409
    assert person.get("/catalogue/new?kind=Teem", headers=HTML).status_code == 404


def test_removing_needs_that_nothing_names_it(person: TestClient) -> None:
    refused = person.post("/catalogue/Team/finance-systems/removal", data={"revision": "1"}, headers=HTML)
    assert refused.status_code == 409
    assert "names it" in refused.text
    assert person.post(f"{PAGE}/removal", data={"revision": "9"}, headers=HTML).status_code == 409
    done = person.post(f"{PAGE}/removal", data={"revision": "1", "reason": "sold"}, headers=HTML)
    assert (done.status_code, done.headers["location"]) == (303, "/catalogue")
    assert person.get(PAGE, headers=HTML).status_code == 404
    assert "removed it" in person.get(f"{PAGE}/history", headers=HTML).text


def test_who_may_only_look_can_not_edit(
    client: TestClient, admin: dict[str, str], bearer: Callable[[str], dict[str, str]]
) -> None:
    send(client, COMPANY, admin)
    viewer = bearer("viewer") | HTML
    assert client.get(PAGE, headers=viewer).status_code == 200
    assert f"{PAGE}/edit" not in client.get(PAGE, headers=viewer).text
    for path in (f"{PAGE}/edit", "/catalogue/new"):
        assert client.get(path, headers=viewer).status_code == 403
    assert client.post("/catalogue/edit", data={"text": "x"}, headers=viewer).status_code == 403
    assert client.post(f"{PAGE}/removal", data={"revision": "1"}, headers=viewer).status_code == 403


def test_the_map_and_impact_over_rest_where_nothing_is_observed(client: TestClient, admin: dict[str, str]) -> None:
    send(client, COMPANY, admin)
    found = client.get("/api/v1/map", headers=admin).json()
    assert (found["observed"], [one["name"] for one in found["nodes"]]) == (False, ["netsuite", "stripe"])
    assert client.get("/api/v1/map?format=dot", headers=admin).text.startswith("digraph landscape {\n  rankdir=LR;\n")
    picture = client.get("/api/v1/map?format=svg", headers=admin)
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.text.startswith('<svg xmlns="http://www.w3.org/2000/svg" ')
    assert client.get("/api/v1/map?period=soon", headers=admin).status_code == 400
    answer = client.get("/api/v1/impact?of=Team:finance-systems", headers=admin).json()
    assert [(one["kind"], one["name"], one["provenance"]) for one in answer["items"]] == [
        ("System", "netsuite", "declared"),
        ("System", "stripe", "declared"),
    ]
    assert answer["notes"] == ["calls are unknown: this server reads no traces"]
    for query, status in (
        ("of=x", 400),
        ("of=Team:nobody", 404),
        ("of=Teem:x", 404),
        ("of=System:stripe&path=/a", 400),
    ):
        assert client.get(f"/api/v1/impact?{query}", headers=admin).status_code == status


def test_findings_over_rest_and_graphql(client: TestClient, admin: dict[str, str]) -> None:
    send(client, COMPANY, admin)
    found = client.get("/api/v1/findings?check=ownership&limit=1", headers=admin).json()
    assert found["items"][0]["message"] == "its owner finance-systems can't be reached; give the team a contact"
    rest = client.get("/api/v1/findings", params={"check": "ownership", "cursor": found["next_cursor"]}, headers=admin)
    assert [one["name"] for one in rest.json()["items"]] == ["stripe"]
    query = """{ declarations(kind: "System", q: "net") { kind name owner manifest }
        catalogueFindings(check: "ownership", owner: "finance-systems") { level name } }"""
    data = client.post("/graphql", json={"query": query}, headers=admin).json()["data"]
    assert data["declarations"][0]["manifest"]["spec"] == {"category": "erp"}
    assert [one["name"] for one in data["catalogueFindings"]] == ["netsuite", "stripe"]
