"""What people put right about ids, over the wire: it shows at once, stays, and is taken back by name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from tests.collectors.spans import SpanData
from tests.serving import TOKEN, LiveServer
from tests.wire.exporting import exporters, readable

MANIFESTS = """
apiVersion: controlplane/v1
kind: Workflow
metadata: {name: bill-to-books, title: Bill to books}
spec:
  object: bill
  keys:
    - {type: billing.bill, attribute: billing.id}
    - {type: erp.bill, attribute: erp.id}
    - {type: billing.contract, attribute: contract.id, joins: false}
  steps:
    - {name: issued, system: billing, match: {span: bill.issued}}
    - {name: posted, system: erp, match: {span: bill.posted}}
    - {name: paid, system: billing, match: {span: bill.paid}}
"""
INSTANCES = "/api/v1/workflows/bill-to-books/instances"
CORRECTIONS = "/api/v1/workflows/bill-to-books/corrections"
APART = {
    "action": "apart",
    "key": "billing.bill:a",
    "other": "erp.bill:c",
    "reason": "the ERP booked it on another bill",
}


def send(server: LiveServer, spans: Sequence[SpanData]) -> None:
    exporter = exporters(server)[1]
    exporter.export([readable(span) for span in spans])
    exporter.shutdown()


def objects(server: LiveServer) -> list[tuple[list[str], list[str]]]:
    """(values of the keys, steps) of every instance."""
    items = server.get(INSTANCES)["items"]
    return sorted(
        (sorted(key["value"] for key in item["keys"]), [one["step"] for one in item["milestones"]]) for item in items
    )


def test_what_people_put_right_stays_right(own_server: LiveServer) -> None:
    own_server.start()
    own_server.apply(MANIFESTS)
    wrong = SpanData("bill.posted", 1, 20, 1, {"billing.id": "a", "erp.id": "c"})
    send(
        own_server,
        [
            wrong,
            SpanData("bill.issued", 2, 1, 1, {"billing.id": "a"}),
            SpanData("bill.paid", 3, 90, 1, {"erp.id": "c"}),
            SpanData("bill.issued", 4, 5, 1, {"billing.id": "b"}),
        ],
    )
    own_server.until(INSTANCES, lambda answer: sum(len(one["milestones"]) for one in answer["items"]) == 4)
    assert objects(own_server) == [(["a", "c"], ["issued", "posted", "paid"]), (["b"], ["issued"])]

    with own_server.client(own_server.token("finance")) as finance:
        made = finance.post(CORRECTIONS, json=APART)
        assert made.status_code == 201, made.text
        assert own_server.get(made.headers["location"]) == made.json()
        assert (made.json()["created_by"], made.json()["reason"]) == ("a-finance", APART["reason"])
        apart = [(["a"], ["issued", "posted"]), (["b"], ["issued"]), (["c"], ["paid"])]
        assert objects(own_server) == apart

        again = SpanData("bill.posted", 5, 30, 1, {"billing.id": "a", "erp.id": "c"})
        send(own_server, [wrong, again])
        own_server.until(INSTANCES, lambda answer: sum(len(one["milestones"]) for one in answer["items"]) == 5)
        assert [keys for keys, _ in objects(own_server)] == [["a"], ["b"], ["c"]]

        joined = {"action": "same", "key": "erp.bill:c", "other": "billing.bill:b", "reason": "that is the right bill"}
        by_hand = finance.post(CORRECTIONS, json=joined)
        assert [keys for keys, _ in objects(own_server)] == [["a"], ["b", "c"]]

        assert own_server.end() == 0
        own_server.start()
        assert [keys for keys, _ in objects(own_server)] == [["a"], ["b", "c"]]
        send(own_server, [again, SpanData("bill.paid", 6, 95, 1, {"billing.id": "b"})])
        own_server.until(INSTANCES, lambda answer: sum(len(one["milestones"]) for one in answer["items"]) == 6)
        assert [keys for keys, _ in objects(own_server)] == [["a"], ["b", "c"]]

        assert finance.delete(by_hand.headers["location"]).status_code == 204
        assert [keys for keys, _ in objects(own_server)] == [["a"], ["b"], ["c"]]
        assert finance.delete(made.headers["location"]).status_code == 204
        assert [keys for keys, _ in objects(own_server)] == [["a", "c"], ["b"]]
        assert finance.delete(made.headers["location"]).status_code == 404

    entries = own_server.get("/api/v1/audit", kind="Correction")["items"]
    assert [(entry["actor"], entry["action"]) for entry in reversed(entries)] == [
        ("a-finance", "create"), ("a-finance", "create"), ("a-finance", "delete"), ("a-finance", "delete")
    ]  # fmt: skip
    assert own_server.get("/api/v1/audit/verification")["holds"]


@pytest.fixture(scope="module")
def server(live_server: LiveServer) -> LiveServer:
    live_server.apply(MANIFESTS)
    return live_server


def post(server: LiveServer, role: str = "admin", **changes: Any) -> httpx.Response:
    with server.client(server.token(role)) as client:
        return client.post(CORRECTIONS, json=APART | changes)


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"key": "erp.bill:c"}, 422, "erp.bill:c is the same as itself"),
        ({"key": "erp.bil:c"}, 422, "workflow 'bill-to-books' has no key type 'erp.bil'; did you mean erp.bill?"),
        ({"key": "billing.contract:7"}, 422, "billing.contract only relates objects of 'bill-to-books'"),
        ({"key": "c"}, 422, "an id is TYPE:VALUE, such as invoice.number:INV-1, but here it is 'c'"),
        ({"reason": " "}, 422, "say why"),
        ({"action": "merge"}, 422, "'same' or 'apart'"),
        ({"note": "x"}, 422, "note"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(
    server: LiveServer, changes: dict[str, str], status: int, said: str
) -> None:
    answer = post(server, **changes)
    assert answer.status_code == status
    assert said in answer.json()["detail"]


def test_a_pair_is_said_once_and_lists_go_on_by_pages(server: LiveServer) -> None:
    ids = [post(server, key=f"billing.bill:page-{number}", other="erp.bill:page").json()["id"] for number in range(3)]
    assert post(server, key="billing.bill:page-1", other="erp.bill:page").status_code == 409
    opposite = post(server, key="billing.bill:page-1", other="erp.bill:page", action="same")
    assert (opposite.status_code, opposite.headers["content-type"]) == (409, "application/problem+json")
    assert "are said to stand apart; take that back first" in opposite.json()["detail"]
    first = server.get(CORRECTIONS, limit=2)
    second = server.get(CORRECTIONS, limit=2, cursor=first["next_cursor"])
    assert [one["id"] for one in (*first["items"], *second["items"])] == ids
    assert second["next_cursor"] is None


def test_what_others_join_all_the_same_is_told_with_the_way(server: LiveServer) -> None:
    one, two = "billing.bill:way-a", "erp.bill:way-c"
    send(
        server,
        [
            SpanData("bill.issued", 81, 1, 1, {"billing.id": "way-a", "erp.id": "way-b"}),
            SpanData("bill.paid", 82, 2, 1, {"billing.id": "way-d", "erp.id": "way-b"}),
            SpanData("bill.posted", 83, 3, 1, {"billing.id": "way-d", "erp.id": "way-c"}),
        ],
    )
    server.until(INSTANCES, lambda answer: [len(item["keys"]) for item in answer["items"]] == [4], key=one)
    said = correct(server, "apart", "bill-to-books", one, two, "--reason", "two bills")
    assert (said.returncode, said.stderr.count("\n")) == (0, 1)
    way = [one, "erp.bill:way-b", "billing.bill:way-d", two]
    assert " - ".join(way) in said.stderr
    made = server.get(f"{CORRECTIONS}/{said.stdout.strip()}")
    assert made["joined_by"] == way
    (item,) = server.get(INSTANCES, key=one)["items"]
    with server.client() as client:
        page = client.get(f"/workflows/bill-to-books/instances/{item['id']}", headers={"accept": "text/html"}).text
    assert "but other events make them one bill all the same" in page
    assert post(server, key="billing.bill:way-d", other=two).json()["joined_by"] is None
    assert server.get(f"{CORRECTIONS}/{made['id']}")["joined_by"] is None


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("ci", 403), ("collector", 403), ("operator", 201)])
def test_only_some_roles_may_put_right(server: LiveServer, role: str, status: int) -> None:
    answer = post(server, role, key=f"billing.bill:{role}", other=f"erp.bill:{role}")
    assert answer.status_code == status
    if status == 201:
        with server.client(server.token("viewer")) as viewer:
            assert viewer.get(answer.headers["location"]).status_code == 200
            assert viewer.delete(answer.headers["location"]).status_code == 403
        with server.client() as admin:
            assert admin.delete(answer.headers["location"]).status_code == 204
            gone = admin.get(answer.headers["location"])
    assert status == 403 or gone.status_code == 404


def test_a_workflow_that_is_not_there_is_named(server: LiveServer) -> None:
    with server.client() as client:
        for answer in (
            client.get("/api/v1/workflows/bill-to-book/corrections"),
            client.post("/api/v1/workflows/bill-to-book/corrections", json=APART),
        ):
            assert answer.status_code == 404
            assert "did you mean bill-to-books?" in answer.json()["detail"]


def correct(server: LiveServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    reach = ["--server", server.url, "--token", TOKEN]
    command = [sys.executable, "-m", "controlplane", "correct", *arguments, *reach]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_command_line_puts_right_and_takes_back(server: LiveServer) -> None:
    said = correct(server, "same", "bill-to-books", "billing.bill:cli", "erp.bill:cli", "--reason", "by hand")
    assert said.returncode == 0, said.stderr
    ident = said.stdout.strip()
    listed = correct(server, "list", "bill-to-books").stdout.splitlines()
    assert any(line.startswith(f"{ident}  same   billing.bill:cli  erp.bill:cli  (bootstrap, ") for line in listed)
    again = correct(server, "apart", "bill-to-books", "billing.bill:cli", "erp.bill:cli", "--reason", "by hand")
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "are said to be the same; take that back first" in again.stderr
    assert correct(server, "take-back", "bill-to-books", ident).returncode == 0
    assert ident not in correct(server, "list", "bill-to-books").stdout
