"""Webhooks, incidents and the end of versions from the command line."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from controlplane.settings import Settings, load
from controlplane.state import utc_now
from policies.lifecycle import keeping
from policies.lifecycle.incidents import Seen
from registry.database import Database
from tests.controlplane.cli.conftest import Run

HEAD = "---\napiVersion: controlplane/v1\n"
CATALOGUE = (
    f"{HEAD}kind: Team\nmetadata: {{name: sales}}\n"
    f"{HEAD}kind: System\nmetadata: {{name: hub}}\nspec: {{category: middleware}}\n"
    f"{HEAD}kind: API\nmetadata: {{name: hub-orders}}\nspec:\n"
    "  {system: hub, protocol: rest, calls: [{service: hub}], versions: [\n"
    "  {version: v0, lifecycle: retired, dates: {retired: 2026-01-01}},\n"
    "  {version: v1, lifecycle: deprecated, dates: {deprecated: 2026-01-01}, sunset: 2036-03-20},\n"
    "  {version: v2}]}\n"
)


class Receiver(BaseHTTPRequestHandler):
    """Takes every event, or none."""

    status = 204

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[str]:
    """The address of somebody who takes events."""
    listener = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listener.server_port}/"
    listener.shutdown()
    thread.join()
    listener.server_close()


@pytest.fixture
def applied(run: Run, home: Path, server: str, receiver: str) -> None:
    """A server with an API whose versions end, and a webhook that has no secret yet."""
    assert server
    hook = f"{HEAD}kind: Webhook\nmetadata: {{name: chat}}\nspec: {{url: '{receiver}'}}\n"
    (home / "all.yaml").write_text(CATALOGUE + hook)
    said = run("apply", "-f", "all.yaml")
    assert said.code == 0, said.err


@pytest.fixture
def incident(applied: None) -> str:
    now = utc_now()
    seen = Seen(
        "hub-orders", "v0", "crm-sync", now - timedelta(days=59), 1_204, now - timedelta(days=9),
        now - timedelta(hours=1), ("GET /orders/{id}",), ("ab" * 16,), ("sales",),
    )  # fmt: skip
    database = Database(load(Settings).database)
    with database.writing() as session:
        (ident,) = keeping.note(session, "hub-orders", {("v0", "")}, [seen], now, watched=True)
    database.close()
    return ident


@pytest.mark.usefixtures("applied")
def test_a_webhook_is_tried_out_and_steered(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert re.match(r"chat  \w+  http://127.0.0.1:\d+/  no secret yet", run("webhook", "list").out)
    bare = run("webhook", "test", "chat")
    assert (bare.code, bare.out.count("\n"), "it has no secret yet" in bare.out) == (1, 1, True)
    made = run("webhook", "secret", "chat", "--new")
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/=]+\n", made.out)
    taken = run("webhook", "test", "chat")
    assert (taken.code, "delivered" in taken.out, "answered 204" in taken.out) == (0, True, True)
    monkeypatch.setattr(Receiver, "status", 500)
    refused = run("webhook", "test", "chat")
    assert (refused.code, "answered 500" in refused.out) == (1, True)
    lines = run("webhook", "deliveries", "chat", "--limit", "2").out.splitlines()
    assert [("answered 500" in lines[0]), ("answered 204" in lines[1])] == [True, True]
    assert run("webhook", "pause", "chat", "--reason", "it moves").out.startswith("chat  paused")
    again = run("webhook", "pause", "chat")
    assert (again.code, again.err) == (2, "controlplane: chat is paused already\n")
    assert "chat  paused" not in run("webhook", "resume", "chat").out
    nothing = run("webhook", "skip", "chat")
    assert (nothing.code, nothing.err) == (2, "controlplane: no event waits to be taken by chat\n")


@pytest.mark.usefixtures("applied")
def test_an_incident_is_acknowledged_and_resolved(run: Run, incident: str) -> None:
    listed = run("incident", "list")
    assert listed.out.startswith(f"{incident}  open  hub-orders v0  crm-sync  1,204 calls since ")
    assert run("incident", "list", "--state", "closed").out == ""
    assert run("incident", "list", "--api", "hub-orders", "--state", "open").out == listed.out
    noted = run("incident", "acknowledge", incident, "--comment", "asked sales")
    assert noted.out.startswith(f"{incident}  acknowledged  ")
    assert noted.out.endswith(": asked sales\n")
    again = run("incident", "acknowledge", incident)
    assert (again.code, "was acknowledged by bootstrap already" in again.err) == (2, True)
    assert "Missing option '--reason'" in run("incident", "resolve", incident).err
    done = run("incident", "resolve", incident, "--reason", "deployed 2.4")
    assert (done.code, f"{incident}  resolved  " in done.out) == (0, True)


@pytest.mark.usefixtures("applied")
def test_what_ends_is_listed_and_told_to_nobody_who_is_not_there(run: Run) -> None:
    listed = run("lifecycle", "list").out.splitlines()
    assert listed[1:] == ["hub-orders v1  deprecated, sunset 2036-03-20", "hub-orders v0  retired"]
    told = run("lifecycle", "notify", "hub-orders", "v1")
    assert told.code == 2
    assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["webhook", "test", "chta"], "there is no webhook 'chta'; did you mean chat?"),
        (["webhook", "deliveries", "none"], "there is no webhook 'none'"),
        (["webhook", "pause", "none"], "there is no webhook 'none'"),
        (["webhook", "list", "--state", "x"], "No such option"),
        (["webhook", "delivery", "chat"], "No such command 'delivery'"),
        (["incident", "acknowledge", "none"], "there is no incident 'none'"),
        (["incident", "list", "--state", "odd"], "'open', 'acknowledged', 'resolved' or 'closed'"),
        (["lifecycle", "notify", "hub-orders", "v9"], "v9"),
        (["lifecycle", "notify", "hub-order", "v1"], "did you mean hub-orders?"),
        (["lifecycle", "notify", "hub-orders"], "Missing argument 'version'"),
    ],
)
@pytest.mark.usefixtures("applied")
def test_what_can_not_be_done_is_one_line_and_exit_code_2(run: Run, arguments: list[str], words: str) -> None:
    said = run(*arguments)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1), said
    assert words in said.err, said.err


#: A command of each kind that asks a server, with all that it needs.
ASKING = (
    ["webhook", "list"], ["webhook", "test", "chat"], ["webhook", "deliveries", "chat"], ["webhook", "pause", "chat"],
    ["webhook", "secret", "chat", "--new"], ["incident", "list"], ["incident", "acknowledge", "x"],
    ["incident", "resolve", "x", "--reason", "y"], ["lifecycle", "list"], ["lifecycle", "notify", "hub-orders", "v1"],
    ["review", "list"], ["waiver", "list"], ["workflows"], ["retention"], ["findings"], ["impact", "System:hub"],
    ["deployment", "list"], ["export"], ["apply", "-f", "all.yaml"], ["correct", "list", "x"],
)  # fmt: skip


@pytest.mark.parametrize("arguments", ASKING, ids=" ".join)
def test_a_server_that_is_away_is_said_in_one_line(run: Run, home: Path, arguments: list[str]) -> None:
    (home / "all.yaml").write_text(CATALOGUE)
    said = run(*arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err == "controlplane: no server answers at http://127.0.0.1:9; start one, or set CONTROLPLANE_SERVER\n"


@pytest.mark.usefixtures("applied")
def test_a_wrong_token_is_said_in_one_line(run: Run, server: str) -> None:
    for arguments in ASKING:
        said = run(*arguments, "--token", "wrong")
        assert (said.code, said.out, said.err.count("\n")) == (2, "", 1), (arguments, said)
        assert said.err.startswith(f"controlplane: {server} does not know who you are: set CONTROLPLANE_TOKEN"), (
            said.err
        )


@pytest.mark.parametrize(
    "arguments", [["webhook", "list"], ["webhook", "deliveries", "chat"], ["incident", "list"], ["lifecycle", "list"]]
)
def test_programs_get_what_rest_answers_as_json(run: Run, incident: str, arguments: list[str]) -> None:
    said = run(*arguments, "--output", "json")
    assert said.code == 0, said.err
    found = [json.loads(line) for line in said.out.splitlines()]
    if arguments == ["incident", "list"]:
        assert [(one["id"], one["calls"]) for one in found] == [(incident, 1_204)]
    if arguments == ["webhook", "list"]:
        assert [(one["name"], one["secret"]) for one in found] == [("chat", "missing")]
    if arguments == ["lifecycle", "list"]:
        assert [(one["api"], one["version"]) for one in found] == [("hub-orders", "v1"), ("hub-orders", "v0")]
