"""A workflow that changes while people ask over the wire: each answer is wholly of the old or wholly of the new definition."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import httpx
import pytest

from tests.collectors.spans import SpanData, body
from tests.serving import LiveServer

NUMBER, LIMIT = 200, 80
BASE = "/api/v1/workflows/changing-order"
MANIFEST = """
apiVersion: controlplane/v1
kind: Workflow
metadata: {{name: changing-order, title: Orders}}
spec:
  object: order
  keys: [{{type: changing.order, attribute: changing.order}}]
  dimensions: {{{dimension}: changing.{dimension}}}
  amount: {{value: changing.{amount}, currency: currency}}
  steps:
    - {{name: {first}, system: shop, match: {{span: changing.placed}}}}
    - {{name: {last}, system: shop, match: {{span: changing.paid}}}}
  completes: [{completes}]
"""
GRAPHQL = """query ($id: ID!) {
  instances(workflow: "changing-order", limit: 80) {
    items { definition state amount { value } dimensions { name } milestones { step } history { step } } }
  flow(workflow: "changing-order") { total steps { step reached } stops { step state amounts { value } } }
  instance(workflow: "changing-order", id: $id) {
    definition state amount { value } dimensions { name } milestones { step } history { step } }
}"""


@dataclass(frozen=True)
class Way:
    """A version of the workflow, and all by which its answers are told from the other's."""

    first: str
    last: str
    dimension: str
    amount: str
    completes: bool

    @property
    def manifest(self) -> str:
        said = {"first": self.first, "last": self.last, "dimension": self.dimension}
        return MANIFEST.format(
            **said, amount="gross" if self.amount == "120.00" else "net", completes=self.last if self.completes else ""
        )

    @property
    def state(self) -> str:
        return "completed" if self.completes else "running"


OLD = Way("placed", "paid", "region", "100.00", completes=True)
NEW = Way("ordered", "settled", "area", "120.00", completes=False)


def spans() -> list[SpanData]:
    about = {"changing.region": "EU", "changing.area": "west", "changing.net": "100.00", "changing.gross": "120.00"}
    return [
        SpanData(f"changing.{step}", 81_000 + 2 * number + place, number, place, about | {"currency": "EUR", **order})
        for number in range(NUMBER)
        for order in ({"changing.order": f"o-{number}"},)
        for place, step in enumerate(("placed", "paid"))
    ]


@dataclass
class Asker:
    """Somebody who asks all questions in turn; ``seen`` are the ways by which they were answered."""

    client: httpx.Client
    ident: str
    cursor: str
    old: str
    seen: list[Way] = field(default_factory=list)
    refused: int = 0

    def ask(self) -> None:
        for question in (self.list, self.timeline, self.flow, self.export, self.events, self.graphql, self.page):
            self.seen.append(question())

    def get(self, path: str, **given: Any) -> httpx.Response:
        answer = self.client.get(f"{BASE}{path}", params=given)
        assert answer.status_code == 200, answer.text
        return answer

    def list(self) -> Way:
        items = self.get("/instances", limit=LIMIT).json()["items"]
        assert len(items) == LIMIT
        return self.one_of(*(self.told(one) for one in items))

    def timeline(self) -> Way:
        way = self.told(self.get(f"/instances/{self.ident}").json())
        history = self.get(f"/instances/{self.ident}/history").json()
        by = self.way_of(history["definition"])
        assert [turn["step"] for turn in history["turns"]] == [by.first, by.last][: 1 + by.completes]
        assert {one["step"] for one in history["milestones"]} == {by.first, by.last}
        return way

    def flow(self) -> Way:
        return self.by_flow(self.get("/flow").json())

    def by_flow(self, flow: dict[str, Any]) -> Way:
        (stop,) = flow["stops"]
        way = self.named(first=flow["steps"][0]["step"])
        assert flow["total"] == NUMBER
        assert [(one["step"], one["reached"]) for one in flow["steps"]] == [(way.first, NUMBER), (way.last, NUMBER)]
        assert (stop["step"], stop["state"]) == (way.last, way.state)
        assert [float(one["value"]) for one in stop["amounts"]] == [float(way.amount) * NUMBER]
        return way

    def export(self) -> Way:
        rows = list(csv.DictReader(io.StringIO(self.get("/instances.csv").text, newline="")))
        assert len(rows) == NUMBER
        ways = []
        for row in rows:
            way = self.named(first=next(name for name in row if name.startswith("reached.")).removeprefix("reached."))
            assert all(
                row[name] for name in (f"reached.{way.first}", f"reached.{way.last}", f"dimension.{way.dimension}")
            )
            assert (row["latest_step"], row["state"], row["amount"]) == (way.last, way.state, way.amount)
            ways.append(way)
        return self.one_of(*ways)

    def events(self) -> Way:
        log = self.get("/ocel.json").json()
        way = self.named(first=log["eventTypes"][0]["name"])
        assert len(log["events"]) == 2 * NUMBER
        assert {one["type"] for one in log["events"]} == {way.first, way.last}
        orders = [one for one in log["objects"] if one["type"] == "order"]
        said = {(one["name"], one["value"]) for order in orders for one in order["attributes"]}
        assert len(orders) == NUMBER
        assert {name for name, _ in said if name.startswith("dimension.")} == {f"dimension.{way.dimension}"}
        assert {value for name, value in said if name in ("amount", "latest-state")} == {way.amount, way.state}
        return way

    def graphql(self) -> Way:
        answer = self.client.post("/graphql", json={"query": GRAPHQL, "variables": {"id": self.ident}}).json()
        assert "errors" not in answer, answer
        found = answer["data"]
        return self.one_of(
            *(self.told(one) for one in (*found["instances"]["items"], found["instance"])), self.by_flow(found["flow"])
        )

    def page(self) -> Way:
        """The second page of a list that the old definition began."""
        answer = self.client.get(f"{BASE}/instances", params={"limit": LIMIT, "cursor": self.cursor})
        if answer.status_code == 200:
            way = self.one_of(*(self.told(one) for one in answer.json()["items"]))
            assert way == OLD
            return way
        assert answer.status_code == 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert "the workflow has changed since this cursor was given" in answer.json()["detail"]
        self.refused += 1
        return NEW

    def told(self, one: dict[str, Any]) -> Way:
        """By which definition a timeline says that it was read; nothing in it may be of the other."""
        way = self.way_of(one["definition"])
        assert [milestone["step"] for milestone in one["milestones"]] == [way.first, way.last]
        assert (one["state"], one["amount"]["value"]) == (way.state, way.amount)
        names = (
            one["dimensions"] if isinstance(one["dimensions"], dict) else [pair["name"] for pair in one["dimensions"]]
        )
        assert list(names) == [way.dimension]
        if "history" in one:
            assert [turn["step"] for turn in one["history"]] == [way.first, way.last][: 1 + way.completes]
        return way

    def way_of(self, definition: str) -> Way:
        return OLD if definition == self.old else NEW

    @staticmethod
    def named(first: str) -> Way:
        return {OLD.first: OLD, NEW.first: NEW}[first]

    @staticmethod
    def one_of(*ways: Way) -> Way:
        (way,) = set(ways)
        return way


def standing(server: LiveServer) -> tuple[str | None, bool]:
    """The definition that answers, and whether another is on its way."""
    (found,) = [one for one in server.get("/api/v1/workflows")["items"] if one["name"] == "changing-order"]
    return found["definition"], found["building"] is not None


def read_by(server: LiveServer, way: Way) -> str:
    """Apply a version and wait until it answers; its id."""
    before = standing(server)[0]
    server.apply(way.manifest)
    deadline = time.monotonic() + server.patience
    while (found := standing(server)) == (before, found[1]) or found[1]:
        assert time.monotonic() < deadline, server.log
        time.sleep(0.01)
    assert found[0]
    return found[0]


@contextmanager
def asking(askers: list[Asker]) -> Iterator[None]:
    """All of them ask again and again; what one of them saw amiss is raised at the end."""
    enough = Event()

    def go_on(asker: Asker) -> None:
        while not enough.is_set():
            asker.ask()

    with ThreadPoolExecutor(len(askers)) as pool:
        running = [pool.submit(go_on, asker) for asker in askers]
        try:
            yield
        finally:
            enough.set()
        for one in running:
            one.result()


@pytest.fixture
def server(live_server: LiveServer) -> LiveServer:
    live_server.apply(OLD.manifest)
    headers = {"content-type": "application/x-protobuf"}
    with live_server.client() as client:
        answer = client.post(f"{live_server.otlp_http}/v1/traces", content=body(spans()), headers=headers)
    assert answer.status_code == 200
    live_server.until(f"{BASE}/flow", lambda flow: [one["reached"] for one in flow["steps"]] == [NUMBER, NUMBER])
    return live_server


def turned(seen: list[Way]) -> list[Way]:
    """Each way once for each time that answers went over to it."""
    return [way for place, way in enumerate(seen) if place == 0 or seen[place - 1] != way]


def test_every_answer_is_of_one_definition_while_it_changes(server: LiveServer) -> None:
    old = standing(server)[0]
    assert old is not None
    page = server.get(f"{BASE}/instances", limit=LIMIT)
    with ExitStack() as stack:
        clients = [stack.enter_context(server.client()) for _ in range(2)]
        askers = [Asker(client, page["items"][0]["id"], page["next_cursor"], old) for client in clients]
        with asking(askers):
            assert read_by(server, NEW) != old
        for asker in askers:
            assert asker.refused or set(asker.seen) == {OLD}
            asker.ask()
            assert turned(asker.seen) == [OLD, NEW], "nobody goes back, and in the end all have gone over"
            asker.seen.clear()
        # The one before is still whole, so that it answers again at once, and so do its cursors.
        with asking(askers):
            assert read_by(server, OLD) == old
        for asker in askers:
            asker.ask()
            assert turned(asker.seen)[-1] == OLD
            assert len(turned(asker.seen)) <= 2
